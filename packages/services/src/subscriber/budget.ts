import type { Instant } from '@upheld/domain/ports.ts';

/** How much of something each key may have in a window of time. */
export interface Budget {
  /** Takes one for a key; false when it has had its share. */
  take(key: string, now: Instant): boolean;
}

const MOST_KEYS = 10_000;

/**
 * Counts in memory, for a window (ms) that starts with the first of a key. Of very many keys the oldest
 * are forgotten: the budget over all of them is what bounds the sum.
 */
export function createBudget(most: number, windowMs: number): Budget {
  const taken = new Map<string, { since: Instant; count: number }>();
  return {
    take(key, now) {
      const entry = taken.get(key);
      if (entry && now - entry.since < windowMs) {
        if (entry.count >= most) return false;
        entry.count += 1;
        return true;
      }
      taken.delete(key);
      taken.set(key, { since: now, count: 1 });
      if (taken.size > MOST_KEYS) taken.delete(taken.keys().next().value ?? key);
      return true;
    },
  };
}
