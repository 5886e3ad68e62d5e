import type { Facts } from './facts.ts';

/*
 * A second reading of the contracts, on purpose as plain as can be: it walks through time in small
 * steps and asks at each of them what goes on, with every rule of every supplier written out. It knows
 * nothing of the agreement files, of sets, of luxon or of holidays but those of 2026.
 */

/** Facts of the tests begin and end on whole steps, so a step lies wholly in one state. */
export const STEP = 900_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const ATW = ['01-01', '04-06', '04-27', '05-05', '05-14', '05-25', '12-25', '12-26'];
const OFFICIAL = [...ATW, '04-03', '04-05', '05-24'];

export const ms = (text: string): number => Date.parse(text);

interface Local {
  date: string;
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  hour: number;
}

const formatter = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Amsterdam',
  dateStyle: 'short',
  timeStyle: 'medium',
});
const cache = new Map<number, string>();

/** The wall clock: "2026-03-29 03:00:00". */
export function wall(at: number, zone: string): string {
  if (zone === 'utc') return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  if (zone === 'utc+1') return wall(at + HOUR, 'utc');
  const quarter = Math.floor(at / STEP) * STEP;
  let text = cache.get(quarter);
  if (text === undefined) {
    text = formatter.format(quarter);
    cache.set(quarter, text);
  }
  const later = new Date(`${text.replace(' ', 'T')}Z`).getTime() + (at - quarter);
  return new Date(later).toISOString().replace('T', ' ').slice(0, 19);
}

function local(at: number, zone: string): Local {
  const text = wall(at, zone);
  const date = text.slice(0, 10);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  const [h = 0, m = 0, s = 0] = text.slice(11).split(':').map(Number);
  return { date, weekday, hour: h + m / 60 + s / 3600 };
}

export type Open = (at: number) => boolean;
export interface Hours {
  zone: string;
  open: Open;
}

export function reading(facts: Facts, id: string, byDefault: string): string {
  return facts.readings?.[id] ?? byDefault;
}

/** The calendar of the supplier's desk. */
export function deskHours(facts: Facts): Hours {
  const closed = (list: readonly string[], { date }: Local): boolean =>
    list.includes(date.slice(5));
  const between = ({ hour }: Local, from: number, to: number): boolean => hour >= from && hour < to;
  const make = (zone: string, isOpen: (now: Local) => boolean): Hours => ({
    zone,
    open: (at) => {
      const now = local(at, zone);
      return now.weekday <= 5 && isOpen(now);
    },
  });
  switch (facts.agreement) {
    case 'spotonmedics':
      return make(
        reading(facts, 'S3', 'amsterdam'),
        (now) => !closed(OFFICIAL, now) && (between(now, 8, 12) || between(now, 14, 17.5)),
      );
    case 'flexkids':
      return make('amsterdam', (now) => !closed(ATW, now) && between(now, 8.5, 17));
    case 'infravision-cloud':
    case 'infravision-onpremise':
      return make(
        reading(facts, 'I1', 'amsterdam'),
        (now) =>
          !(reading(facts, 'I2', 'none') === 'atw' && closed(ATW, now)) && between(now, 8.5, 17.5),
      );
    case 'fundament-it':
      return make(
        reading(facts, 'U10', 'gmt') === 'gmt' ? 'utc' : 'amsterdam',
        (now) => !closed(OFFICIAL, now) && between(now, 8, 18),
      );
    default:
      return make(
        'amsterdam',
        (now) => !closed(ATW, now) && between(now, 8, [1, 4].includes(now.weekday) ? 20 : 17),
      );
  }
}

/** The preferred hours of maintenance; null where there are none. */
export function preferred(facts: Facts): Open | null {
  if (facts.agreement === 'spotonmedics') {
    const desk = deskHours(facts);
    return (at) => !desk.open(at);
  }
  if (facts.agreement === 'flexkids')
    return (at) => {
      const { weekday, hour, date } = local(at, 'amsterdam');
      if (weekday >= 6) return true;
      return !ATW.includes(date.slice(5)) && (hour < 7 || hour >= 21);
    };
  if (facts.agreement === 'fundament-it')
    return (at) => {
      const { weekday, hour } = local(at, 'amsterdam');
      return weekday >= 6 || (weekday === 5 && hour >= 18) || (weekday === 1 && hour < 3);
    };
  return null;
}

/** What a step-wise walk counts, in milliseconds. */
export function count(from: number, to: number, holds: Open): number {
  let sum = 0;
  for (let at = from; at < to; at += STEP) if (holds(at)) sum += Math.min(STEP, to - at);
  return sum;
}

export function isPart(facts: Facts, customers: readonly string[] | undefined): boolean {
  return !customers || (facts.customer !== undefined && customers.includes(facts.customer));
}

/** The period of the tests is always a range. */
export function periodOf(facts: Facts): { from: number; to: number; asOf: number; end: number } {
  if (facts.period.kind !== 'range') throw new Error('the naive reading knows only ranges');
  const from = ms(facts.period.from);
  const to = ms(facts.period.to);
  const asOf = facts.asOf === undefined ? to : ms(facts.asOf);
  return { from, to, asOf, end: Math.min(to, asOf) };
}

/** The first moment of which the wall clock shows this, or the one that the hole moves it to. */
export function atWall(text: string): number {
  const asUtc = ms(`${text.replace(' ', 'T')}Z`);
  for (const offset of [2 * HOUR, HOUR])
    if (wall(asUtc - offset, 'amsterdam') === text) return asUtc - offset;
  return asUtc - HOUR;
}
