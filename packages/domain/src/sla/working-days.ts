import type { Instant } from '../ports.ts';
import { afterOpen, openMs, yearAt, type Calendar, type Opening } from '../time/calendar.ts';
import type { Interval } from '../time/interval.ts';
import { dayOfWall, instantOf, wallOf, wallOfYear } from '../time/zoned.ts';
import { add, ceil, compare, floor, fraction, minus, type Fraction } from './fraction.ts';

const DAY = 86_400_000;
const SECOND = 1000n;

/** A local day on which a calendar opens. */
export interface OpenDay extends Interval {
  readonly openMs: number;
}

/** The open days of each year of a calendar; a year's opening is made once, so it is the key. */
const tables = new WeakMap<Opening, readonly OpenDay[]>();

function openDays(calendar: Calendar, year: number): readonly OpenDay[] {
  const opening = calendar.year(year);
  let days = tables.get(opening);
  if (!days) {
    days = findOpenDays(calendar, year);
    tables.set(opening, days);
  }
  return days;
}

function findOpenDays(calendar: Calendar, year: number): OpenDay[] {
  const days: OpenDay[] = [];
  const end = wallOfYear(year + 1);
  let wall = wallOfYear(year);
  let from = instantOf(wall, calendar.zone);
  while (wall < end) {
    wall += DAY;
    const to = instantOf(wall, calendar.zone);
    const open = openMs(calendar, from, to);
    if (open > 0) days.push({ from, to, openMs: open });
    from = to;
  }
  return days;
}

/** Index of the last open day of a year that begins at or before an instant; -1 when none does. */
function lastBegunBy(days: readonly OpenDay[], instant: Instant): number {
  let low = -1;
  let high = days.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((days[middle]?.from ?? Infinity) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Open days since the beginning of `baseYear`: whole ones, and the open part of a day begun. */
function position(calendar: Calendar, baseYear: number, instant: Instant): Fraction {
  const year = yearAt(calendar, instant);
  let before = 0;
  for (let past = baseYear; past < year; past += 1) before += openDays(calendar, past).length;
  const days = openDays(calendar, year);
  const index = lastBegunBy(days, instant);
  const day = days[index];
  if (!day) return fraction(before);
  if (instant >= day.to) return fraction(before + index + 1);
  const part = openMs(calendar, day.from, instant);
  return fraction((before + index) * day.openMs + part, day.openMs);
}

/** Working days from `from` to `to`, not before it: of each day the open part that has passed. */
export function workingDaysBetween(calendar: Calendar, from: Instant, to: Instant): Fraction {
  const base = yearAt(calendar, from);
  return minus(position(calendar, base, to), position(calendar, base, from));
}

/** The first whole second at which so many (more than 0) working days have passed since `from`. */
export function afterWorkingDays(
  calendar: Calendar,
  from: Instant,
  workingDays: Fraction,
): Instant | null {
  const base = yearAt(calendar, from);
  const wanted = add(position(calendar, base, from), workingDays);
  // A whole number is reached at the closing of a day, not at the opening of the next.
  const whole = floor(wanted);
  const exact = compare(wanted, { n: whole, d: 1n }) === 0;
  const day = openDayAt(calendar, base, Number(exact ? whole - 1n : whole));
  if (!day) return null;
  const part = exact ? fraction(1) : minus(wanted, { n: whole, d: 1n });
  const seconds = ceil({ n: part.n * BigInt(day.openMs), d: part.d * SECOND });
  return afterOpen(calendar, day.from, Number(seconds * SECOND));
}

function openDayAt(calendar: Calendar, baseYear: number, index: number): OpenDay | null {
  let left = index;
  for (let year = baseYear; year < baseYear + 100; year += 1) {
    const days = openDays(calendar, year);
    const day = days[left];
    if (day) return day;
    left -= days.length;
  }
  return null;
}

/** The n-th (from 1) open day after the local day of `instant`; for a negative n the one before it. */
export function openDayFrom(calendar: Calendar, instant: Instant, n: number): OpenDay | null {
  const base = yearAt(calendar, instant);
  const today = lastBegunBy(openDays(calendar, base), instant);
  if (n > 0) return openDayAt(calendar, base, today + n);
  const isOpenDay = instant < (openDays(calendar, base)[today]?.to ?? -Infinity);
  let index = today + n + (isOpenDay ? 0 : 1);
  let year = base;
  while (index < 0 && year > base - 100) {
    year -= 1;
    index += openDays(calendar, year).length;
  }
  return openDays(calendar, year)[index] ?? null;
}

/** The wall clock time of `instant` on the local day that begins at `day`. */
export function sameClockOn(day: Instant, instant: Instant, zone: string): Instant {
  const wall = wallOf(instant, zone);
  return instantOf(wallOf(day, zone) + (wall - dayOfWall(wall)), zone);
}

/** When an open day closes for the last time. */
export function closingOf(calendar: Calendar, day: OpenDay): Instant {
  return afterOpen(calendar, day.from, day.openMs) ?? day.to;
}
