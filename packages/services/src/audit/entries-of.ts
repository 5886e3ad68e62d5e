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
export function entriesOf({ q, t }: Handle, actions: readonly string[]): Promise<SealedEntry[]> {
  const { action, subject, actor, after, seq } = t.auditLog;
  return q
    .select({ action, subject, actor, after })
    .from(t.auditLog)
    .where(inArray(action, [...actions]))
    .orderBy(asc(seq));
}
