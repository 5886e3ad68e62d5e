import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, asc, eq, gt, gte, isNotNull, isNull, or } from '@upheld/db/query.ts';
import { incidentViews } from './incident-views.ts';
import { readMerges, type Merges } from './merges.ts';
import { maintenanceViews } from './maintenance-views.ts';
import type { IncidentView, MaintenanceView } from './page-view.ts';

type IncidentRow = Tables['incidents']['$inferSelect'];

/** Incidents and maintenances that a page shows, of all components. */
export interface Happenings {
  openIncidents: readonly IncidentView[];
  /** Scheduled or going on. */
  maintenances: readonly MaintenanceView[];
  /** What was over within the days of history, latest first. */
  history: readonly (IncidentView | MaintenanceView)[];
  /** Every incident of the days in the bars, by component, in order of its start. */
  inBars: ReadonlyMap<string, readonly IncidentInBar[]>;
}

export interface IncidentInBar extends IncidentRow {
  /** Whether the detector keeps it open because of this component. */
  detected: boolean;
}

export interface HappeningsQuery {
  now: Instant;
  barsFrom: Instant;
  historyFrom: Instant;
}

/** Reads them, in a fixed number of queries. */
export async function readHappenings(
  h: Handle,
  { now, barsFrom, historyFrom }: HappeningsQuery,
): Promise<Happenings> {
  const { q, t } = h;
  const touched = await q
    .select({ componentId: t.incidentComponents.componentId, incident: t.incidents })
    .from(t.incidents)
    .innerJoin(t.incidentComponents, eq(t.incidentComponents.incidentId, t.incidents.id))
    .where(
      or(
        isNull(t.incidents.resolvedAt),
        gt(t.incidents.resolvedAt, barsFrom),
        isNotNull(t.incidents.mergedIntoId),
      ),
    )
    .orderBy(asc(t.incidents.startedAt), asc(t.incidents.id));
  const merges = await readMerges(h);
  const rows = new Map(
    touched.flatMap(({ incident }) =>
      incident.mergedIntoId === null ? [[incident.id, incident] as const] : [],
    ),
  );
  const recent = [...rows.values()].filter(
    ({ resolvedAt }) => resolvedAt === null || resolvedAt >= historyFrom,
  );
  const incidents = await incidentViews(h, recent);
  const maintenances = await recentMaintenances(h, now, historyFrom);
  const isOn = ({ status }: MaintenanceView): boolean =>
    status !== 'completed' && status !== 'cancelled';
  const over = [
    ...incidents.filter(({ resolvedAt }) => resolvedAt !== null),
    ...maintenances.filter((one) => !isOn(one)),
  ];
  return {
    openIncidents: incidents.filter(({ resolvedAt }) => resolvedAt === null),
    maintenances: maintenances.filter(isOn),
    history: over.sort((a, b) => overAt(b) - overAt(a) || (a.id < b.id ? 1 : -1)),
    inBars: new Map(
      [...Map.groupBy(touched, (row) => row.componentId)].map(([id, list]) => [
        id,
        wholesOf(
          id,
          list.map((row) => row.incident),
          rows,
          merges,
        ),
      ]),
    ),
  };
}

/** The incidents of a component, each that was merged as the one that it is part of. */
function wholesOf(
  componentId: string,
  own: readonly IncidentRow[],
  wholes: ReadonlyMap<string, IncidentRow>,
  merges: Merges,
): IncidentInBar[] {
  const found = new Map<string, IncidentInBar>();
  for (const { id, openForComponent } of own) {
    const whole = wholes.get(merges.rootOf(id));
    if (!whole) continue;
    const detected = openForComponent === componentId || found.get(whole.id)?.detected === true;
    found.set(whole.id, { ...whole, detected });
  }
  return [...found.values()];
}

async function recentMaintenances(
  h: Handle,
  now: Instant,
  historyFrom: Instant,
): Promise<MaintenanceView[]> {
  const { maintenances: m } = h.t;
  const rows = await h.q
    .select()
    .from(m)
    .where(
      or(
        gte(m.cancelledAt, historyFrom),
        gte(m.workEndedAt, historyFrom),
        and(
          isNull(m.cancelledAt),
          isNull(m.workEndedAt),
          or(gte(m.windowTo, historyFrom), isNotNull(m.workStartedAt)),
        ),
      ),
    )
    .orderBy(asc(m.windowFrom), asc(m.id));
  return maintenanceViews(h, rows, now);
}

function overAt(view: IncidentView | MaintenanceView): Instant {
  if (view.type === 'incident') return view.resolvedAt ?? view.startedAt;
  return view.cancelledAt ?? view.to;
}
