import type { MonitorConfig } from '@upheld/config/schema.ts';
import { nextDue, phaseOf } from '@upheld/domain/monitor/schedule.ts';
import type { Instant } from '@upheld/domain/ports.ts';

const LONGEST_DEFAULT_RETRY_MS = 15_000;
const SHORTEST_GRACE_MS = 2500;
const LONGEST_GRACE_MS = 30_000;

/** Time between checks while a streak may still become a transition. */
export function retryIntervalOf({ retryInterval, interval }: MonitorConfig): number {
  return retryInterval ?? Math.min(interval, LONGEST_DEFAULT_RETRY_MS);
}

/** The next check on the grid of a monitor: ids spread over the interval, and no lateness adds up. */
export function nextOnGrid({ id, interval }: MonitorConfig, after: Instant): Instant {
  return nextDue(after, interval, phaseOf(id, interval));
}

/**
 * An early check for a monitor of which nothing is known now: all of `count` are spread over a few
 * seconds, so that a start is neither blind for an interval nor a stampede.
 */
export function soon({ id, interval }: MonitorConfig, now: Instant, count: number): Instant {
  const window = Math.min(interval, Math.max(1000, 5 * count));
  return now + phaseOf(id, window);
}

/**
 * Since when nobody knew, if a check came too late: what a check saw holds until the next one was due,
 * and somewhat longer. Null when it came in time, or the clock was set back.
 */
export function blindSince(
  { interval }: MonitorConfig,
  last: Instant,
  at: Instant,
): Instant | null {
  const grace = Math.min(LONGEST_GRACE_MS, Math.max(SHORTEST_GRACE_MS, interval / 2));
  return at - last > interval + grace ? last + interval : null;
}
