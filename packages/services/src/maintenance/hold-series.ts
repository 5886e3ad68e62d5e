import type { Handle } from '@upheld/db/database.ts';
import { and, eq } from '@upheld/db/query.ts';
import { won } from '../race.ts';
import type { SeriesRow } from './series-view.ts';

/**
 * Holds a series to the end of the transaction, as it was read; see `transactUntilWon`. An occurrence is
 * either announced or skipped, in two tables: without this, two who do one each would not see each other.
 */
export async function holdSeries(
  { q, t }: Handle,
  row: SeriesRow,
  version: number = row.version,
): Promise<void> {
  const s = t.maintenanceSeries;
  won(
    await q
      .update(s)
      .set({ version })
      .where(and(eq(s.id, row.id), eq(s.version, row.version)))
      .returning({ id: s.id }),
  );
}
