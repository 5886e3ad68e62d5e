import { asc, desc, isNull } from 'drizzle-orm';
import type { Context } from '../context.ts';

/** One thing that has to go well, and what was found. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail: string;
}

/** A worker writes its beat every few seconds; older than this it does not measure. */
const OLDEST_BEAT_MS = 60_000;
/** A message that could have gone out this long ago is stuck; a retry has a later moment of its own. */
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Whether the product does its work, as the database tells: it answers and takes writes, some
 * process measures, and messages go out. Never throws; what cannot be judged is not ready.
 */
export async function readReadiness(
  ctx: Context,
): Promise<{ ready: boolean; checks: ReadinessCheck[] }> {
  const checks = [await checkDatabase(ctx)];
  if (checks.every((check) => check.ok))
    checks.push(await checkProbing(ctx), await checkOutbox(ctx));
  return { ready: checks.every((check) => check.ok), checks };
}

async function checkDatabase(ctx: Context): Promise<ReadinessCheck> {
  try {
    await ctx.db.ping();
    return { name: 'database', ok: true, detail: 'answers' };
  } catch (error) {
    ctx.log.error({ error }, 'the database does not answer');
    return { name: 'database', ok: false, detail: 'does not answer; the log tells more' };
  }
}

async function checkProbing(ctx: Context): Promise<ReadinessCheck> {
  const { q, t } = ctx.db.read;
  const [worker] = await q
    .select({ beatAt: t.workers.beatAt })
    .from(t.workers)
    .where(isNull(t.workers.stoppedAt))
    .orderBy(desc(t.workers.beatAt))
    .limit(1);
  if (!worker) return { name: 'probing', ok: false, detail: 'no process measures' };
  const age = ctx.clock.now() - worker.beatAt;
  const ok = age <= OLDEST_BEAT_MS;
  return { name: 'probing', ok, detail: `last sign of life ${seconds(age)} s ago` };
}

async function checkOutbox(ctx: Context): Promise<ReadinessCheck> {
  const { q, t } = ctx.db.read;
  const [oldest] = await q
    .select({ availableAt: t.outbox.availableAt })
    .from(t.outbox)
    .where(isNull(t.outbox.settledAt))
    .orderBy(asc(t.outbox.availableAt))
    .limit(1);
  const wait = oldest ? Math.max(0, ctx.clock.now() - oldest.availableAt) : 0;
  const ok = wait <= LONGEST_WAIT_MS;
  const detail = wait === 0 ? 'nothing waits' : `the oldest message waits for ${seconds(wait)} s`;
  return { name: 'outbox', ok, detail };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);
