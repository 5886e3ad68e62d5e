import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, isNotNull, isNull, or } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { AlertAbout } from '@upheld/domain/notify/desk-messages.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { won } from '../race.ts';

export type AlertRow = Handle['t']['alerts']['$inferSelect'];

/** What an alert is about: its dedupe key says it before the colon. */
export function aboutOf({ dedupeKey }: Pick<AlertRow, 'dedupeKey'>): AlertAbout['about'] {
  return dedupeKey.startsWith('duty:') ? 'duty' : 'incident';
}

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

/** Of these alerts, the ones for which somebody has to be called: nobody is on them, and they are not over. */
export async function stillOpen({ q, t }: Handle, ids: readonly string[]): Promise<AlertRow[]> {
  const rows = await q
    .select()
    .from(t.alerts)
    .where(
      and(
        inArray(t.alerts.id, [...ids]),
        isNull(t.alerts.acknowledgedAt),
        isNull(t.alerts.closedAt),
      ),
    )
    .orderBy(asc(t.alerts.raisedAt), asc(t.alerts.id));
  const about = rows.filter(isOfIncident).map(({ subjectId }) => subjectId);
  const seen = await q
    .select({ id: t.incidents.id })
    .from(t.incidents)
    .where(
      and(
        inArray(t.incidents.id, about),
        or(isNotNull(t.incidents.acknowledgedAt), isNotNull(t.incidents.resolvedAt)),
      ),
    );
  const seenTo = new Set(seen.map(({ id }) => id));
  return rows.filter((row) => !isOfIncident(row) || !seenTo.has(row.subjectId));
}

const isOfIncident = (row: AlertRow): boolean => aboutOf(row) === 'incident';

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
