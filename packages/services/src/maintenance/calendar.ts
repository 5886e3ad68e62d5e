import type { Instant } from '@upheld/domain/ports.ts';
import { clip, type Interval, type IntervalSet } from '@upheld/domain/time/interval.ts';
import {
  addLocalDays,
  addLocalMonths,
  localDate,
  startOfDate,
  startOfLocalDay,
  wallOf,
  weekdayOfWall,
} from '@upheld/domain/time/zoned.ts';
import { knownComponents } from '../components.ts';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { closedOn, hoursOf, type ClosedDay } from './calendar-hours.ts';
import { windowsIn, type CalendarWindow } from './calendar-windows.ts';

/** One local day; every span is cut to it. */
export interface CalendarDay extends Interval {
  /** YYYY-MM-DD. */
  date: string;
  /** When any agreement of the components serves. */
  service: IntervalSet;
  /** What every agreement that prefers hours prefers. */
  preferred: IntervalSet;
  windows: CalendarWindow[];
  /** Whether agreements count it as a day on which they are closed; null where none does. */
  closed: ClosedDay | null;
  /** How many seconds longer than usual it is, as the clocks change: 3600, -3600, or 0. */
  extraSeconds: number;
}

export interface MaintenanceCalendar {
  days: CalendarDay[];
  hasService: boolean;
  hasPreferred: boolean;
}

export interface AskedCalendar {
  componentIds: readonly string[];
  /** From the Monday of the week of `around` on so many days, or the whole weeks of a month `YYYY-MM`. */
  span: { around: Instant; days: number } | { month: string };
  /** A maintenance that is left out: the one that is to be moved. */
  except?: string | undefined;
}

const DAY_SECONDS = 86_400;
// A weekday of the years 0 to 99 is that of another century, and after 9999 days have other names.
const MONTH = /^(19|2[01])\d{2}-(0[1-9]|1[0-2])$/;

/** Whether a text is a month, `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/**
 * Service hours, preferred hours, holidays and other windows of some components, day by day in the zone of
 * the page. Throws DomainError('invalid-input') for unknown components and for what is no month.
 */
export async function maintenanceCalendar(
  ctx: Context,
  asked: AskedCalendar,
): Promise<MaintenanceCalendar> {
  const { timezone: zone } = ctx.config();
  const agreements = [
    ...new Set(
      knownComponents(ctx.config(), asked.componentIds).flatMap((component) =>
        component.agreements.map((use) => ctx.agreements().get(use.agreement)),
      ),
    ),
  ];
  const spans = daysOf(asked.span, zone);
  const hours = hoursOf(agreements, spans);
  const span = { from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 };
  const windows = (await windowsIn(ctx, asked.componentIds, span)).filter(
    ({ id }) => id !== asked.except,
  );
  const days = spans.map((day) => ({
    ...day,
    date: localDate(day.from, zone),
    service: clip(hours.service, day),
    preferred: clip(hours.preferred, day),
    windows: windows.flatMap((one) => cutTo(one, day)),
    closed: closedOn(agreements, day.from, zone),
    extraSeconds: (day.to - day.from) / 1000 - DAY_SECONDS,
  }));
  return { days, hasService: hours.service.length > 0, hasPreferred: hours.hasPreferred };
}

/** Local days, one after the other. */
function daysOf(span: AskedCalendar['span'], zone: string): Interval[] {
  const monday = (at: Instant): Instant => addLocalDays(at, 1 - weekday(at, zone), zone);
  if ('around' in span)
    return daysFrom(monday(startOfLocalDay(span.around, zone)), span.days, zone);
  const first = isMonth(span.month) ? startOfDate(`${span.month}-01`, zone) : null;
  if (first === null)
    throw invalidInput([{ path: 'month', message: 'is no month; write it as 2026-12' }]);
  const last = addLocalDays(addLocalMonths(first, 1, zone), -1, zone);
  const until = addLocalDays(last, 8 - weekday(last, zone), zone);
  const weeks = daysFrom(monday(first), 42, zone);
  return weeks.filter(({ from }) => from < until);
}

function weekday(at: Instant, zone: string): number {
  return weekdayOfWall(wallOf(at, zone));
}

function daysFrom(first: Instant, days: number, zone: string): Interval[] {
  const starts = Array.from({ length: days + 1 }, (_, day) => addLocalDays(first, day, zone));
  return starts.slice(0, -1).map((from, index) => ({ from, to: starts[index + 1] ?? from }));
}

function cutTo(window: CalendarWindow, day: Interval): CalendarWindow[] {
  const from = Math.max(window.from, day.from);
  const to = Math.min(window.to, day.to);
  return from < to ? [{ ...window, from, to }] : [];
}
