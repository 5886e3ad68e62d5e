import { DELIVERY_CHANNELS, type DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Handle } from '@upheld/db/database.ts';
import { and, count, desc, eq, inArray, isNotNull, isNull } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { UNDELIVERED, type DeliveryState } from '../outbox/list-outbox.ts';

/** What is known of one way in which messages leave, from what became of them. */
export interface ChannelHealth {
  channel: DeliveryChannel;
  configured: boolean;
  /** When a message was last taken by the other side; null: never. */
  lastSentAt: Instant | null;
  /** When one was last given up or became too late. */
  lastFailedAt: Instant | null;
  /** Why: a closed word, then the other side's own. */
  lastFailure: string | null;
  /** Messages that are still to be sent. */
  waiting: number;
}

/** How each channel does, in their order. */
export async function readChannels(ctx: Context): Promise<ChannelHealth[]> {
  const h = ctx.db.read;
  const { outbox } = h.t;
  const { channels, onCall } = ctx.config();
  const waiting = await h.q
    .select({ channel: outbox.channel, number: count() })
    .from(outbox)
    .where(isNull(outbox.settledAt))
    .groupBy(outbox.channel);
  const hooks = onCall?.people.some(({ webhook }) => webhook !== undefined) ?? false;
  const configured = { email: !!channels.email, sms: !!channels.sms, webhook: hooks };
  const health: ChannelHealth[] = [];
  for (const channel of DELIVERY_CHANNELS) {
    const [sent, failed] = await Promise.all([
      lastSettled(h, channel, ['sent']),
      lastSettled(h, channel, UNDELIVERED),
    ]);
    health.push({
      channel,
      configured: configured[channel],
      lastSentAt: sent?.at ?? null,
      lastFailedAt: failed?.at ?? null,
      lastFailure: failed?.reason ?? null,
      waiting: waiting.find((row) => row.channel === channel)?.number ?? 0,
    });
  }
  return health;
}

/** The message of a channel that came last to one of these ends. */
async function lastSettled(
  { q, t: { outbox } }: Handle,
  channel: DeliveryChannel,
  states: readonly DeliveryState[],
): Promise<{ at: Instant | null; reason: string | null } | undefined> {
  const [row] = await q
    .select({ at: outbox.settledAt, reason: outbox.reason })
    .from(outbox)
    .where(
      and(
        eq(outbox.channel, channel),
        inArray(outbox.state, [...states]),
        isNotNull(outbox.settledAt),
      ),
    )
    .orderBy(desc(outbox.settledAt), desc(outbox.id))
    .limit(1);
  return row;
}
