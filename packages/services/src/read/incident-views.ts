import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import { and, asc, inArray, isNotNull } from '@upheld/db/query.ts';
import { holdingOfIncidents } from './corrections.ts';
import { readMerges } from './merges.ts';
import type { IncidentView } from './page-view.ts';

type IncidentRow = Tables['incidents']['$inferSelect'];
type UpdateRow = Tables['incidentUpdates']['$inferSelect'];
type PostmortemRow = Tables['postmortems']['$inferSelect'];

/** What was recorded of incidents, by the incident under which it was recorded. */
interface RecordedOf {
  components: ReadonlyMap<string, readonly string[]>;
  /** In the order in which they were posted. */
  updates: ReadonlyMap<string, readonly UpdateRow[]>;
  /** The last one given, and the how manieth of all it was. */
  causes: ReadonlyMap<string, { order: number; cause: Cause | null }>;
  postmortems: ReadonlyMap<string, PostmortemRow>;
  corrections: ReadonlyMap<string, Awaited<ReturnType<typeof holdingOfIncidents>>>;
}

/**
 * Incidents with their components, messages, cause and postmortem, in the order given: six queries for any
 * number. What was recorded of an incident that turned out to be part of one is shown with that one.
 */
export async function incidentViews(
  h: Handle,
  rows: readonly IncidentRow[],
): Promise<IncidentView[]> {
  if (rows.length === 0) return [];
  const merges = await readMerges(h);
  const parts = new Map(rows.map((row) => [row.id, merges.partsOf(row.id)]));
  const recorded = await readRecordedOf(h, [...new Set([...parts.values()].flat())]);
  return rows.map((row) => viewOf(row, parts.get(row.id) ?? [row.id], recorded));
}

async function readRecordedOf({ q, t }: Handle, ids: readonly string[]): Promise<RecordedOf> {
  const components = await q
    .select()
    .from(t.incidentComponents)
    .where(inArray(t.incidentComponents.incidentId, [...ids]));
  const updates = await q
    .select()
    .from(t.incidentUpdates)
    .where(inArray(t.incidentUpdates.incidentId, [...ids]))
    .orderBy(asc(t.incidentUpdates.recordedAt), asc(t.incidentUpdates.id));
  const causes = await q
    .select({ incidentId: t.incidentChanges.incidentId, cause: t.incidentChanges.cause })
    .from(t.incidentChanges)
    .where(and(inArray(t.incidentChanges.incidentId, [...ids]), isNotNull(t.incidentChanges.cause)))
    .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
  const postmortems = await q
    .select()
    .from(t.postmortems)
    .where(inArray(t.postmortems.incidentId, [...ids]))
    .orderBy(asc(t.postmortems.recordedAt), asc(t.postmortems.id));
  return {
    components: new Map(
      [...Map.groupBy(components, (row) => row.incidentId)].map(([id, list]) => [
        id,
        list.map((row) => row.componentId),
      ]),
    ),
    updates: Map.groupBy(updates, (row) => row.incidentId),
    causes: new Map(causes.map((row, order) => [row.incidentId, { order, cause: row.cause }])),
    postmortems: new Map(postmortems.map((row) => [row.incidentId, row])),
    corrections: Map.groupBy(await holdingOfIncidents({ q, t }, ids), (row) => row.incidentId),
  };
}

function viewOf(row: IncidentRow, parts: readonly string[], recorded: RecordedOf): IncidentView {
  const updates = parts.flatMap((id) => recorded.updates.get(id) ?? []);
  if (parts.length > 1)
    updates.sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
  const postmortem = recorded.postmortems.get(row.id);
  return {
    type: 'incident',
    id: row.id,
    title: { nl: row.titleNl, en: row.titleEn },
    status: row.status,
    impact: row.impact,
    startedAt: row.startedAt,
    noticedAt: row.noticedAt,
    resolvedAt: row.resolvedAt,
    updatedAt: row.updatedAt,
    componentIds: [...new Set(parts.flatMap((id) => recorded.components.get(id) ?? []))].sort(),
    cause: lastCause(parts, recorded),
    updates: updates.reverse().map((update) => ({
      id: update.id,
      status: update.status,
      body: { nl: update.bodyNl, en: update.bodyEn },
      at: update.recordedAt,
    })),
    acknowledgedAt: row.acknowledgedAt,
    mergedIntoId: row.mergedIntoId,
    splitFromId: row.splitFromId,
    postmortem: postmortem?.published
      ? {
          body: { nl: postmortem.bodyNl, en: postmortem.bodyEn },
          at: postmortem.recordedAt,
        }
      : null,
    corrections: parts
      .flatMap((id) => recorded.corrections.get(id) ?? [])
      .flatMap(({ kind, componentId, recordedAt: at }) =>
        kind === 'withdrawn' ? [] : { kind, componentId, at },
      ),
    version: row.version,
  };
}

function lastCause(parts: readonly string[], { causes }: RecordedOf): Cause | null {
  const given = parts.flatMap((id) => causes.get(id) ?? []);
  return given.sort((a, b) => a.order - b.order).at(-1)?.cause ?? null;
}
