import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import { openBetween } from '@upheld/domain/time/calendar.ts';
import { intersect, setOf, type Interval, type IntervalSet } from '@upheld/domain/time/interval.ts';
import {
  addLocalDays,
  localDate,
  startOfLocalDay,
  wallOf,
  weekdayOfWall,
} from '@upheld/domain/time/zoned.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, asc, eq, gt, inArray, isNull, lt } from '@upheld/db/query.ts';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';

/** A window of another maintenance that was not called off. */
export interface CalendarWindow extends Interval {
  id: string;
  title: Localised;
}

/** One local day; every span is cut to it. */
export interface CalendarDay extends Interval {
  /** YYYY-MM-DD. */
  date: string;
  /** When any agreement of the components serves. */
  service: IntervalSet;
  /** What every agreement that prefers hours prefers. */
  preferred: IntervalSet;
  windows: CalendarWindow[];
}

export interface MaintenanceCalendar {
  days: CalendarDay[];
  hasService: boolean;
  hasPreferred: boolean;
}

/**
 * Service hours, preferred hours and other windows of some components, day by day in the zone of the page,
 * from the Monday of the week of `around` on. Throws DomainError('invalid-input') for unknown components.
 */
export async function maintenanceCalendar(
  ctx: Context,
  asked: { componentIds: readonly string[]; around: Instant; days: number },
): Promise<MaintenanceCalendar> {
  const { timezone: zone } = ctx.config();
  const agreements = new Set(
    knownComponents(ctx.config(), asked.componentIds).flatMap((component) =>
      component.agreements.map((use) => ctx.agreements().get(use.agreement)),
    ),
  );
  const today = startOfLocalDay(asked.around, zone);
  const monday = addLocalDays(today, 1 - weekdayOfWall(wallOf(today, zone)), zone);
  const starts = Array.from({ length: asked.days + 1 }, (_, day) =>
    addLocalDays(monday, day, zone),
  );
  const span = { from: monday, to: starts.at(-1) ?? monday };
  const hours = hoursOf([...agreements], span);
  const windows = await windowsIn(ctx, asked.componentIds, span);
  const days = starts.slice(0, -1).map((from, index) => {
    const day = { from, to: starts[index + 1] ?? from };
    return {
      ...day,
      date: localDate(from, zone),
      service: intersect(hours.service, [day]),
      preferred: intersect(hours.preferred, [day]),
      windows: windows.flatMap((one) => cutTo(one, day)),
    };
  });
  return { days, hasService: hours.service.length > 0, hasPreferred: hours.hasPreferred };
}

function hoursOf(
  agreements: readonly Agreement[],
  span: Interval,
): { service: IntervalSet; preferred: IntervalSet; hasPreferred: boolean } {
  const served: Interval[] = [];
  let preferred: IntervalSet | null = null;
  for (const agreement of agreements) {
    const rules = rulesUnder(versionAt(agreement, span.from));
    const { terms } = rules;
    const service = terms.maintenance.notice?.whenTouching ?? terms.tickets?.calendar;
    if (service !== undefined)
      served.push(...openBetween(rules.calendar(service), span.from, span.to));
    if (!terms.maintenance.preferred) continue;
    const own = openBetween(
      rules.calendar(terms.maintenance.preferred.calendar),
      span.from,
      span.to,
    );
    preferred = preferred === null ? own : intersect(preferred, own);
  }
  return { service: setOf(served), preferred: preferred ?? [], hasPreferred: preferred !== null };
}

async function windowsIn(
  ctx: Context,
  componentIds: readonly string[],
  span: Interval,
): Promise<CalendarWindow[]> {
  const { q, t } = ctx.db.read;
  const m = t.maintenances;
  const rows = await q
    .selectDistinct({
      id: m.id,
      nl: m.titleNl,
      en: m.titleEn,
      from: m.windowFrom,
      to: m.windowTo,
    })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(
      and(
        isNull(m.cancelledAt),
        lt(m.windowFrom, span.to),
        gt(m.windowTo, span.from),
        inArray(t.maintenanceComponents.componentId, [...componentIds]),
      ),
    )
    .orderBy(asc(m.windowFrom), asc(m.id));
  return rows.map(({ id, nl, en, from, to }) => ({ id, title: { nl, en }, from, to }));
}

function cutTo(window: CalendarWindow, day: Interval): CalendarWindow[] {
  const from = Math.max(window.from, day.from);
  const to = Math.min(window.to, day.to);
  return from < to ? [{ ...window, from, to }] : [];
}
