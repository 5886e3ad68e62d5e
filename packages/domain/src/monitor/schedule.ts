import type { Instant } from '../ports.ts';

/**
 * Where in its interval a monitor is checked, 0 ≤ phase < interval, from its id alone: monitors spread
 * over the interval, and a restart goes on with the same grid.
 */
export function phaseOf(monitorId: string, intervalMs: number): number {
  // FNV-1a, then MurmurHash3's finaliser: without it, web-1 and web-2 are neighbours in time as well.
  let hash = 0x811c9dc5;
  for (let index = 0; index < monitorId.length; index += 1)
    hash = Math.imul(hash ^ monitorId.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return Math.floor((hash / 2 ** 32) * intervalMs);
}

/** The first moment after `after` at which the grid of a monitor wants a check. */
export function nextDue(after: Instant, intervalMs: number, phase: number): Instant {
  return Math.floor((after - phase) / intervalMs + 1) * intervalMs + phase;
}
