import type { Handle } from '@upheld/db/database.ts';
import { eq } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import type { CorrectedOutage } from './outage.ts';

/** The outage, and with it the work of a maintenance that it makes longer. */
export async function touchedBy(
  { q, t }: Handle,
  { startedAt, endedAt }: CorrectedOutage,
  maintenanceId: string | null,
  now: Instant,
): Promise<Interval> {
  const own = { from: startedAt, to: endedAt ?? now };
  if (maintenanceId === null) return own;
  const m = t.maintenances;
  const [row] = await q.select().from(m).where(eq(m.id, maintenanceId));
  if (!row) return own;
  return {
    from: Math.min(own.from, row.workStartedAt ?? row.windowFrom),
    to: Math.min(now, Math.max(own.to, row.workEndedAt ?? row.windowTo)),
  };
}
