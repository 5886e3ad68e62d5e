import type { Instant } from '../ports.ts';
import { afterOpen, openMs, type Calendar } from '../time/calendar.ts';
import type { IntervalSet } from '../time/interval.ts';
import { addLocalDays, addLocalMonths } from '../time/zoned.ts';
import type { Terms } from './agreement-schema.ts';
import type { Amount } from './agreement-values.ts';
import { add, compare, fraction, minus, times, ZERO, type Fraction } from './fraction.ts';
import {
  afterWorkingDays,
  closingOf,
  openDayFrom,
  sameClockOn,
  workingDaysBetween,
} from './working-days.ts';

const HOUR = 3_600_000;
const HALF = fraction(1, 2);

/** A target of a clock that has started. */
export interface Term {
  /** The first whole second at which it is reached; null when that is never. */
  readonly due: Instant | null;
  /** The same for half of it; null where half has no meaning. */
  half(): Instant | null;
  /** Whether a clock that runs until then is late. */
  isLateAt(until: Instant): boolean;
}

interface Setting {
  calendar: Calendar;
  pauses: IntervalSet;
  start: Instant;
  workingDays: NonNullable<Terms['tickets']>['workingDays'];
  /** Of local days and months. */
  zone: string;
}

/** The target of a clock in its calendar, with its pauses. */
export function termOf(target: Amount, setting: Setting): Term {
  const { start, zone } = setting;
  if ('localDays' in target) return dated(addLocalDays(start, target.localDays, zone));
  if ('localWeeks' in target) return dated(addLocalDays(start, 7 * target.localWeeks, zone));
  if ('localMonths' in target) return dated(addLocalMonths(start, target.localMonths, zone));
  if ('hours' in target)
    return counted(fraction(Math.round(target.hours * HOUR)), openTime, setting);
  if (setting.workingDays === 'day-fraction')
    return counted(fraction(target.workingDays), workingTime, setting);
  return dated(onOpenDay(target.workingDays, setting));
}

/** A date on the wall: pauses do not move it, and late is what is after it. */
function dated(due: Instant | null): Term {
  return { due, half: () => null, isLateAt: (until) => due !== null && until > due };
}

function onOpenDay(days: number, { calendar, start, workingDays }: Setting): Instant | null {
  const day = openDayFrom(calendar, start, days);
  if (!day) return null;
  return workingDays === 'end-of-day'
    ? closingOf(calendar, day)
    : sameClockOn(day.from, start, calendar.zone);
}

/** A way to count time in a calendar. */
interface Measure {
  between(calendar: Calendar, from: Instant, to: Instant): Fraction;
  after(calendar: Calendar, from: Instant, amount: Fraction): Instant | null;
}

const openTime: Measure = {
  between: (calendar, from, to) => fraction(openMs(calendar, from, to)),
  after: (calendar, from, amount) => afterOpen(calendar, from, wholeSeconds(amount)),
};

const workingTime: Measure = { between: workingDaysBetween, after: afterWorkingDays };

function wholeSeconds(ms: Fraction): number {
  return Math.ceil(Number(ms.n) / Number(ms.d) / 1000) * 1000;
}

function counted(amount: Fraction, measure: Measure, setting: Setting): Term {
  return {
    due: reachedAt(amount, measure, setting),
    half: () => reachedAt(times(amount, HALF), measure, setting),
    isLateAt: (until) => compare(countedUntil(until, measure, setting), amount) > 0,
  };
}

/** What has been counted since the start, pauses left out. */
function countedUntil(until: Instant, measure: Measure, setting: Setting): Fraction {
  const { calendar, start } = setting;
  let sum = ZERO;
  let from = start;
  for (const pause of setting.pauses) {
    if (pause.to <= from) continue;
    if (pause.from >= until) break;
    if (pause.from > from) sum = add(sum, measure.between(calendar, from, pause.from));
    from = pause.to;
  }
  return from < until ? add(sum, measure.between(calendar, from, until)) : sum;
}

function reachedAt(amount: Fraction, measure: Measure, setting: Setting): Instant | null {
  const { calendar, start } = setting;
  let left = amount;
  let from = start;
  for (const pause of setting.pauses) {
    if (pause.to <= from) continue;
    if (pause.from > from) {
      const passed = measure.between(calendar, from, pause.from);
      if (compare(passed, left) >= 0) break;
      left = minus(left, passed);
    }
    from = pause.to;
  }
  return measure.after(calendar, from, left);
}
