import type { Notifier, SendResult } from '@upheld/domain/notify/send.ts';
import type { Context } from '@upheld/services/context.ts';
import type { OutboxRow } from '@upheld/services/outbox/row.ts';
import { prepareDelivery } from '@upheld/services/outbox/prepare.ts';
import { settleAsked, settleDelivery } from '@upheld/services/outbox/settle.ts';

/** What happens to a message, in this order. */
export type Step = 'claimed' | 'marked' | 'sent' | 'settled';

interface Delivering {
  /** Undefined where the channel is not configured any more. */
  notifier: Notifier | undefined;
  signal: AbortSignal;
  random: () => number;
  onStep: (step: Step, rowId: string) => void;
}

/** A channel that was taken out of the configuration may come back while the message is worth sending. */
const CHANNEL_OFF: SendResult = {
  ok: false,
  retry: 'later',
  reason: 'channel-off',
  detail: 'the channel is not configured',
};

/** Does with one claimed message what is to be done with it, and writes what became of it. */
export async function deliver(
  ctx: Context,
  claimed: OutboxRow,
  { notifier, signal, random, onStep }: Delivering,
): Promise<void> {
  onStep('claimed', claimed.id);
  const canAsk = notifier?.reconcile !== undefined;
  let prepared = await prepareDelivery(ctx, claimed, { canAsk });
  if (prepared.act === 'ask') {
    const { row, outgoing, since } = prepared;
    const found = (await notifier?.reconcile?.(outgoing, since, signal)) ?? { found: false };
    if (!(await settleAsked(ctx, row, found, random()))) return;
    prepared = await prepareDelivery(ctx, row, { canAsk, asked: true });
  }
  if (prepared.act !== 'send') return;
  const { row, outgoing } = prepared;
  onStep('marked', row.id);
  const result = (await notifier?.send(outgoing, signal)) ?? CHANNEL_OFF;
  onStep('sent', row.id);
  await settle(ctx, row, result, { canAsk, random: random() });
  onStep('settled', row.id);
}

const MOST_SETTLE_TRIES = 20;
const SETTLE_AGAIN_MS = 5000;

/** What is known now cannot be found out again, so a database that is away for a while is waited for. */
async function settle(
  ctx: Context,
  row: OutboxRow,
  result: SendResult,
  how: { canAsk: boolean; random: number },
): Promise<void> {
  const fields = { outboxId: row.id, channel: row.channel, attempts: row.attempts };
  for (let tries = 1; ; tries += 1) {
    try {
      const state = await settleDelivery(ctx, row, result, how);
      if (state === 'dead' && !result.ok)
        ctx.log.error(
          { ...fields, reason: result.reason, detail: result.detail },
          'a message is given up',
        );
      else if (state === null) ctx.log.warn(fields, 'another worker has taken a message meanwhile');
      else if (!result.ok)
        ctx.log.warn(
          { ...fields, reason: result.reason, detail: result.detail },
          'a message did not go out',
        );
      return;
    } catch (error) {
      if (tries === MOST_SETTLE_TRIES) throw error;
      ctx.log.error(
        { ...fields, error },
        'what became of a message could not be written; trying again',
      );
      await ctx.clock.sleep(SETTLE_AGAIN_MS);
    }
  }
}
