import type { Roster, RosterOverride } from '@upheld/domain/desk/roster.ts';
import { parseLocal, wallOfDate } from '@upheld/domain/time/zoned.ts';
import type { RosterConfig } from './schema.ts';

const MINUTE = 60_000;
const DAYS_OF_WEEK = 7;

/**
 * A roster of the configuration as a rule that can be asked; `zone` is that of the configuration, `later`
 * are those who took over since, which lead. Throws DomainError for what the check of it refuses.
 */
export function rosterOf(
  { zone: own, people, every, handover, start, overrides }: RosterConfig,
  zone: string,
  later: readonly RosterOverride[] = [],
): Roster {
  const inZone = own ?? zone;
  const [hours = 0, minutes = 0] = handover.at.split(':').map(Number);
  return {
    zone: inZone,
    people,
    begins: (wallOfDate(start) ?? 0) + (hours * 60 + minutes) * MINUTE,
    days: daysOf(every),
    overrides: [
      ...overrides.map(({ from, to, person }) => ({
        from: parseLocal(from, inZone),
        to: parseLocal(to, inZone),
        person,
      })),
      ...later,
    ],
  };
}

/** How long a turn is, in days. */
export function daysOf({ days, weeks }: RosterConfig['every']): number {
  return days ?? (weeks ?? 1) * DAYS_OF_WEEK;
}
