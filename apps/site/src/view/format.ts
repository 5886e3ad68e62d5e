import type { Instant } from '@upheld/domain/ports.ts';
import type { Dictionary } from '../i18n/dictionary.ts';

/** How figures and moments are written in one language, in the zone of the page. */
export interface Formats {
  zone: string;
  /** 21 november 2026 */
  date(instant: Instant): string;
  /** zaterdag 21 november 2026 om 10:30 */
  moment(instant: Instant): string;
  /** 21 nov 10:30 */
  shortMoment(instant: Instant): string;
  /** 10:30 */
  time(instant: Instant): string;
  /** From and to in one phrase, the day once when it is the same, with the name of the zone. */
  window(from: Instant, to: Instant): string;
  /** A local date YYYY-MM-DD: 21 november 2026 */
  day(date: string): string;
  /** The same without its year: 21 nov */
  shortDay(date: string): string;
  /** A month YYYY-MM: november 2026 */
  month(month: string): string;
  /** YYYY-MM of an instant. */
  monthOf(instant: Instant): string;
  /** Seconds in the two largest units, the rest cut off: 2 d 3 u, 12 min 30 s. */
  duration(seconds: number): string;
  /** The same without days: 87 u 36 min. */
  hours(seconds: number): string;
  /** A decimal string, cut (never rounded) to at most `digits` decimals: 99,982% */
  percent(decimal: string, digits?: number): string;
}

const cache = new Map<string, Formats>();

/** The formats of a language and an IANA zone; making them is slow, so they are kept. */
export function formats(t: Dictionary, zone: string): Formats {
  const key = `${t.locale} ${zone}`;
  const known = cache.get(key);
  if (known) return known;
  const made = makeFormats(t, zone);
  cache.set(key, made);
  return made;
}

function makeFormats(t: Dictionary, zone: string): Formats {
  const intl = (
    options: Intl.DateTimeFormatOptions,
    timeZone = zone,
  ): ((at: Instant) => string) => {
    const format = new Intl.DateTimeFormat(t.locale, { timeZone, ...options });
    return (at) => format.format(at);
  };
  const long = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const moment = intl({ weekday: 'long', ...long, ...clock });
  const momentInZone = intl({ weekday: 'short', ...long, ...clock, timeZoneName: 'short' });
  const timeInZone = intl({ ...clock, timeZoneName: 'short' });
  const start = intl({ weekday: 'short', ...long, ...clock });
  const date = intl(long);
  const plainDay = intl(long, 'UTC');
  const plainShort = intl({ day: 'numeric', month: 'short' }, 'UTC');
  const plainMonth = intl({ month: 'long', year: 'numeric' }, 'UTC');
  const iso = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
  });
  return {
    zone,
    date,
    moment,
    shortMoment: intl({ day: 'numeric', month: 'short', ...clock }),
    time: intl(clock),
    window: (from, to) =>
      `${start(from)} – ${date(from) === date(to) ? timeInZone(to) : momentInZone(to)}`,
    day: (text) => plainDay(noonOf(text)),
    shortDay: (text) => plainShort(noonOf(text)),
    month: (text) => plainMonth(noonOf(`${text}-01`)),
    monthOf: (at) => iso.format(at),
    duration: (seconds) => units(t, seconds, true),
    hours: (seconds) => units(t, seconds, false),
    percent: (decimal, digits = 3) => `${cut(decimal, digits, t.locale)}%`,
  };
}

/** A local date as an instant that is on that date in UTC. */
function noonOf(date: string): Instant {
  return Date.parse(`${date}T12:00:00Z`);
}

// A duration is read as one figure, so it is never broken over two lines.
const NO_BREAK = '\u00a0';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
// Only a unit in which a duration is told; no calendar is asked.
const DAY = 24 * HOUR;

function units({ units: names }: Dictionary, seconds: number, withDays: boolean): string {
  const sizes: readonly (readonly [number, string])[] = [
    ...(withDays ? [[DAY, names.day] as const] : []),
    [HOUR, names.hour],
    [MINUTE, names.minute],
    [1, names.second],
  ];
  const whole = Math.max(0, Math.floor(seconds));
  const first = sizes.findIndex(([size]) => whole >= size);
  if (first < 0) return `0${NO_BREAK}${names.second}`;
  let rest = whole;
  const parts: string[] = [];
  for (const [size, name] of sizes.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${NO_BREAK}${name}`);
  }
  return parts.join(NO_BREAK);
}

function cut(decimal: string, digits: number, locale: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const kept = fraction.slice(0, digits).replace(/0+$/, '');
  if (kept === '') return whole;
  return `${whole}${locale.startsWith('nl') ? ',' : '.'}${kept}`;
}
