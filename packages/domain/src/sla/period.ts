import type { Instant } from '../ports.ts';
import type { Interval } from '../time/interval.ts';
import { addLocalMonths, localDate, parseInstant, startOfDate } from '../time/zoned.ts';
import type { FactsPeriod } from './facts.ts';

/** Years that a period may name. */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 9000;

const MONTHS_A_YEAR = 12;

export type ContractYear = Extract<FactsPeriod, { kind: 'contract-year' }>;

/** The span of a period; days, months and years are those of `zone`. */
export function spanOf(period: FactsPeriod, zone: string): Interval {
  switch (period.kind) {
    case 'rolling-12-months': {
      const to = parseInstant(period.endingAt);
      return { from: addLocalMonths(to, -MONTHS_A_YEAR, zone), to };
    }
    case 'calendar-year':
      return months(`${String(period.year).padStart(4, '0')}-01-01`, 0, MONTHS_A_YEAR, zone);
    case 'calendar-month':
      return months(`${period.month}-01`, 0, 1, zone);
    case 'contract-year': {
      // Each from the first start date: the 29th of February must not become the 28th for good.
      const before = (period.nth - 1) * MONTHS_A_YEAR;
      return months(period.start, before, before + MONTHS_A_YEAR, zone);
    }
    case 'range':
      return { from: parseInstant(period.from), to: parseInstant(period.to) };
  }
}

/**
 * The contract year of a contract that began on the local date `start` in which an instant lies; null
 * before the first one.
 */
export function contractYearAt(start: string, at: Instant, zone: string): ContractYear | null {
  const yearOf = (date: string): number => Number(date.slice(0, 4));
  const year = (nth: number): ContractYear => ({ kind: 'contract-year', start, nth });
  const nth = yearOf(localDate(at, zone)) - yearOf(start) + 1;
  if (nth < 1) return null;
  if (spanOf(year(nth), zone).from <= at) return year(nth);
  return nth === 1 ? null : year(nth - 1);
}

function months(date: string, first: number, last: number, zone: string): Interval {
  const start = startOfDate(date, zone);
  if (start === null) throw new RangeError(`"${date}" is no date`);
  return { from: addLocalMonths(start, first, zone), to: addLocalMonths(start, last, zone) };
}
