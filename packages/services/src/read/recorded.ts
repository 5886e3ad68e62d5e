import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { TicketRecord } from '@upheld/domain/desk/ticket.ts';
import type { IntervalSet } from '@upheld/domain/time/interval.ts';
import {
  and,
  asc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  type SQL,
} from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { countingWindows, type AnnouncedWindow } from '../maintenance/announcements.ts';
import { correct, type PutRight } from './corrected.ts';
import { readHolding, type CorrectionsQuery } from './corrections.ts';
import { readMeasuring } from './measuring.ts';
import { ticketsIn } from './recorded-tickets.ts';
import { NO_MERGES, readMerges, type Merges } from './merges.ts';

type OutageRow = Omit<Tables['outages']['$inferSelect'], 'noticedAt'> & {
  /** What a correction says of it. */
  putRight?: PutRight;
};
type ChangeRow = Pick<
  Tables['incidentChanges']['$inferSelect'],
  | 'incidentId'
  | 'componentId'
  | 'agreement'
  | 'severity'
  | 'cause'
  | 'effectiveFrom'
  | 'recordedAt'
  | 'recordedBy'
>;
type MaintenanceRow = Tables['maintenances']['$inferSelect'];

/** What was recorded of one component and touches a stretch of time. */
export interface Recorded {
  /** When it was first configured; null when nobody knows it yet. */
  createdAt: Instant | null;
  /** When the first conclusive check of it was made; null before. */
  measuredSince: Instant | null;
  /** In order of their start. */
  outages: readonly OutageRow[];
  /** Of the incidents of that time, in the order in which they were said. */
  changes: readonly ChangeRow[];
  /** Which of the incidents are part of which: an outage stays with the one it was recorded under. */
  merges: Merges;
  maintenances: readonly (MaintenanceRow & { announcements: readonly AnnouncedWindow[] })[];
  /** Within the stretch and until `now`; merged. */
  unmeasured: IntervalSet;
  /** Reports of customers; read for one component alone, because a page shows nothing of them. */
  tickets?: readonly TicketRecord[];
  /** The same before anybody corrected it; absent where nobody did. */
  asRecorded?: Recorded;
}

export interface RecordedQuery extends CorrectionsQuery {
  now: Instant;
}

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
  const outages = Map.groupBy(await outagesIn(h, query), (row) => row.componentId);
  const changes = Map.groupBy(await changesIn(h, query), (row) => row.componentId);
  const maintenances = await maintenancesIn(h, query);
  const merges = await readMerges(h);
  const tickets = await ticketsIn(h, query);
  const ids = new Set([
    ...measuring.keys(),
    ...outages.keys(),
    ...changes.keys(),
    ...maintenances.keys(),
    ...tickets.keys(),
  ]);
  const holding = await readHolding(h, query);
  const linked = await linkedOutside(h, query, holding, { outages, maintenances });
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

/** Maintenances whose last window or work touches the stretch, by component. */
function maintenancesIn(
  h: Handle,
  { span, componentId }: RecordedQuery,
): ReturnType<typeof maintenancesWhere> {
  const m = h.t.maintenances;
  return maintenancesWhere(
    h,
    componentId,
    and(
      or(lt(m.windowFrom, span.to), lt(m.workStartedAt, span.to)),
      or(
        gt(m.windowTo, span.from),
        gt(m.workEndedAt, span.from),
        and(isNotNull(m.workStartedAt), isNull(m.workEndedAt)),
      ),
    ),
  );
}

async function maintenancesWhere(
  { q, t }: Handle,
  componentId: string | undefined,
  which: SQL | undefined,
): Promise<Map<string, Recorded['maintenances'][number][]>> {
  const m = t.maintenances;
  const wanted = and(
    componentId === undefined ? undefined : eq(t.maintenanceComponents.componentId, componentId),
    which,
  );
  const rows = await q
    .select({ componentId: t.maintenanceComponents.componentId, maintenance: m })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(wanted)
    .orderBy(asc(m.windowFrom), asc(m.id));
  const said = Map.groupBy(
    rows.length === 0
      ? []
      : await q
          .selectDistinct({ announcement: t.announcements })
          .from(t.announcements)
          .innerJoin(m, eq(m.id, t.announcements.maintenanceId))
          .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
          .where(wanted)
          .orderBy(asc(t.announcements.announcedAt), asc(t.announcements.id)),
    (row) => row.announcement.maintenanceId,
  );
  const found = new Map<string, Recorded['maintenances'][number][]>();
  for (const { componentId: id, maintenance } of rows) {
    const announcements = countingWindows(
      (said.get(maintenance.id) ?? []).map((row) => row.announcement),
      maintenance.cancelledAt,
    );
    const list = found.get(id);
    if (list) list.push({ ...maintenance, announcements });
    else found.set(id, [{ ...maintenance, announcements }]);
  }
  return found;
}
