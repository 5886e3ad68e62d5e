import type { Handle } from '@upheld/db/database.ts';
import { asc, inArray } from '@upheld/db/query.ts';

/** What the audit log says of one change, to compare with what stands in its table. */
export interface SealedEntry {
  action: string;
  subject: string;
  actor: string;
  after: unknown;
}

/** Every entry of the audit log of one of the actions, the first one first. */
function entriesOf({ q, t }: Handle, actions: readonly string[]): Promise<SealedEntry[]> {
  const { action, subject, actor, after, seq } = t.auditLog;
  return q
    .select({ action, subject, actor, after })
    .from(t.auditLog)
    .where(inArray(action, [...actions]))
    .orderBy(asc(seq));
}

/** What `read` gives and every entry of the actions, the first one first: nobody wrote one in between. */
export async function readWithEntries<T>(
  h: Handle,
  actions: readonly string[],
  read: () => Promise<T>,
): Promise<{ found: T; entries: SealedEntry[] }> {
  let entries = await entriesOf(h, actions);
  for (;;) {
    const found = await read();
    const later = await entriesOf(h, actions);
    if (later.length === entries.length) return { found, entries };
    entries = later;
  }
}
