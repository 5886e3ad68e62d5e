import type { Handle } from '@upheld/db/database.ts';
import { eq, sql } from '@upheld/db/query.ts';
import { CHAIN_START } from './chain.ts';

const KEY = 'audit-head';

/** The last row of the chain: kept apart from it, so that rows cut off at the end are missed. */
export interface AuditHead {
  seq: number;
  hash: string;
}

/** The head, in a transaction, held against others until that ends. */
export async function lockHead({ q, t }: Handle): Promise<AuditHead> {
  const [row] = await q
    .insert(t.settings)
    .values({ key: KEY, value: headText({ seq: 0, hash: CHAIN_START }) })
    // Changes nothing, and holds the row against others until we are done.
    .onConflictDoUpdate({ target: t.settings.key, set: { value: sql`${t.settings.value}` } })
    .returning();
  const head = parseHead(row?.value ?? '');
  if (!head) throw new Error('the audit head is unreadable; see upheld doctor --audit');
  return head;
}

export async function writeHead({ q, t }: Handle, head: AuditHead): Promise<void> {
  await q
    .update(t.settings)
    .set({ value: headText(head) })
    .where(eq(t.settings.key, KEY))
    .returning({ key: t.settings.key });
}

/** The head as it stands; null where there is none, or it is unreadable. */
export async function readHead({ q, t }: Handle): Promise<AuditHead | null> {
  const [row] = await q.select().from(t.settings).where(eq(t.settings.key, KEY));
  return parseHead(row?.value ?? '');
}

/** `12:` and 64 hexadecimal digits: what an operator writes down, and gives back later. */
export function headText({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}

/** A head as `headText` writes it; null for anything else. */
export function parseHead(text: string): AuditHead | null {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  return match?.[1] !== undefined && match[2] !== undefined
    ? { seq: Number(match[1]), hash: match[2] }
    : null;
}
