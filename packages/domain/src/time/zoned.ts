import { FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { DomainError } from '../errors.ts';
import type { Instant } from '../ports.ts';

/*
 * Local time: the only file that knows luxon, and uses it for the offsets of zones alone.
 *
 * Which instant a local time means never depends on the date of today:
 * - a local time that occurs twice (clocks go back) means its first occurrence;
 * - a local time that does not occur (clocks go forward) is read with the offset from before the
 *   change, so it moves on by the length of the hole. Both as RFC 5545 3.3.5 has it.
 */

const SECOND = 1000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** A local date and time as the milliseconds that they would be in UTC: a wall, not an instant. */
export type Wall = number;

interface Offsets {
  at(instant: Instant): number;
}

const known = new Map<string, Offsets>();

/** Whether `zone` is an IANA name, `UTC`, or a fixed offset such as `+01:00`. */
export function isZone(zone: string): boolean {
  return zone === 'UTC' || fixedOffset(zone) !== null || IANAZone.isValidZone(zone);
}

function fixedOffset(zone: string): number | null {
  const match = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(zone);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

function offsets(zone: string): Offsets {
  let found = known.get(zone);
  if (!found) {
    found = findOffsets(zone);
    known.set(zone, found);
  }
  return found;
}

function findOffsets(zone: string): Offsets {
  const fixed = zone === 'UTC' ? 0 : fixedOffset(zone);
  if (fixed !== null) {
    const offset = FixedOffsetZone.instance(fixed).offset(0) * MINUTE;
    return { at: () => offset };
  }
  if (!IANAZone.isValidZone(zone))
    throw new DomainError(
      'invalid-input',
      `"${zone}" is no time zone; write an IANA name such as Europe/Amsterdam, UTC, or +01:00`,
    );
  return new ZoneTable(IANAZone.create(zone));
}

/** Offsets of one zone, with the changes of each UTC year looked up once: luxon asks Intl every time. */
class ZoneTable implements Offsets {
  readonly #zone: Zone;
  readonly #years = new Map<number, readonly { from: Instant; offset: number }[]>();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  at(instant: Instant): number {
    const year = new Date(instant).getUTCFullYear();
    let changes = this.#years.get(year);
    if (!changes) {
      changes = this.#changesOf(year);
      this.#years.set(year, changes);
    }
    let offset = 0;
    for (const change of changes) {
      if (change.from > instant) break;
      offset = change.offset;
    }
    return offset;
  }

  #changesOf(year: number): { from: Instant; offset: number }[] {
    const end = utcOf(year + 1, 1, 1);
    let at = utcOf(year, 1, 1);
    let offset = this.#ask(at);
    const changes = [{ from: at, offset }];
    while (at < end) {
      const next = Math.min(at + WEEK, end);
      const later = this.#ask(next);
      if (later !== offset) {
        changes.push({ from: this.#changeBetween(at, next), offset: later });
        offset = later;
      }
      at = next;
    }
    return changes;
  }

  #changeBetween(from: Instant, to: Instant): Instant {
    const before = this.#ask(from);
    let low = Math.floor(from / SECOND);
    let high = Math.ceil(to / SECOND);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle * SECOND) === before) low = middle;
      else high = middle;
    }
    return high * SECOND;
  }

  #ask(instant: Instant): number {
    return Math.round(this.#zone.offset(instant) * MINUTE);
  }
}

/** Midnight UTC of a date; unlike Date.UTC also for the years 0 to 99. */
function utcOf(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** Midnight of the 1st of January of a year, as a wall clock time. */
export function wallOfYear(year: number): Wall {
  return utcOf(year, 1, 1);
}

/** The wall clock in `zone` at an instant. */
export function wallOf(instant: Instant, zone: string): Wall {
  return instant + offsets(zone).at(instant);
}

/** The instant that a wall clock time in `zone` means, by the policy above. */
export function instantOf(wall: Wall, zone: string): Instant {
  const table = offsets(zone);
  // No zone changes twice within two days, so these are all the offsets that the wall can have.
  const before = table.at(wall - DAY);
  const after = table.at(wall + DAY);
  const first = wall - before;
  const second = wall - after;
  if (before === after) return first;
  if (table.at(first) === before) return first;
  return table.at(second) === after ? second : first;
}

/** The first instant of the local day in which `instant` lies. */
export function startOfLocalDay(instant: Instant, zone: string): Instant {
  return instantOf(dayOfWall(wallOf(instant, zone)), zone);
}

/** Midnight of the day of a wall clock time, as a wall clock time. */
export function dayOfWall(wall: Wall): Wall {
  return Math.floor(wall / DAY) * DAY;
}

/** Weekday of a wall clock time: 1 Monday to 7 Sunday (ISO 8601). */
export function weekdayOfWall(wall: Wall): number {
  return ((((Math.floor(wall / DAY) + 3) % 7) + 7) % 7) + 1;
}

/** The same wall clock time so many days later, or earlier for a negative number. */
export function addLocalDays(instant: Instant, days: number, zone: string): Instant {
  return days === 0 ? instant : instantOf(wallOf(instant, zone) + days * DAY, zone);
}

/** The same wall clock time so many months later or earlier, the day clamped to the month's last. */
export function addLocalMonths(instant: Instant, months: number, zone: string): Instant {
  if (months === 0) return instant;
  const wall = wallOf(instant, zone);
  const day = dayOfWall(wall);
  const date = new Date(day);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(month / 12);
  const first = utcOf(year, (month % 12) + 1, 1);
  const last = new Date(first);
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  const clamped = Math.min(date.getUTCDate(), last.getUTCDate());
  return instantOf(first + (clamped - 1) * DAY + (wall - day), zone);
}

/** The local date as `YYYY-MM-DD`. */
export function localDate(instant: Instant, zone: string): string {
  return new Date(wallOf(instant, zone)).toISOString().slice(0, 10);
}

/** The local month as `YYYY-MM`. */
export function localMonth(instant: Instant, zone: string): string {
  return localDate(instant, zone).slice(0, 7);
}

/** The first instant of a local date; null when there is no such date. */
export function startOfDate(date: string, zone: string): Instant | null {
  const wall = wallOfDate(date);
  return wall === null ? null : instantOf(wall, zone);
}

/** Midnight of a date written `YYYY-MM-DD`, as a wall clock time; null when there is no such date. */
export function wallOfDate(date: string): Wall | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return null;
  return wallOfFields(Number(match[1]), Number(match[2]), Number(match[3]), 0);
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function wallOfFields(year: number, month: number, day: number, timeOfDay: number): Wall | null {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
  return year > 0 && day >= 1 && day <= last ? utcOf(year, month, day) + timeOfDay : null;
}

/**
 * A wall clock time `YYYY-MM-DD[T ]hh:mm[:ss]` in `zone`, or an ISO instant with an offset, which
 * then leads. Throws DomainError('invalid-input').
 */
export function parseLocal(text: string, zone: string): Instant {
  const withOffset = tryParseInstant(text);
  if (withOffset !== null) return withOffset;
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const time = match ? timeOfDay(Number(match[4]), Number(match[5]), Number(match[6] ?? 0)) : null;
  const wall =
    match && time !== null
      ? wallOfFields(Number(match[1]), Number(match[2]), Number(match[3]), time)
      : null;
  if (wall === null)
    throw new DomainError(
      'invalid-input',
      `"${text}" is no moment; write it as 2026-10-24 19:00 (in ${zone}) or 2026-10-24T19:00:00+02:00`,
    );
  return instantOf(wall, zone);
}

function timeOfDay(hours: number, minutes: number, seconds: number): number | null {
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * SECOND;
}

/** The whole number of so many digits at a place of a text; NaN when other characters stand there. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

const SHAPE = /^.{4}-.{2}-.{2}T.{2}:.{2}:.{2}(Z|[+-].{2}:.{2})$/;

/** The instant of `YYYY-MM-DDThh:mm:ss` with `Z` or an offset `±hh:mm`; null for anything else. */
export function tryParseInstant(text: string): Instant | null {
  // Read by hand: facts may hold a million of these.
  if (!SHAPE.test(text)) return null;
  const time = timeOfDay(digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
  if (time === null) return null;
  const wall = wallOfFields(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), time);
  if (wall === null || text.length === 20) return wall;
  const offset = timeOfDay(digits(text, 20, 2), digits(text, 23, 2), 0);
  if (offset === null) return null;
  return text[19] === '-' ? wall + offset : wall - offset;
}

/** The same; throws DomainError('invalid-input'). */
export function parseInstant(text: string): Instant {
  const instant = tryParseInstant(text);
  if (instant === null)
    throw new DomainError(
      'invalid-input',
      `"${text}" is no instant; write it as 2026-10-24T19:00:00+02:00 or 2026-10-24T17:00:00Z`,
    );
  return instant;
}

/** An instant in UTC to the whole second, `2026-10-24T17:00:00Z`; a fraction of a second is cut. */
export function formatInstant(instant: Instant): string {
  return `${new Date(Math.floor(instant / SECOND) * SECOND).toISOString().slice(0, 19)}Z`;
}
