import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, lte } from '@upheld/db/query.ts';
import { ceilSecond, floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Merges } from './merges.ts';
import { maintenancesIn } from './recorded-maintenances.ts';
import type { Before, MaintenanceRow, OutageRow, RecordedQuery } from './recorded-types.ts';

/**
 * What was over before a stretch of time and tells whether an interruption in it began before it: an
 * incident is one interruption however often it is down, and belongs to the month in which it first was.
 * Null where there is nothing, and where no component is asked for, because a page counts none.
 */
export async function readBefore(
  h: Handle,
  query: RecordedQuery,
  known: {
    outages: readonly OutageRow[];
    maintenances: ReadonlyMap<string, readonly MaintenanceRow[]>;
    merges: Merges;
  },
): Promise<Before | null> {
  const { componentId, span } = query;
  if (componentId === undefined || known.outages.length === 0) return null;
  const outages = await earlierOutages(h, componentId, span.from, known);
  const stretches = [...outages, ...known.outages.filter((row) => row.startedAt < span.from)];
  if (stretches.length === 0) return null;
  const from = floorSecond(Math.min(...stretches.map((row) => row.startedAt)));
  const earlier = await maintenancesIn(h, { componentId, span: { from, to: span.from } });
  const read = new Set(known.maintenances.get(componentId)?.map(({ id }) => id));
  const maintenances = (earlier.get(componentId) ?? []).filter(
    (row) => !read.has(row.id) && stretches.some((outage) => touches(row, outage)),
  );
  return outages.length + maintenances.length === 0 ? null : { outages, maintenances };
}

async function earlierOutages(
  { q, t }: Handle,
  componentId: string,
  from: number,
  { outages, merges }: { outages: readonly OutageRow[]; merges: Merges },
): Promise<OutageRow[]> {
  const roots = new Set(outages.map((row) => merges.rootOf(row.incidentId)));
  const family = [...roots].flatMap((root) => merges.partsOf(root));
  const { id, monitorId, incidentId, state, startedAt, endedAt } = t.outages;
  return q
    .select({
      id,
      componentId: t.outages.componentId,
      monitorId,
      incidentId,
      state,
      startedAt,
      endedAt,
    })
    .from(t.outages)
    .where(
      and(eq(t.outages.componentId, componentId), inArray(incidentId, family), lte(endedAt, from)),
    )
    .orderBy(asc(startedAt), asc(id));
}

/** Whether the work or a window of a maintenance touches an outage, in whole seconds. */
function touches(row: MaintenanceRow, { startedAt, endedAt }: OutageRow): boolean {
  const from = floorSecond(startedAt);
  const to = endedAt === null ? Infinity : ceilSecond(endedAt);
  const spans = [
    ...row.announcements,
    ...(row.workStartedAt === null
      ? []
      : [{ from: row.workStartedAt, to: row.workEndedAt ?? Infinity }]),
  ];
  return spans.some((span) => span.from < to && span.to > from);
}
