import type { Instant } from '../ports.ts';
import { clip, setOf, type Interval, type IntervalSet } from '../time/interval.ts';
import type { MaintenanceStatus } from './maintenance.ts';

/** When a maintenance was to be, and when it was. */
export interface MaintenanceTimes {
  /** The last announced window. */
  windowFrom: Instant;
  windowTo: Instant;
  cancelledAt: Instant | null;
  workStartedAt: Instant | null;
  workEndedAt: Instant | null;
}

/**
 * Where a maintenance stands. What people said of the work goes before the window: work that was begun
 * goes on until it is finished, also beyond its window, and without a word the window itself was the work.
 */
export function maintenanceStatus(times: MaintenanceTimes, now: Instant): MaintenanceStatus {
  if (times.cancelledAt !== null) return 'cancelled';
  if (times.workEndedAt !== null) return 'completed';
  if (times.workStartedAt !== null) return 'in_progress';
  if (now < times.windowFrom) return 'scheduled';
  return now < times.windowTo ? 'in_progress' : 'completed';
}

/** When the work went on, as far as is known: still going on ends at `now`. Empty when there was none. */
export function workOf(times: MaintenanceTimes, now: Instant): IntervalSet {
  if (times.cancelledAt !== null) return [];
  if (times.workStartedAt === null)
    return setOf([{ from: times.windowFrom, to: Math.min(times.windowTo, now) }]);
  return setOf([{ from: times.workStartedAt, to: times.workEndedAt ?? now }]);
}

/**
 * The work that a page shows as maintenance instead of as a failure: inside the last announced window, and
 * after a window that covers it was first announced. What is announced afterwards hides nothing.
 */
export function announcedWork(
  times: MaintenanceTimes,
  announcements: readonly (Interval & { at: Instant })[],
  now: Instant,
): IntervalSet {
  const inWindow = clip(workOf(times, now), { from: times.windowFrom, to: times.windowTo });
  const known = announcements.flatMap(({ at, from, to }) =>
    clip(inWindow, { from: Math.max(at, from), to }),
  );
  return setOf(known);
}
