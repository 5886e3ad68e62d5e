import type { Handle } from '@upheld/db/database.ts';
import { and, eq } from '@upheld/db/query.ts';

export type OutboxRow = Handle['t']['outbox']['$inferSelect'];
type Values = Partial<Handle['t']['outbox']['$inferInsert']>;

/** Changes a row unless somebody else did since it was read; null when somebody did. */
export async function setOutbox(
  { q, t }: Handle,
  row: Pick<OutboxRow, 'id' | 'version'>,
  values: Values,
): Promise<OutboxRow | null> {
  const [changed] = await q
    .update(t.outbox)
    .set({ ...values, version: row.version + 1 })
    .where(and(eq(t.outbox.id, row.id), eq(t.outbox.version, row.version)))
    .returning();
  return changed ?? null;
}

/** What a row that nobody holds has in its lease. */
export const FREE = { leasedBy: null, leaseUntil: null } as const;
