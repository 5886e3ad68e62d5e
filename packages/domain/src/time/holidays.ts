import { gregorianEaster } from 'date-easter';
import { wallOfDate, weekdayOfWall, type Wall } from './zoned.ts';

const DAY = 86_400_000;
const SUNDAY = 7;

/** A yearly day: a date, the date before it when it falls on a Sunday, or days after Easter Sunday. */
type YearlyDay = { date: string; onSunday?: string } | { afterEaster: number };

/** Algemene termijnenwet article 3, first paragraph: the generally recognised holidays. */
const ATW: readonly YearlyDay[] = [
  { date: '01-01' },
  { afterEaster: 1 },
  { date: '04-27', onSunday: '04-26' },
  { date: '05-05' },
  { afterEaster: 39 },
  { afterEaster: 50 },
  { date: '12-25' },
  { date: '12-26' },
];

/** The list usually published as the Dutch official holidays. */
const OFFICIAL: readonly YearlyDay[] = [
  ...ATW,
  { afterEaster: -2 },
  { afterEaster: 0 },
  { afterEaster: 49 },
];

const SETS = { none: [], atw: ATW, official: OFFICIAL } as const;

export const CLOSED_DAY_SETS = ['none', 'atw', 'official'] as const satisfies (keyof typeof SETS)[];
export type ClosedDaySet = (typeof CLOSED_DAY_SETS)[number];

/** The days of a set in a year, as wall clock midnights, in order. */
export function closedDays(set: ClosedDaySet, year: number): readonly Wall[] {
  return SETS[set].map((day) => dayIn(day, year)).sort((a, b) => a - b);
}

function dayIn(day: YearlyDay, year: number): Wall {
  if ('afterEaster' in day) {
    const easter = gregorianEaster(year);
    return wallOf(year, `${pad(easter.month)}-${pad(easter.day)}`) + day.afterEaster * DAY;
  }
  const wall = wallOf(year, day.date);
  const moves = day.onSunday !== undefined && weekdayOfWall(wall) === SUNDAY;
  return moves ? wallOf(year, day.onSunday ?? day.date) : wall;
}

function wallOf(year: number, monthDay: string): Wall {
  const wall = wallOfDate(`${String(year).padStart(4, '0')}-${monthDay}`);
  if (wall === null) throw new RangeError(`no ${monthDay} in ${year}`);
  return wall;
}

const pad = (value: number): string => String(value).padStart(2, '0');
