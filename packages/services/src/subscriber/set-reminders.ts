import { DomainError } from '@upheld/domain/errors.ts';
import { REMINDERS, remindersWanted, type Reminder } from '@upheld/domain/notify/reminders.ts';
import { and, eq } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { viewOf, type SubscriberView } from './subscribers.ts';

const input = z.strictObject({
  subscriberId: idInput,
  reminders: z.array(z.enum(REMINDERS)).max(REMINDERS.length).nullable(),
});

export interface SetReminders {
  subscriberId: string;
  /** Empty: none; null: those of the channel's default. */
  reminders: readonly Reminder[] | null;
}

/** Chooses which reminders of maintenance a subscriber gets; throws DomainError('not-found'). */
export async function setReminders(
  ctx: Context,
  actor: Actor,
  given: SetReminders,
): Promise<SubscriberView> {
  const { subscriberId, reminders } = parseInput(input, given);
  return transactUntilWon(ctx.db, async (h) => {
    const { subscribers } = h.t;
    const [row] = await h.q.select().from(subscribers).where(eq(subscribers.id, subscriberId));
    if (!row || row.state === 'unsubscribed')
      throw new DomainError('not-found', `nobody subscribed under the id "${subscriberId}"`);
    const changed = await h.q
      .update(subscribers)
      .set({ reminders, version: row.version + 1 })
      .where(and(eq(subscribers.id, row.id), eq(subscribers.version, row.version)))
      .returning();
    won(changed);
    await recordAudit(h, ctx, actor, {
      action: 'subscriber.reminders',
      subject: row.id,
      before: { reminders: remindersWanted(row) },
      after: { reminders: remindersWanted({ ...row, reminders }) },
    });
    return viewOf({ ...row, reminders });
  });
}
