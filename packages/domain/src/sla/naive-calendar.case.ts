import type { MadeCalendar } from './agreement-arbitrary.case.ts';

/*
 * Calendars of an agreement file, moment by moment, by what the documentation of the language says and
 * with nothing of the code that judges: offsets come from Intl, holidays are written out.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const QUARTER = 15 * MINUTE;

const ATW =
  '2025-12-25 2025-12-26 2026-01-01 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-25 2026-12-25 2026-12-26';
const OFFICIAL = `${ATW} 2026-04-03 2026-04-05 2026-05-24`;
const CLOSED: Record<string, readonly string[]> = {
  none: [],
  atw: ATW.split(' '),
  official: OFFICIAL.split(' '),
};
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const offsets = new Map<string, number>();
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Of a zone at a moment, in milliseconds. No zone of the tests changes within a quarter of an hour. */
function offsetAt(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const key = `${zone} ${Math.floor(at / QUARTER)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = /^[+-]/.test(zone) ? msOf(zone) : msOf(longOffset(at, zone));
    offsets.set(key, offset);
  }
  return offset;
}

function longOffset(at: number, zone: string): string {
  const formatter =
    formatters.get(zone) ??
    new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formatters.set(zone, formatter);
  const name = formatter.formatToParts(at).find(({ type }) => type === 'timeZoneName');
  return name?.value.slice(3) ?? '';
}

function msOf(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
}

/** The wall clock as "2026-03-29 03:00:00". */
export function wallText(at: number, zone: string): string {
  return new Date(at + offsetAt(at, zone)).toISOString().replace('T', ' ').slice(0, 19);
}

/** The first moment at which the wall clock shows this; in a hole, as if the clock had not changed. */
export function momentOf(date: string, time: number, zone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + time;
  const both = [offsetAt(wall - DAY, zone), offsetAt(wall + DAY, zone)];
  for (const offset of both.toSorted((a, b) => b - a))
    if (offsetAt(wall - offset, zone) === offset) return wall - offset;
  return wall - Math.min(...both);
}

export function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

export interface NaiveCalendar {
  zone: string;
  open: (at: number) => boolean;
}

/** A calendar of the file by name. */
export function calendarNamed(
  name: string,
  calendars: Record<string, MadeCalendar>,
  zone: string,
): NaiveCalendar {
  const rule = calendars[name];
  const other = (one: string): NaiveCalendar => calendarNamed(one, calendars, zone);
  if (!rule) return { zone, open: () => true };
  if (rule.outside !== undefined) {
    const inner = other(rule.outside);
    return { zone: inner.zone, open: (at) => !inner.open(at) };
  }
  const all = (rule.allOf ?? rule.anyOf ?? []).map(other);
  if (rule.anyOf) return { zone, open: (at) => all.some((one) => one.open(at)) };
  if (rule.allOf) return { zone, open: (at) => all.every((one) => one.open(at)) };
  return weeklyCalendar(rule, rule.zone ?? zone);
}

interface Span {
  from: number;
  to: number;
}

function weeklyCalendar(rule: MadeCalendar, zone: string): NaiveCalendar {
  const known = new Map<string, Span[]>();
  const spansOn = (date: string): Span[] => {
    let spans = known.get(date);
    if (!spans) {
      spans = isClosed(rule, date) ? [] : spansOfDay(rule, date, zone);
      known.set(date, spans);
    }
    return spans;
  };
  return {
    zone,
    open: (at) => {
      const today = wallText(at, zone).slice(0, 10);
      // A span that ends in a hole of the clock may reach into the day after it.
      return [shiftDate(today, -1), today].some((date) =>
        spansOn(date).some(({ from, to }) => from <= at && at < to),
      );
    },
  };
}

function isClosed(rule: MadeCalendar, date: string): boolean {
  const listed = rule.closedLists?.[date.slice(0, 4)];
  return (listed ?? CLOSED[rule.closed ?? 'none'] ?? []).includes(date);
}

function spansOfDay(rule: MadeCalendar, date: string, zone: string): Span[] {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return Object.entries(rule.hours ?? {})
    .filter(([days]) => isAmong(days, weekday))
    .flatMap(([, spans]) => spans)
    .map((span) => {
      const [from = '', to = ''] = span.split('-');
      return {
        from: momentOf(date, msOf(`+${from}`), zone),
        to: momentOf(date, msOf(`+${to}`), zone),
      };
    });
}

/** Whether a weekday is one of "mon" or "fri-mon": walk from the first until the last is met. */
function isAmong(days: string, weekday: number): boolean {
  const [first = '', last = first] = days.split('-');
  for (let day = WEEKDAYS.indexOf(first); ; day = (day + 1) % 7) {
    if (day === weekday) return true;
    if (WEEKDAYS[day] === last) return false;
  }
}

/** Whether it opens at all on a local day; the hours of the tests are on whole five minutes. */
export function opensOn(calendar: NaiveCalendar, date: string): boolean {
  const end = momentOf(shiftDate(date, 1), 0, calendar.zone);
  for (let at = momentOf(date, 0, calendar.zone); at < end; at += 5 * MINUTE)
    if (calendar.open(at)) return true;
  return false;
}
