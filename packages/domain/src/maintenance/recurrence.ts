import rrule, { type Options } from 'rrule';
import { DomainError } from '../errors.ts';
import type { Instant } from '../ports.ts';
import { instantOf, tryParseInstant, wallOf, type Wall } from '../time/zoned.ts';

/*
 * Dates that come back by an RRULE (RFC 5545, 3.3.10). The library counts on a wall clock without a zone,
 * which it writes as if it were UTC; what instant a wall clock time means is for zoned.ts alone. So 02:00
 * stays 02:00 across both changes of the clock; in the hour that does not exist it moves on by its length,
 * in the one that occurs twice it is the first.
 */

const DAY = 86_400_000;
/** Nothing that comes back is looked for further away. */
const HORIZON = 5 * 366 * DAY;

const ALWAYS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST'];
/**
 * The parts that a rule may have beside those, by its frequency. The time of day is that of the start, and
 * what can be said in two ways is said in one: a rule that fits no day would be looked through to the year
 * 9999, which takes half a minute for one that is daily.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  DAILY: [],
  WEEKLY: ['BYDAY'],
  MONTHLY: ['BYDAY', 'BYMONTHDAY', 'BYSETPOS'],
  YEARLY: ['BYDAY', 'BYMONTHDAY', 'BYMONTH'],
};
const WEEKDAYS = '(MO|TU|WE|TH|FR|SA|SU)';
const SHAPES: Readonly<Record<string, { shape: RegExp; example: string }>> = {
  INTERVAL: { shape: /^[1-9]\d{0,2}$/, example: '2' },
  COUNT: { shape: /^[1-9]\d{0,2}$/, example: '10' },
  BYDAY: { shape: list(`([+-]?[1-4])?${WEEKDAYS}`), example: 'SU or 1SU' },
  BYMONTHDAY: { shape: list('-?([1-9]|[12]\\d|3[01])'), example: '15 or -1' },
  BYMONTH: { shape: list('([1-9]|1[0-2])'), example: '6' },
  BYSETPOS: { shape: /^-?[1-4]$/, example: '-1' },
  WKST: { shape: new RegExp(`^${WEEKDAYS}$`), example: 'MO' },
};

function list(item: string): RegExp {
  return new RegExp(`^${item}(,${item})*$`);
}

export interface Recurrence {
  /** Such as `FREQ=WEEKLY;BYDAY=SU`; without DTSTART. */
  rrule: string;
  zone: string;
  /** The first start on the wall clock of `zone`: `YYYY-MM-DDTHH:mm:ss`. */
  localStart: string;
}

/** What is wrong with a rule; null when nothing is. */
export function faultOfRule(rule: string): string | null {
  const parts = partsOf(rule);
  if (!parts) return 'is no RRULE; write one such as FREQ=WEEKLY;BYDAY=SU';
  const frequency = parts.get('FREQ') ?? '';
  const own = PARTS[frequency];
  if (!own) return `needs FREQ, one of ${Object.keys(PARTS).join(', ')}`;
  const known = [...ALWAYS, ...own];
  for (const [name, value] of parts) {
    if (!known.includes(name))
      return `says ${name}; with ${frequency} it may say ${known.join(', ')}`;
    const form = SHAPES[name];
    if (form && !form.shape.test(value))
      return `cannot be read at ${name}; write it as ${form.example}`;
  }
  return faultOfParts(parts);
}

function faultOfParts(parts: ReadonlyMap<string, string>): string | null {
  if (parts.has('COUNT') && parts.has('UNTIL'))
    return 'says COUNT and UNTIL; one of them is enough';
  if (parts.has('UNTIL') && untilOf(parts.get('UNTIL') ?? '', 'UTC') === null)
    return 'cannot be read at UNTIL; write it as 20271231 or 20271231T220000Z';
  return faultOfDays(parts, parts.get('BYDAY') ?? '');
}

function faultOfDays(parts: ReadonlyMap<string, string>, byDay: string): string | null {
  if (byDay !== '' && parts.has('BYMONTHDAY'))
    return 'says BYDAY and BYMONTHDAY; one of them is enough';
  if (parts.has('BYSETPOS') && !/^[A-Z,]+$/.test(byDay))
    return 'says BYSETPOS without weekdays in BYDAY, such as BYDAY=MO,TU,WE,TH,FR';
  if (parts.get('FREQ') === 'WEEKLY' && /\d/.test(byDay))
    return 'says which weekday of a month; that is for FREQ=MONTHLY';
  return null;
}

function partsOf(rule: string): Map<string, string> | null {
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const match = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part);
    if (!match?.[1] || !match[2] || parts.has(match[1])) return null;
    parts.set(match[1], match[2]);
  }
  return parts;
}

/** An UNTIL as a wall clock time: a date means the whole of that day. */
function untilOf(text: string, zone: string): Wall | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(text);
  if (!match) return null;
  const [, year, month, day, hours = '23', minutes = '59', seconds = '59', utc] = match;
  const instant = tryParseInstant(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return instant !== null && utc === 'Z' ? wallOf(instant, zone) : instant;
}

/**
 * The starts from `from` up to but not at `to`, in their order, at most `limit`. Throws
 * DomainError('invalid-input') for a rule or a start that cannot be read.
 */
export function occurrencesBetween(
  { rrule: rule, zone, localStart }: Recurrence,
  from: Instant,
  to: Instant,
  limit = 500,
): Instant[] {
  const fault = faultOfRule(rule);
  if (fault !== null) throw new DomainError('invalid-input', `the rule ${fault}`);
  const start = tryParseInstant(`${localStart}Z`);
  if (start === null)
    throw new DomainError('invalid-input', `"${localStart}" is no wall clock time`);
  // A wall clock is never further from UTC than this, and neither is a change of it.
  const last = wallOf(to, zone) + DAY;
  const first = wallOf(from, zone) - DAY;
  const until = untilOf(partsOf(rule)?.get('UNTIL') ?? '', zone) ?? Infinity;
  const options: Partial<Options> = {
    ...rrule.RRule.parseString(rule),
    dtstart: new Date(start),
    // Without an end a rule that fits no day is looked through to the year 9999.
    until: new Date(Math.min(until, last)),
    tzid: null,
  };
  const found: Instant[] = [];
  if (last < start) return found;
  new rrule.RRule(options).all((date) => {
    const at = instantOf(date.getTime(), zone);
    if (date.getTime() >= first && at >= from && at < to) found.push(at);
    return found.length < limit;
  });
  return found;
}

/** The next starts from an instant on, at most `limit`; fewer when the rule ends. */
export function nextOccurrences(recurrence: Recurrence, from: Instant, limit: number): Instant[] {
  return occurrencesBetween(recurrence, from, from + HORIZON, limit);
}
