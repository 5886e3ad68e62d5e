import type { Instant } from '../ports.ts';
import { closedDays, type ClosedDaySet } from './holidays.ts';
import { intersect, setOf, subtract, type Interval, type IntervalSet } from './interval.ts';
import {
  dayOfWall,
  instantOf,
  wallOf,
  wallOfDate,
  wallOfYear,
  weekdayOfWall,
  type Wall,
} from './zoned.ts';

const DAY = 86_400_000;

/** When something is open, in the local time of one zone. Made by the functions below. */
export interface Calendar {
  readonly zone: string;
  /** A local year, worked out when it is first asked for. */
  year(year: number): Opening;
}

/** What is open in one local year, with running totals so that a question costs a binary search. */
export interface Opening extends Interval {
  readonly open: IntervalSet;
  /** Milliseconds open before the span of the same index. */
  readonly before: readonly number[];
  readonly total: number;
}

/** Opening hours of a weekday as wall clock times: milliseconds after midnight, at most 24 hours. */
export type WeekHours = Readonly<Partial<Record<number, readonly Interval[]>>>;

export interface ClosedDays {
  set: ClosedDaySet;
  /** Dates that replace the set in the years they are given for. */
  lists?: Readonly<Record<string, readonly string[]>>;
}

/** Weekly hours (keys 1 Monday to 7 Sunday) in a zone, but for closed days. */
export function weekly(zone: string, hours: WeekHours, closed: ClosedDays): Calendar {
  return cached(zone, (year, bounds) => {
    const spans: Interval[] = [];
    const shut = new Set(closedIn(closed, year));
    for (let day = dayOfWall(bounds.wall); day < bounds.wallEnd; day += DAY) {
      if (shut.has(day)) continue;
      for (const { from, to } of hours[weekdayOfWall(day)] ?? [])
        spans.push({ from: instantOf(day + from, zone), to: instantOf(day + to, zone) });
    }
    return setOf(spans);
  });
}

/** The closed days of a local year, as wall clock midnights. */
export function closedIn(closed: ClosedDays, year: number): readonly Wall[] {
  const list = closed.lists?.[String(year)];
  if (!list) return closedDays(closed.set, year);
  return list.flatMap((date) => wallOfDate(date) ?? []);
}

/** Open at every moment. */
export function always(zone: string): Calendar {
  return cached(zone, (_year, bounds) => [{ from: bounds.from, to: bounds.to }]);
}

/** Open when `calendar` is not. */
export function outside(calendar: Calendar): Calendar {
  return cached(calendar.zone, (year, { from, to }) =>
    subtract([{ from, to }], calendar.year(year).open),
  );
}

/** Open when any of the calendars is. Years are those of `zone`. */
export function anyOf(zone: string, calendars: readonly Calendar[]): Calendar {
  return cached(zone, (_year, { from, to }) =>
    setOf(calendars.flatMap((calendar) => openBetween(calendar, from, to))),
  );
}

/** Open when all of the calendars are. Years are those of `zone`. */
export function allOf(zone: string, calendars: readonly Calendar[]): Calendar {
  return cached(zone, (_year, { from, to }) =>
    calendars.reduce<IntervalSet>(
      (open, calendar) => intersect(open, openBetween(calendar, from, to)),
      [{ from, to }],
    ),
  );
}

interface YearBounds extends Interval {
  readonly wall: Wall;
  readonly wallEnd: Wall;
}

function cached(zone: string, openIn: (year: number, bounds: YearBounds) => IntervalSet): Calendar {
  const years = new Map<number, Opening>();
  return {
    zone,
    year(year) {
      let opening = years.get(year);
      if (!opening) {
        const bounds = boundsOf(year, zone);
        opening = summed(bounds, openIn(year, bounds));
        years.set(year, opening);
      }
      return opening;
    },
  };
}

function boundsOf(year: number, zone: string): YearBounds {
  const wall = wallOfYear(year);
  const wallEnd = wallOfYear(year + 1);
  return { wall, wallEnd, from: instantOf(wall, zone), to: instantOf(wallEnd, zone) };
}

function summed(bounds: Interval, open: IntervalSet): Opening {
  const before: number[] = [];
  let total = 0;
  for (const span of open) {
    before.push(total);
    total += span.to - span.from;
  }
  return { from: bounds.from, to: bounds.to, open, before, total };
}

/** The local year of an instant in the calendar's zone. */
export function yearAt(calendar: Calendar, instant: Instant): number {
  return new Date(wallOf(instant, calendar.zone)).getUTCFullYear();
}

/** Milliseconds open from `from` to `to`; 0 when they are reversed. */
export function openMs(calendar: Calendar, from: Instant, to: Instant): number {
  if (to <= from) return 0;
  let year = yearAt(calendar, from);
  let opening = calendar.year(year);
  let sum = -openBefore(opening, from);
  while (to > opening.to) {
    sum += opening.total;
    year += 1;
    opening = calendar.year(year);
  }
  return sum + openBefore(opening, to);
}

/** Milliseconds open in a year before an instant of it. */
function openBefore(opening: Opening, instant: Instant): number {
  const index = firstEndingAfter(opening.open, instant);
  const span = opening.open[index];
  if (!span) return opening.total;
  return (opening.before[index] ?? 0) + Math.max(0, instant - span.from);
}

/** Index of the first span that ends after an instant; the length of the set when none does. */
export function firstEndingAfter(set: IntervalSet, instant: Instant): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = set[middle];
    if (span && span.to > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The open spans between two instants, cut to them. */
export function openBetween(calendar: Calendar, from: Instant, to: Instant): IntervalSet {
  const spans: Interval[] = [];
  if (to <= from) return spans;
  const last = yearAt(calendar, to - 1);
  for (let year = yearAt(calendar, from); year <= last; year += 1) {
    const { open } = calendar.year(year);
    for (let index = firstEndingAfter(open, from); index < open.length; index += 1) {
      const span = open[index];
      if (!span || span.from >= to) break;
      spans.push({ from: Math.max(span.from, from), to: Math.min(span.to, to) });
    }
  }
  return setOf(spans);
}

/** Whether any moment of a span is open. */
export function touches(calendar: Calendar, span: Interval): boolean {
  return openMs(calendar, span.from, span.to) > 0;
}

/**
 * The first moment at which `ms` (more than 0) have been open since `from`: at the end of opening
 * hours that is their end, not the next opening. null when the calendar does not open so much
 * within a hundred years.
 */
export function afterOpen(calendar: Calendar, from: Instant, ms: number): Instant | null {
  let year = yearAt(calendar, from);
  let opening = calendar.year(year);
  let wanted = ms + openBefore(opening, from);
  for (let years = 0; years < 100; years += 1) {
    if (wanted <= opening.total) return momentOf(opening, wanted);
    wanted -= opening.total;
    year += 1;
    opening = calendar.year(year);
  }
  return null;
}

/** The first moment from an instant on at which it is open; null when it never is within a century. */
export function nextOpen(calendar: Calendar, from: Instant): Instant | null {
  const afterOne = afterOpen(calendar, from, 1);
  return afterOne === null ? null : afterOne - 1;
}

/** The first moment of a year at which so many milliseconds of it have been open. */
function momentOf(opening: Opening, ms: number): Instant {
  let low = 0;
  let high = opening.open.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((opening.before[middle] ?? 0) < ms) low = middle;
    else high = middle - 1;
  }
  const span = opening.open[low];
  return (span?.from ?? opening.from) + ms - (opening.before[low] ?? 0);
}
