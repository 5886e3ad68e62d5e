import type { Clock, Instant } from '@upheld/domain/ports.ts';

/** Below it the difference is that between two readings, one after the other. */
const SAME_MS = 1000;

/**
 * How far the product's clock is ahead of the machine's, which libraries read by themselves. Nothing in
 * production; in tests, where the product's clock stands still, what was stored stays true for both.
 */
export function aheadOfMachine(clock: Pick<Clock, 'now'>): number {
  const ahead = clock.now() - Date.now();
  return Math.abs(ahead) < SAME_MS ? 0 : ahead;
}

/** The product's present as the machine's clock would tell it, for a library that compares with that. */
export function machineNow(clock: Pick<Clock, 'now'>): Date {
  return asOfMachine(clock, clock.now());
}

/** An instant of ours as the machine's clock would tell it. */
export function asOfMachine(clock: Pick<Clock, 'now'>, at: Instant): Date {
  return new Date(at - aheadOfMachine(clock));
}
