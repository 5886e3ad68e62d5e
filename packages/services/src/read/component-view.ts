import type { ComponentConfig } from '@upheld/config/schema.ts';
import type { Impact } from '@upheld/domain/incident/incident.ts';
import { announcedWork, maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import { daySeconds, dayState, type Happened } from '@upheld/domain/page/days.ts';
import { componentState } from '@upheld/domain/page/states.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { localDate } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import type { AvailabilityReader } from './availability.ts';
import { coverOf } from './facts.ts';
import type { Happenings } from './happenings.ts';
import type { ComponentView, DayView } from './page-view.ts';
import type { Recorded, RecordedQuery } from './recorded-types.ts';
import { nothingRecorded } from './recorded.ts';

/** What component views are made from. */
export interface ViewerInput {
  query: RecordedQuery;
  recorded: ReadonlyMap<string, Recorded>;
  happenings: Happenings;
  /** The starts of the days in a bar, closed by the end of the last one. */
  boundaries: readonly Instant[];
  availability: AvailabilityReader;
}

/** Makes the view of one component after the other from what was read of all. */
export function componentViewer(
  ctx: Context,
  { query, recorded, happenings, boundaries, availability }: ViewerInput,
): (component: ComponentConfig) => ComponentView {
  const { now } = query;
  const zone = ctx.config().timezone;
  const dates = boundaries.slice(0, -1).map((at) => localDate(at, zone));
  const nothing = nothingRecorded(query);
  const openImpacts = impactsByPeople(happenings);

  return (component) => {
    const known = recorded.get(component.id) ?? nothing;
    const happened = happenedTo(asCorrected(ctx, component, known), now, boundaries[0] ?? now);
    const seconds = daySeconds(boundaries, now, happened);
    const incidents = happenings.inBars.get(component.id) ?? [];
    return {
      id: component.id,
      name: component.name,
      description: component.description ?? null,
      state: stateOf(component, known, openImpacts.get(component.id) ?? [], now),
      createdAt: known.createdAt ?? now,
      updatedAt: lastChange(known) ?? known.createdAt ?? now,
      days: seconds.map((day, index): DayView => {
        const from = boundaries[index] ?? now;
        const to = boundaries[index + 1] ?? now;
        return {
          date: dates[index] ?? '',
          state: dayState(day),
          downSeconds: day.down,
          degradedSeconds: day.degraded,
          maintenanceSeconds: day.maintenance,
          unmeasuredSeconds: day.unmeasured,
          incidents: incidentsOf(incidents, { from, to }, now),
        };
      }),
      availability: availability(component, known),
    };
  };
}

type IncidentInBar = NonNullable<ReturnType<Happenings['inBars']['get']>>[number];

const NO_INCIDENTS: DayView['incidents'] = [];

function incidentsOf(
  incidents: readonly IncidentInBar[],
  day: Interval,
  now: Instant,
): DayView['incidents'] {
  if (incidents.length === 0) return NO_INCIDENTS;
  return incidents.flatMap(({ id, titleNl, titleEn, startedAt, resolvedAt }) =>
    startedAt < day.to && (resolvedAt ?? now) >= day.from
      ? [{ id, title: { nl: titleNl, en: titleEn } }]
      : [],
  );
}

/** What people say that open incidents do, by component. While a probe sees one, the probe says it. */
function impactsByPeople(happenings: Happenings): Map<string, Impact[]> {
  const found = new Map<string, Impact[]>();
  for (const [componentId, incidents] of happenings.inBars) {
    const open = incidents.filter((incident) => incident.resolvedAt === null && !incident.detected);
    if (open.length > 0)
      found.set(
        componentId,
        open.map(({ impact }) => impact),
      );
  }
  return found;
}

function stateOf(
  component: ComponentConfig,
  known: Recorded,
  impacts: readonly Impact[],
  now: Instant,
): ComponentView['state'] {
  const seeing = (state: 'down' | 'degraded'): number =>
    new Set(
      known.outages.flatMap((outage) =>
        outage.endedAt === null && outage.state === state ? (outage.monitorId ?? []) : [],
      ),
    ).size;
  const monitors = {
    total: component.monitors.filter((monitor) => !monitor.paused).length,
    down: seeing('down'),
    degraded: seeing('degraded'),
  };
  return componentState({
    inMaintenance: known.maintenances.some((row) => maintenanceStatus(row, now) === 'in_progress'),
    monitors,
    impacts,
    measured: (known.unmeasured.at(-1)?.to ?? 0) < now,
  });
}

function happenedTo(known: Recorded, now: Instant, from: Instant): Happened {
  const late = <S extends { to: Instant }>(spans: readonly S[]): S[] =>
    spans.filter((span) => span.to > from);
  const outages = (state: 'down' | 'degraded'): Happened['down'] =>
    late(
      known.outages.flatMap((outage) =>
        outage.state === state ? [{ from: outage.startedAt, to: outage.endedAt ?? now }] : [],
      ),
    );
  return {
    maintenance: late(
      known.maintenances.flatMap((row) => announcedWork(row, row.announcements, now)),
    ),
    down: outages('down'),
    degraded: outages('degraded'),
    unmeasured: late(known.unmeasured),
  };
}

/** With outages as bad as a correction says that they were, under the agreement of the figure. */
function asCorrected(ctx: Context, component: ComponentConfig, known: Recorded): Recorded {
  if (!known.asRecorded) return known;
  const [covered] = coverOf(component, ctx.agreements());
  if (!covered) return known;
  const { use, agreement } = covered;
  const outages = known.outages.map((outage) => {
    const severity = outage.putRight?.severity?.get(use.agreement);
    const level = agreement.severityLevels.find(({ id }) => id === severity);
    if (!level) return outage;
    return { ...outage, state: level.countsAsDown ? ('down' as const) : ('degraded' as const) };
  });
  return { ...known, outages };
}

/** When the last thing that changes a component's state happened to it. */
function lastChange(known: Recorded): Instant | null {
  const moments = [
    ...known.outages.map((outage) => outage.endedAt ?? outage.startedAt),
    ...known.maintenances.map((row) => row.updatedAt),
    ...(known.measuredSince === null ? [] : [known.measuredSince]),
  ];
  return moments.reduce<Instant | null>((last, at) => Math.max(last ?? at, at), null);
}
