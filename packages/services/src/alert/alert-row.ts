import type { Handle } from '@upheld/db/database.ts';
import { and, eq, isNull } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { won } from '../race.ts';

export type AlertRow = Handle['t']['alerts']['$inferSelect'];

/** The alert with this id; throws DomainError('not-found'). */
export async function alertRow({ q, t }: Handle, id: string): Promise<AlertRow> {
  const [row] = await q.select().from(t.alerts).where(eq(t.alerts.id, id));
  if (!row) throw new DomainError('not-found', `there is no alert "${id}"`);
  return row;
}

/** Changes an alert unless somebody else did since it was read; see `transactUntilWon`. */
export async function setAlert(
  { q, t }: Handle,
  row: Pick<AlertRow, 'id' | 'version'>,
  values: Partial<
    Pick<AlertRow, 'step' | 'nextStepAt' | 'acknowledgedAt' | 'acknowledgedBy' | 'closedAt'>
  >,
): Promise<void> {
  won(
    await q
      .update(t.alerts)
      .set({ ...values, version: row.version + 1 })
      .where(and(eq(t.alerts.id, row.id), eq(t.alerts.version, row.version)))
      .returning({ id: t.alerts.id }),
  );
}

/** Whether nobody has to be called for it any more: somebody is on it, or what it is about is over. */
export async function isSeenTo({ q, t }: Handle, alertId: string): Promise<boolean> {
  const [row] = await q.select().from(t.alerts).where(eq(t.alerts.id, alertId));
  if (!row || row.acknowledgedAt !== null || row.closedAt !== null) return true;
  const [incident] = await q.select().from(t.incidents).where(eq(t.incidents.id, row.subjectId));
  return incident ? incident.acknowledgedAt !== null || incident.resolvedAt !== null : false;
}

/**
 * Says that somebody is on whatever this incident raised: for the transaction in which the incident itself
 * is acknowledged.
 */
export async function acknowledgeAlertsOf(
  { q, t }: Handle,
  subjectId: string,
  { by, now }: { by: string; now: Instant },
): Promise<void> {
  const open = await q
    .select()
    .from(t.alerts)
    .where(and(eq(t.alerts.subjectId, subjectId), isNull(t.alerts.acknowledgedAt)));
  for (const row of open)
    await setAlert({ q, t }, row, { acknowledgedAt: now, acknowledgedBy: by, nextStepAt: null });
}
