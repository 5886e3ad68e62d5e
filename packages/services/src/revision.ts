import type { Handle } from '@upheld/db/database.ts';
import { eq, sql } from '@upheld/db/query.ts';

const KEY = 'revision';

/** Marks that what a page shows has changed. Call it in every transaction that changes a fact. */
export async function bumpRevision({ q, t }: Handle): Promise<void> {
  await q
    .insert(t.settings)
    .values({ key: KEY, value: '1' })
    .onConflictDoUpdate({
      target: t.settings.key,
      set: { value: sql`cast(cast(${t.settings.value} as integer) + 1 as text)` },
    });
}

/** The number of fact changes so far; 0 in a new database. */
export async function readRevision({ q, t }: Handle): Promise<number> {
  const rows = await q.select().from(t.settings).where(eq(t.settings.key, KEY));
  return Number(rows[0]?.value ?? 0);
}

/** The same as `readRevision` for whoever asks at every request: the query is prepared once. */
export function revisionReader({ q, t }: Handle): () => Promise<number> {
  const query = q
    .select({ value: t.settings.value })
    .from(t.settings)
    .where(eq(t.settings.key, KEY))
    .prepare();
  return async () => Number((await query.execute())[0]?.value ?? 0);
}
