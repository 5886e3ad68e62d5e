import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import { and, eq, gt, notInArray } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { worthSendingUntil } from './enqueue.ts';
import { readOutbox, UNDELIVERED, type OutboxView } from './list-outbox.ts';
import { FREE, setOutbox, type OutboxRow } from './row.ts';

const input = z.strictObject({ id: idInput });

/**
 * Puts a message that was given up back among those to be sent, now. Throws DomainError: 'not-found';
 * 'conflict' where it is not given up, is of no use any more, or newer news went to the same person.
 */
export async function retryOutbox(
  ctx: Context,
  actor: Actor,
  given: { id: string },
): Promise<OutboxView> {
  const { id } = parseInput(input, given);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const [found] = await h.q
      .select({
        row: h.t.outbox,
        content: h.t.notifications.content,
        person: h.t.subscribers.state,
      })
      .from(h.t.outbox)
      .innerJoin(h.t.notifications, eq(h.t.notifications.id, h.t.outbox.notificationId))
      .leftJoin(h.t.subscribers, eq(h.t.subscribers.id, h.t.outbox.subscriberId))
      .where(eq(h.t.outbox.id, id));
    if (!found) throw new DomainError('not-found', `there is no message "${id}"`);
    const { row, content, person } = found;
    const refusal = refusalOf(row, content, person) ?? (await refusalOfNewer(h, row));
    if (refusal !== null) throw new DomainError('conflict', refusal);
    const expiresAt = worthSendingUntil(content, now);
    if (expiresAt <= now)
      throw new DomainError('conflict', 'it is too late: what it says is no news any more');
    const changed = await setOutbox(h, row, {
      ...FREE,
      state: 'pending',
      availableAt: now,
      expiresAt,
      settledAt: null,
    });
    won(changed ? [changed] : []);
    const { state, reason } = row;
    await recordAudit(h, ctx, actor, {
      action: 'outbox.retry',
      subject: id,
      before: { state, reason },
      after: { state: 'pending' },
    });
    const view = await readOutbox(h, id, ctx.config().language);
    if (!view) throw new Error(`the outbox row ${id} has gone`);
    return view;
  });
}

function refusalOf(
  row: OutboxRow,
  content: NotificationContent,
  person: string | null,
): string | null {
  if (!UNDELIVERED.some((state) => state === row.state))
    return `it is not given up: it is ${row.state}`;
  if (row.subscriberId !== null && person !== 'confirmed' && content.kind !== 'challenge')
    return 'whom it was for is not subscribed any more, or their address does not work';
  return null;
}

/** Nobody wants "investigating" after they could read "resolved". */
async function refusalOfNewer({ q, t }: Handle, row: OutboxRow): Promise<string | null> {
  const newer = await q
    .select({ id: t.outbox.id })
    .from(t.outbox)
    .where(
      and(
        eq(t.outbox.lane, row.lane),
        gt(t.outbox.id, row.id),
        notInArray(t.outbox.state, [...UNDELIVERED, 'suppressed']),
      ),
    )
    .limit(1);
  return newer.length > 0 ? 'newer news of the same thing went to the same person' : null;
}
