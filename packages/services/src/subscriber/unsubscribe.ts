import type { Handle } from '@upheld/db/database.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq } from '@upheld/db/query.ts';
import { won } from '../race.ts';
import { keyed } from '../secret.ts';
import type { SubscriberRow } from './subscriber-row.ts';

/**
 * What is kept of an address whose owner left: enough to know it again when an operator wants to add it,
 * and nothing that anybody could write to.
 */
export function leftKey(secret: string, channel: Channel, addressKey: string): string {
  return `left:${keyed(secret, 'left', `${channel}\n${addressKey}`).toString('base64url')}`;
}

/**
 * Ends a subscription and forgets its address. The row stays, because messages that were sent point at
 * it. Call within `transactUntilWon`.
 */
export async function unsubscribeRow(
  { q, t }: Handle,
  secret: string,
  row: SubscriberRow,
  now: Instant,
): Promise<void> {
  won(
    await q
      .update(t.subscribers)
      .set({
        state: 'unsubscribed',
        address: '',
        addressKey: leftKey(secret, row.channel, row.addressKey),
        componentIds: null,
        reminders: null,
        challengeNonce: null,
        challengeExpiresAt: null,
        unsubscribedAt: now,
        version: row.version + 1,
      })
      .where(and(eq(t.subscribers.id, row.id), eq(t.subscribers.version, row.version)))
      .returning({ id: t.subscribers.id }),
  );
}

/** The same by id; nothing where it was ended before. Call within `transactUntilWon`. */
export async function unsubscribeById(
  h: Handle,
  secret: string,
  subscriberId: string,
  now: Instant,
): Promise<void> {
  const [subscriber] = await h.q
    .select()
    .from(h.t.subscribers)
    .where(eq(h.t.subscribers.id, subscriberId));
  if (subscriber && subscriber.state !== 'unsubscribed')
    await unsubscribeRow(h, secret, subscriber, now);
}
