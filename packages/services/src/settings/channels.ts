import { DELIVERY_CHANNELS, type DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, count, desc, eq, inArray, isNull, max } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { UNDELIVERED } from '../outbox/list-outbox.ts';

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
  const { q, t } = ctx.db.read;
  const { outbox } = t;
  const { channels, onCall } = ctx.config();
  const sent = await q
    .select({ channel: outbox.channel, at: max(outbox.settledAt) })
    .from(outbox)
    .where(eq(outbox.state, 'sent'))
    .groupBy(outbox.channel);
  const waiting = await q
    .select({ channel: outbox.channel, number: count() })
    .from(outbox)
    .where(isNull(outbox.settledAt))
    .groupBy(outbox.channel);
  const failures = await Promise.all(
    DELIVERY_CHANNELS.map(async (channel) => {
      const [row] = await q
        .select({ at: outbox.settledAt, reason: outbox.reason })
        .from(outbox)
        .where(and(eq(outbox.channel, channel), inArray(outbox.state, [...UNDELIVERED])))
        .orderBy(desc(outbox.createdAt), desc(outbox.id))
        .limit(1);
      return [channel, row] as const;
    }),
  );
  const failed = new Map(failures);
  const hooks = onCall?.people.some(({ webhook }) => webhook !== undefined) ?? false;
  const configured = { email: !!channels.email, sms: !!channels.sms, webhook: hooks };
  return DELIVERY_CHANNELS.map((channel) => ({
    channel,
    configured: configured[channel],
    lastSentAt: sent.find((row) => row.channel === channel)?.at ?? null,
    lastFailedAt: failed.get(channel)?.at ?? null,
    lastFailure: failed.get(channel)?.reason ?? null,
    waiting: waiting.find((row) => row.channel === channel)?.number ?? 0,
  }));
}
