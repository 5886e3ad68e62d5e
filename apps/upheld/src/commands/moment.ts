import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { parseLocal, wallOf } from '@upheld/domain/time/zoned.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * A moment on a command line: an instant with an offset, or a local time in `zone`. A local time that
 * occurs twice or never is refused with the two instants that may be meant, as a guess would show up
 * in an account. Throws DomainError('invalid-input') that names `option`.
 */
export function parseMoment(text: string, zone: string, option: string): Instant {
  const instant = read(text, zone, option);
  const wall = wallAsWritten(text);
  if (wall === null) return instant;
  const [before, after] = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
  const readings = [wall - before, wall - after];
  const occurs = readings.filter((reading) => wallOf(reading, zone) === wall);
  if (before === after || occurs.length === 1) return instant;
  const [one = instant, other = instant] = readings.sort((a, b) => a - b);
  const what = occurs.length === 0 ? 'does not occur' : 'occurs twice';
  const why = occurs.length === 0 ? 'forward' : 'back';
  throw new DomainError(
    'invalid-input',
    `${option}: ${text} ${what} in ${zone}, as the clocks go ${why}; write ${withOffset(one, zone)} or ${withOffset(other, zone)}`,
  );
}

function read(text: string, zone: string, option: string): Instant {
  try {
    return parseLocal(text, zone);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${option}: ${error.message}`);
  }
}

/** The digits of a local time read as UTC; null where the text has an offset of its own. */
function wallAsWritten(text: string): number | null {
  const local = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/.exec(text);
  return local ? Date.parse(`${local[1] ?? ''}T${local[2] ?? ''}Z`) : null;
}

const offsetAt = (instant: Instant, zone: string): number => wallOf(instant, zone) - instant;

/** An instant as a command line takes it: `2026-12-01T22:00:00+01:00`. */
export function withOffset(instant: Instant, zone: string): string {
  return `${wallText(instant, zone).replace(' ', 'T')}${offsetText(instant, zone)}`;
}

/** An instant for people: `2026-12-01 22:00 +01:00`, with seconds only where there are any. */
export function localTime(instant: Instant, zone: string): string {
  return `${wallText(instant, zone).replace(/:00$/, '')} ${offsetText(instant, zone)}`;
}

function wallText(instant: Instant, zone: string): string {
  return new Date(wallOf(instant, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

function offsetText(instant: Instant, zone: string): string {
  const minutes = Math.round(offsetAt(instant, zone) / MINUTE_MS);
  const digits = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(size / 60)}:${digits(size % 60)}`;
}
