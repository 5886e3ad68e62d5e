import type { Handle } from '@upheld/db/database.ts';
import { afterSend, backoff, reasonText } from '@upheld/domain/notify/retry.ts';
import type { Reconciled, SendResult } from '@upheld/domain/notify/send.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { transactUntilWon } from '../race.ts';
import { instanceSecret } from '../secret.ts';
import { unsubscribeById } from '../subscriber/unsubscribe.ts';
import { inDoubtSince } from './claim.ts';
import { FREE, setOutbox, type OutboxRow } from './row.ts';

/** What a message is after a send: null when another worker had taken it meanwhile. */
export type Settled = OutboxRow['state'] | null;

/**
 * Writes what became of a send. Whoever lost the row meanwhile writes nothing, except that a message
 * known to have gone out is no longer in doubt. A number that its provider says has unsubscribed, is.
 */
export async function settleDelivery(
  ctx: Context,
  row: OutboxRow,
  result: SendResult,
  { canAsk, random }: { canAsk: boolean; random: number },
): Promise<Settled> {
  const secret = await instanceSecret(ctx.db, ctx.ids);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const after = afterSend(result, {
      attempts: row.attempts,
      inDoubt: row.doubtSince !== null,
      canAsk,
      expiresAt: row.expiresAt,
      now,
      random,
    });
    if (after.state === 'sent') return settleSent(h, row, after.receipt, now);
    const doubt = after.state === 'ambiguous' ? inDoubtSince(row, now) : {};
    const settledAt = after.state === 'dead' ? now : null;
    const changed = await setOutbox(h, row, { ...FREE, ...doubt, ...after, settledAt });
    if (!result.ok && result.reason === 'unsubscribed-there' && row.subscriberId !== null)
      await unsubscribeById(h, secret, row.subscriberId, now);
    return changed && changed.state;
  });
}

async function settleSent(
  h: Handle,
  row: OutboxRow,
  receipt: string,
  now: Instant,
): Promise<Settled> {
  const sent = { ...FREE, state: 'sent' as const, receipt, reason: null, settledAt: now };
  const changed = await setOutbox(h, row, sent);
  if (changed) return changed.state;
  // Our lease ran out, and what we did was put in doubt: it is known now, unless it was tried again.
  const { q, t } = h;
  const [inDoubt] = await q
    .select()
    .from(t.outbox)
    .where(
      and(
        eq(t.outbox.id, row.id),
        eq(t.outbox.state, 'ambiguous'),
        eq(t.outbox.attempts, row.attempts),
      ),
    );
  const late = inDoubt && (await setOutbox(h, inDoubt, sent));
  return late ? late.state : null;
}

/**
 * Writes what the provider said of a message in doubt: it is sent, or it may be sent again, or nobody
 * knows yet. Gives whether it may be sent again now.
 */
export async function settleAsked(
  ctx: Context,
  row: OutboxRow,
  found: Reconciled,
  random: number,
): Promise<boolean> {
  if (found.found === false) return true;
  await ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    if (found.found === true) await settleSent(h, row, found.receipt, now);
    else
      await setOutbox(h, row, {
        ...FREE,
        state: 'ambiguous',
        // Past its end the next claim gives it up, visibly, as of unknown outcome.
        availableAt: Math.min(now + backoff(row.attempts + 1, random), row.expiresAt),
        reason: reasonText('outcome-unknown', found.detail),
      });
  });
  return false;
}
