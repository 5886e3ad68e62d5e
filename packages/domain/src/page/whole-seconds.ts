import type { Instant } from '../ports.ts';
import type { Interval } from '../time/interval.ts';

const SECOND = 1000;

/** The second in which an instant lies. */
export function floorSecond(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND;
}

/** The first whole second at or after an instant. */
export function ceilSecond(at: Instant): Instant {
  return Math.ceil(at / SECOND) * SECOND;
}

/** A span widened to whole seconds: a second that was touched counts. */
export function inWholeSeconds({ from, to }: Interval): Interval {
  return { from: floorSecond(from), to: ceilSecond(to) };
}
