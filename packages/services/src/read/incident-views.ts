import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import { and, asc, inArray, isNotNull } from '@upheld/db/query.ts';
import type { IncidentView } from './page-view.ts';

type IncidentRow = Tables['incidents']['$inferSelect'];

/** Incidents with their components, messages and cause, in the order given: three queries for any number. */
export async function incidentViews(
  { q, t }: Handle,
  rows: readonly IncidentRow[],
): Promise<IncidentView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const components = Map.groupBy(
    await q
      .select()
      .from(t.incidentComponents)
      .where(inArray(t.incidentComponents.incidentId, ids)),
    (row) => row.incidentId,
  );
  const updates = Map.groupBy(
    await q
      .select()
      .from(t.incidentUpdates)
      .where(inArray(t.incidentUpdates.incidentId, ids))
      .orderBy(asc(t.incidentUpdates.recordedAt), asc(t.incidentUpdates.id)),
    (row) => row.incidentId,
  );
  const causes = await q
    .select({ incidentId: t.incidentChanges.incidentId, cause: t.incidentChanges.cause })
    .from(t.incidentChanges)
    .where(and(inArray(t.incidentChanges.incidentId, ids), isNotNull(t.incidentChanges.cause)))
    .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
  const lastCause = new Map<string, Cause | null>(causes.map((row) => [row.incidentId, row.cause]));

  return rows.map((row) => ({
    type: 'incident',
    id: row.id,
    title: { nl: row.titleNl, en: row.titleEn },
    status: row.status,
    impact: row.impact,
    startedAt: row.startedAt,
    noticedAt: row.noticedAt,
    resolvedAt: row.resolvedAt,
    updatedAt: row.updatedAt,
    componentIds: (components.get(row.id) ?? []).map(({ componentId }) => componentId).sort(),
    cause: lastCause.get(row.id) ?? null,
    updates: (updates.get(row.id) ?? [])
      .map((update) => ({
        id: update.id,
        status: update.status,
        body: { nl: update.bodyNl, en: update.bodyEn },
        at: update.recordedAt,
      }))
      .reverse(),
  }));
}
