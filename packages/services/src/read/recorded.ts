import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, or } from '@upheld/db/query.ts';
import type { IntervalSet } from '@upheld/domain/time/interval.ts';
import type { Context } from '../context.ts';
import { correct } from './corrected.ts';
import { readHolding } from './corrections.ts';
import { readMeasuring } from './measuring.ts';
import { NO_MERGES, readMerges } from './merges.ts';
import { readBefore } from './recorded-before.ts';
import { maintenancesIn, maintenancesWhere } from './recorded-maintenances.ts';
import { ticketsIn } from './recorded-tickets.ts';
import type { ChangeRow, OutageRow, Recorded, RecordedQuery } from './recorded-types.ts';

/**
 * What was recorded, by component: a fixed number of queries for any number of components. A component
 * about which nothing is known has no entry; see `nothingRecorded`.
 */
export async function readRecorded(
  ctx: Context,
  h: Handle,
  query: RecordedQuery,
): Promise<Map<string, Recorded>> {
  const measuring = await readMeasuring(ctx, h, query);
  const inStretch = await outagesIn(h, query);
  const outages = Map.groupBy(inStretch, (row) => row.componentId);
  const maintenances = await maintenancesIn(h, query);
  const merges = await readMerges(h);
  const tickets = await ticketsIn(h, query);
  const before = await readBefore(h, query, { outages: inStretch, maintenances, merges });
  const since = Math.min(query.span.from, ...(before?.outages ?? []).map((row) => row.startedAt));
  const reach = { ...query, span: { from: since, to: query.span.to } };
  const changes = Map.groupBy(await changesIn(h, reach), (row) => row.componentId);
  const ids = new Set([
    ...measuring.keys(),
    ...outages.keys(),
    ...changes.keys(),
    ...maintenances.keys(),
    ...tickets.keys(),
  ]);
  const holding = await readHolding(h, reach);
  const corrected = Map.groupBy(
    [...inStretch, ...(before?.outages ?? [])],
    (row) => row.componentId,
  );
  const linked = await linkedOutside(h, query, holding, { outages: corrected, maintenances });
  return new Map(
    [...ids].map((id) => {
      const own = <T>(found: ReadonlyMap<string, readonly T[]>): readonly T[] =>
        found.get(id) ?? [];
      const recorded: Recorded = {
        createdAt: measuring.get(id)?.createdAt ?? null,
        measuredSince: measuring.get(id)?.since ?? null,
        outages: own(outages),
        changes: own(changes),
        merges,
        maintenances: own(maintenances),
        unmeasured: measuring.get(id)?.unmeasured ?? whole(query),
        tickets: own(tickets),
        ...(before && id === query.componentId ? { before } : {}),
      };
      return [id, correct(recorded, own(holding), own(linked))];
    }),
  );
}

/** Maintenances that an outage of the stretch was part of, which do not touch the stretch themselves. */
async function linkedOutside(
  h: Handle,
  { componentId }: RecordedQuery,
  holding: Awaited<ReturnType<typeof readHolding>>,
  known: {
    outages: ReadonlyMap<string, readonly { id: string }[]>;
    maintenances: ReadonlyMap<string, readonly { id: string }[]>;
  },
): ReturnType<typeof maintenancesWhere> {
  const missing = [...holding].flatMap(([component, corrections]) => {
    const outages = new Set(known.outages.get(component)?.map(({ id }) => id));
    const read = new Set(known.maintenances.get(component)?.map(({ id }) => id));
    return corrections.flatMap(({ outageId, maintenanceId: id }) =>
      id !== null && outages.has(outageId) && !read.has(id) ? id : [],
    );
  });
  if (missing.length === 0) return new Map();
  return maintenancesWhere(h, componentId, inArray(h.t.maintenances.id, missing));
}

/** A component about which nothing is known: nobody measured it. */
export function nothingRecorded(query: RecordedQuery): Recorded {
  return {
    createdAt: null,
    measuredSince: null,
    outages: [],
    changes: [],
    merges: NO_MERGES,
    maintenances: [],
    unmeasured: whole(query),
  };
}

function whole({ span, now }: RecordedQuery): IntervalSet {
  const to = Math.min(span.to, now);
  return span.from < to ? [{ from: span.from, to }] : [];
}

function outagesIn({ q, t }: Handle, { span, componentId }: RecordedQuery): Promise<OutageRow[]> {
  const { id, monitorId, incidentId, state, startedAt, endedAt } = t.outages;
  const of = t.outages.componentId;
  return q
    .select({ id, componentId: of, monitorId, incidentId, state, startedAt, endedAt })
    .from(t.outages)
    .where(
      and(
        componentId === undefined ? undefined : eq(of, componentId),
        lt(t.outages.startedAt, span.to),
        or(isNull(t.outages.endedAt), gt(t.outages.endedAt, span.from)),
      ),
    )
    .orderBy(asc(t.outages.startedAt), asc(t.outages.id));
}

function changesIn({ q, t }: Handle, { span, componentId }: RecordedQuery): Promise<ChangeRow[]> {
  const { incidentId, agreement, severity, cause } = t.incidentChanges;
  const { effectiveFrom, recordedAt, recordedBy } = t.incidentChanges;
  const of = t.incidentChanges.componentId;
  const what = { incidentId, componentId: of, agreement, severity, cause };
  return q
    .select({ ...what, effectiveFrom, recordedAt, recordedBy })
    .from(t.incidentChanges)
    .innerJoin(t.incidents, eq(t.incidents.id, t.incidentChanges.incidentId))
    .where(
      and(
        componentId === undefined ? undefined : eq(of, componentId),
        lt(t.incidents.startedAt, span.to),
        or(
          isNull(t.incidents.resolvedAt),
          gt(t.incidents.resolvedAt, span.from),
          // How long a part went on is told by what it is part of.
          isNotNull(t.incidents.mergedIntoId),
        ),
      ),
    )
    .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
}
