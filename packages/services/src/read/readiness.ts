import { and, isNull, lt, min } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { readDataAsOf, STALE_AFTER_MS } from './measuring.ts';

/** A message that was due for so long stands for a delivery that does not work. */
const OUTBOX_STUCK_AFTER_MS = 10 * 60_000;

export interface ReadinessCheck {
  name: 'database' | 'measuring' | 'outbox';
  ok: boolean;
  /** What was found, in words of the operator. */
  detail: string;
}

/** Whether the product does its work: the database answers, somebody measures, messages leave. */
export async function readReadiness(
  ctx: Context,
): Promise<{ ready: boolean; checks: ReadinessCheck[] }> {
  const now = ctx.clock.now();
  const database = await databaseCheck(ctx);
  // Without a database the others would only say the same again.
  const checks = database.ok
    ? [database, await measuringCheck(ctx, now), await outboxCheck(ctx, now)]
    : [database];
  return { ready: checks.every((check) => check.ok), checks };
}

async function databaseCheck(ctx: Context): Promise<ReadinessCheck> {
  try {
    await ctx.db.ping();
    return { name: 'database', ok: true, detail: 'answers' };
  } catch (error) {
    ctx.log.error({ error }, 'the database does not answer');
    return { name: 'database', ok: false, detail: 'does not answer; see the log' };
  }
}

async function measuringCheck(ctx: Context, now: number): Promise<ReadinessCheck> {
  const dataAsOf = await readDataAsOf(ctx.db.read);
  if (dataAsOf === null) return { name: 'measuring', ok: false, detail: 'nobody has measured yet' };
  const seconds = Math.max(0, Math.round((now - dataAsOf) / 1000));
  return {
    name: 'measuring',
    ok: now - dataAsOf <= STALE_AFTER_MS,
    detail: `last sign of life ${seconds} s ago`,
  };
}

async function outboxCheck(ctx: Context, now: number): Promise<ReadinessCheck> {
  const { q, t } = ctx.db.read;
  const [row] = await q
    .select({ since: min(t.outbox.availableAt) })
    .from(t.outbox)
    .where(and(isNull(t.outbox.settledAt), lt(t.outbox.availableAt, now - OUTBOX_STUCK_AFTER_MS)));
  const since = row?.since ?? null;
  if (since === null) return { name: 'outbox', ok: true, detail: 'nothing is overdue' };
  const minutes = Math.floor((now - since) / 60_000);
  return { name: 'outbox', ok: false, detail: `a message has been due for ${minutes} min` };
}
