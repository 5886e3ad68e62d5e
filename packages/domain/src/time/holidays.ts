import { gregorianEaster } from 'date-easter';
import type { Localised } from '../text.ts';
import { wallOfDate, weekdayOfWall, type Wall } from './zoned.ts';

const DAY = 86_400_000;
const SUNDAY = 7;

/** A yearly day: a date, the date before it when it falls on a Sunday, or days after Easter Sunday. */
type YearlyDay = { name: Localised } & (
  { date: string; onSunday?: string } | { afterEaster: number }
);

/** Algemene termijnenwet article 3, first paragraph: the generally recognised holidays. */
const ATW: readonly YearlyDay[] = [
  { name: { nl: 'Nieuwjaarsdag', en: 'New Year’s Day' }, date: '01-01' },
  { name: { nl: 'Tweede Paasdag', en: 'Easter Monday' }, afterEaster: 1 },
  { name: { nl: 'Koningsdag', en: 'King’s Day' }, date: '04-27', onSunday: '04-26' },
  { name: { nl: 'Bevrijdingsdag', en: 'Liberation Day' }, date: '05-05' },
  { name: { nl: 'Hemelvaartsdag', en: 'Ascension Day' }, afterEaster: 39 },
  { name: { nl: 'Tweede Pinksterdag', en: 'Whit Monday' }, afterEaster: 50 },
  { name: { nl: 'Eerste Kerstdag', en: 'Christmas Day' }, date: '12-25' },
  { name: { nl: 'Tweede Kerstdag', en: 'Boxing Day' }, date: '12-26' },
];

/** The list usually published as the Dutch official holidays. */
const OFFICIAL: readonly YearlyDay[] = [
  ...ATW,
  { name: { nl: 'Goede Vrijdag', en: 'Good Friday' }, afterEaster: -2 },
  { name: { nl: 'Eerste Paasdag', en: 'Easter Sunday' }, afterEaster: 0 },
  { name: { nl: 'Eerste Pinksterdag', en: 'Whit Sunday' }, afterEaster: 49 },
];

const SETS = { none: [], atw: ATW, official: OFFICIAL } as const;

export const CLOSED_DAY_SETS = ['none', 'atw', 'official'] as const satisfies (keyof typeof SETS)[];
export type ClosedDaySet = (typeof CLOSED_DAY_SETS)[number];

/** The days of a set in a year, as wall clock midnights, in order. */
export function closedDays(set: ClosedDaySet, year: number): readonly Wall[] {
  return SETS[set].map((day) => dayIn(day, year)).sort((a, b) => a - b);
}

/** What people call a day of any set, by its wall clock midnight; null for days of no set. */
export function nameOfHoliday(midnight: Wall): Localised | null {
  const year = new Date(midnight).getUTCFullYear();
  return OFFICIAL.find((day) => dayIn(day, year) === midnight)?.name ?? null;
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
