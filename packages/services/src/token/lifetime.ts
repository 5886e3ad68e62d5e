import type { Instant } from '@upheld/domain/ports.ts';
import { invalidInput } from '../input.ts';

const DAY_MS = 86_400_000;
/** How long a token lasts whose maker does not say. */
export const USUAL_DAYS = 90;
/** The longest that one with an end may last: a leap year. */
export const MOST_DAYS = 366;
const SOON_DAYS = 14;

/** What whoever makes a token without an end is told. */
export const ENDLESS =
  'It has no end: whoever gets hold of it may use it until somebody revokes it. Give it an end where what uses it can be given another one.';

/**
 * When a token ends: after USUAL_DAYS where its maker does not say, never where they say null. Throws
 * DomainError('invalid-input') for a moment that is over, or further away than MOST_DAYS.
 */
export function endOf(asked: Instant | null | undefined, now: Instant): Instant | null {
  if (asked === null) return null;
  if (asked === undefined) return daysFrom(now, USUAL_DAYS);
  const refuse = (message: string) => invalidInput([{ path: 'expiresAt', message }]);
  if (asked <= now) throw refuse('is over already; write a later moment');
  if (asked > now + MOST_DAYS * DAY_MS)
    throw refuse('is more than a year away; write an earlier moment, or say that it has no end');
  return asked;
}

/** A moment so many days of 24 hours later, on a whole second. */
export function daysFrom(now: Instant, days: number): Instant {
  return Math.floor(now / 1000) * 1000 + days * DAY_MS;
}

/** Whether a token that is in use ends within a fortnight. */
export function endsSoon({ expiresAt }: { expiresAt: Instant | null }, now: Instant): boolean {
  return expiresAt !== null && expiresAt > now && expiresAt - now < SOON_DAYS * DAY_MS;
}
