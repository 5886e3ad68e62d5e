import { and, eq, inArray, isNotNull, lt } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';

/** As long as a link to confirm is good. */
const KEPT_MS = 7 * 24 * 3_600_000;
const AT_ONCE = 500;

/**
 * Deletes whoever was asked and never said yes, with the messages that asked: without a yes there is no
 * ground to keep an address. Gives how many those were.
 */
export function forgetUnconfirmed(ctx: Context): Promise<number> {
  const now = ctx.clock.now();
  return ctx.db.transact(async ({ q, t }) => {
    const { subscribers, outbox, notifications } = t;
    const rows = await q
      .select({ id: subscribers.id })
      .from(subscribers)
      .where(
        and(
          eq(subscribers.state, 'pending'),
          isNotNull(subscribers.challengeSentAt),
          lt(subscribers.challengeSentAt, now - KEPT_MS),
        ),
      )
      .limit(AT_ONCE);
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await q.delete(outbox).where(inArray(outbox.subscriberId, ids)).returning({ id: outbox.id });
    await q
      .delete(notifications)
      .where(inArray(notifications.subjectId, ids))
      .returning({ id: notifications.id });
    await q
      .delete(subscribers)
      .where(inArray(subscribers.id, ids))
      .returning({ id: subscribers.id });
    return ids.length;
  });
}
