import { afterReport, type SmsReport } from '@upheld/domain/notify/sms-status.ts';
import { eq } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { transactUntilWon, won } from '../race.ts';
import { instanceSecret } from '../secret.ts';
import { unsubscribeById } from '../subscriber/unsubscribe.ts';
import { FREE, setOutbox } from './row.ts';

/** Twilio's code for a number whose owner answered STOP. */
const STOPPED = '21610';

/**
 * Writes what the provider reports of a text message on its outbox row. Gives whether it was news: reports
 * come twice, out of order, and of messages that are forgotten. Whoever calls has checked who sent it.
 */
export async function takeSmsReport(
  ctx: Context,
  outboxId: string,
  report: SmsReport,
): Promise<boolean> {
  const secret = await instanceSecret(ctx.db, ctx.ids);
  const news = await transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const [row] = await h.q.select().from(h.t.outbox).where(eq(h.t.outbox.id, outboxId));
    if (row?.channel !== 'sms') return null;
    if (report.errorCode === STOPPED && row.subscriberId !== null)
      await unsubscribeById(h, secret, row.subscriberId, now);
    const after = afterReport(row, report);
    if (!after) return null;
    const changed = await setOutbox(h, row, {
      ...FREE,
      ...after,
      settledAt: row.settledAt ?? now,
    });
    won(changed ? [changed] : []);
    return after;
  });
  if (news?.state === 'dead')
    ctx.log.warn({ outboxId, reason: news.reason }, 'a text message did not arrive');
  return news !== null;
}
