import { overlap, type Span } from '../page/spans.ts';
import type { Instant } from '../ports.ts';
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

/** When the work went on, as far as is known: still going on ends at `now`. Null when there was none. */
export function workSpan(times: MaintenanceTimes, now: Instant): Span | null {
  if (times.cancelledAt !== null) return null;
  if (times.workStartedAt === null)
    return overlap({ from: times.windowFrom, to: times.windowTo }, { from: -Infinity, to: now });
  const to = times.workEndedAt ?? now;
  return times.workStartedAt < to ? { from: times.workStartedAt, to } : null;
}

/**
 * The work that a page shows as maintenance instead of as a failure: inside the last announced window, and
 * after a window that covers it was first announced. What is announced afterwards hides nothing.
 */
export function announcedWork(
  times: MaintenanceTimes,
  announcements: readonly { at: Instant; from: Instant; to: Instant }[],
  now: Instant,
): Span[] {
  const work = workSpan(times, now);
  const shown = work && overlap(work, { from: times.windowFrom, to: times.windowTo });
  if (!shown) return [];
  return announcements.flatMap(({ at, from, to }) => {
    const known = overlap(shown, { from: Math.max(at, from), to });
    return known ? [known] : [];
  });
}
