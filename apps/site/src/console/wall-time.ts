import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { instantOf, wallOf } from '@upheld/domain/time/zoned.ts';
import { parseLocal } from '@upheld/domain/time/zoned.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const CLOCKS_CHANGE = 'as the clocks change';

/**
 * The instant of a field of type datetime-local, a wall clock time in `zone`. A time that occurs twice
 * or never (the clocks change) is refused, as a guess would show up in an account. An instant with an
 * offset is taken as it is. Throws DomainError('invalid-input') with a fault at `field`.
 */
export function momentOfWall(text: string, zone: string, field: string): Instant {
  const refuse = (message: string): DomainError =>
    new DomainError('invalid-input', `${field} ${message}`, [{ path: field, message }]);
  let instant: Instant;
  try {
    instant = parseLocal(text, zone);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw refuse('is no moment; write it as 2026-10-24T19:00');
  }
  const written = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/.exec(text);
  if (!written) return instant;
  const wall = Date.parse(`${written[1] ?? ''}T${written[2] ?? ''}Z`);
  const offsets = [instant - DAY_MS, instant + DAY_MS].map((at) => wallOf(at, zone) - at);
  const readings = [...new Set(offsets)].map((offset) => wall - offset).sort((a, b) => a - b);
  const occurring = readings.filter((reading) => wallOf(reading, zone) === wall);
  if (readings.length === 1 || occurring.length === 1) return instant;
  const [one = instant, other = instant] = readings;
  throw refuse(
    `${occurring.length === 0 ? 'does not occur' : 'occurs twice'} in ${zone}, ${CLOCKS_CHANGE}; ` +
      `write ${withOffset(one, zone)} or ${withOffset(other, zone)}`,
  );
}

/**
 * Whether a field has to take text, as one of type datetime-local has no room for an offset: where one
 * is asked for by what is wrong with it, and where one was typed.
 */
export function takesOffset(shown: string, error: string | null): boolean {
  return error?.includes(CLOCKS_CHANGE) === true || /[zZ]$|[+-]\d{2}:?\d{2}$/.test(shown.slice(10));
}

/** An instant as somebody at a clock of `zone` writes it: 2026-10-25T02:30:00+02:00. */
function withOffset(at: Instant, zone: string): string {
  const minutes = Math.round((wallOf(at, zone) - at) / MINUTE_MS);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = [hours, rest].map((part) => String(part).padStart(2, '0')).join(':');
  return `${wallText(at, zone)}:00${minutes < 0 ? '-' : '+'}${offset}`;
}

/** What a field of type datetime-local shows for an instant: YYYY-MM-DDTHH:mm on the clock of `zone`. */
export function wallText(at: Instant, zone: string): string {
  return new Date(wallOf(at, zone)).toISOString().slice(0, 16);
}

/** The next whole `minutes` at or after an instant, on the clock of `zone`: where a form begins. */
export function nextRound(at: Instant, minutes: number, zone: string): Instant {
  const step = minutes * 60_000;
  return instantOf(Math.ceil(wallOf(at, zone) / step) * step, zone);
}
