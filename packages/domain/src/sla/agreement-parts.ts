import { openBetween } from '../time/calendar.ts';
import { intersect, setOf, subtract, union, type IntervalSet } from '../time/interval.ts';
import { formatInstant } from '../time/zoned.ts';
import type { Terms } from './agreement-schema.ts';
import { calendarsOf } from './calendars.ts';

/** Years that parts are laid beside each other in: a leap year, and King's Day on either date. */
const YEARS = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2027, 0, 1) };

/**
 * What is wrong with the parts of time of an agreement whose calendars are sound; null when nothing is.
 * Each moment has to be in one part: a second in two would count twice, one in none not at all.
 */
export function faultOfParts(terms: Terms): string | null {
  const parts = Object.entries(terms.availability.parts);
  if (parts.length === 0 || isHalved(terms)) return null;
  const calendar = calendarsOf(terms);
  const laid: { name: string; open: IntervalSet }[] = [];
  let covered: IntervalSet = [];
  for (const [name, { within }] of parts) {
    const open = openBetween(calendar(within ?? 'always'), YEARS.from, YEARS.to);
    const [twice] = intersect(covered, open);
    if (twice) {
      const other = laid.find((part) => intersect(part.open, [twice]).length > 0)?.name ?? '';
      return `lays ${other} and ${name} over each other, such as at ${formatInstant(twice.from)}; let each moment be in one part`;
    }
    laid.push({ name, open });
    covered = union(covered, open);
  }
  const [hole] = subtract(setOf([YEARS]), covered);
  return hole
    ? `has no part for ${formatInstant(hole.from)}, among others; add one within a calendar outside the others (without a norm it is shown, and judged by nothing)`
    : null;
}

/** Whether there are two parts, of which one is all that is outside the other. */
function isHalved({ availability, calendars }: Terms): boolean {
  const [one, other, ...more] = Object.values(availability.parts);
  if (one?.within === undefined || other?.within === undefined || more.length > 0) return false;
  const isOutside = (name: string, of: string): boolean => {
    const rule = calendars[name];
    return rule !== undefined && 'outside' in rule && rule.outside === of;
  };
  return isOutside(one.within, other.within) || isOutside(other.within, one.within);
}
