import type { Database, Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';

const MOST_ATTEMPTS = 200;

/** Somebody else changed the row since we read it. */
class LostRace extends Error {}

/**
 * Runs `work` in a transaction, again from the start whenever `won` says that another one changed the same
 * row first. Every attempt reads anew, so that what it decides is true of what it writes to.
 */
export async function transactUntilWon<T>(
  db: Database,
  work: (h: Handle) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transact(work);
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
      if (attempt === MOST_ATTEMPTS)
        throw new DomainError('conflict', 'others keep changing the same thing; try again');
    }
  }
}

/** Call with what a compare-and-set returned: nothing means that the race was lost. */
export function won(rows: readonly unknown[]): void {
  if (rows.length === 0) throw new LostRace();
}
