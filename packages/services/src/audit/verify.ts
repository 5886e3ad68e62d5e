import type { Tables } from '@upheld/db/tables.ts';
import { and, asc, desc, gt, lte } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { CHAIN_START, linkHash } from './chain.ts';
import { readHead, type AuditHead } from './head.ts';

const ROWS_AT_ONCE = 500;

type AuditRow = Tables['auditLog']['$inferSelect'];

export type AuditFault =
  /** What stands in the row is not what was written. */
  | { kind: 'changed' }
  /** The row is whole, and does not follow the one before it: one of the two was written anew. */
  | { kind: 'unlinked' }
  /** The row was written as number `was`. */
  | { kind: 're-ordered'; was: number }
  /** There is no row of this number, and there are later ones. */
  | { kind: 'missing' }
  /** There is no row of this number, and there should be, up to `last`. */
  | { kind: 'cut-off'; last: number }
  /** The row is not the last one that the head names: it, or the head, was written anew. */
  | { kind: 'other-head' }
  /** The head is gone or unreadable. */
  | { kind: 'no-head' }
  /** Whoever looks noted another hash for this row. */
  | { kind: 'other-than-noted' };

export type AuditVerdict =
  | { ok: true; rows: number; head: AuditHead }
  /** `seq` is the first row that does not fit; `rows` before it do. */
  | { ok: false; rows: number; seq: number; fault: AuditFault };

/**
 * Follows the chain of the audit log from its start, a few rows in memory at a time, and gives the first
 * that does not fit. Changes may go on meanwhile. Who can write all of the database can also make a new
 * chain: against that, note a head and give it as `noted` later.
 */
export async function verifyAudit(
  ctx: Pick<Context, 'db'>,
  noted?: AuditHead,
): Promise<AuditVerdict> {
  const { last, head } = await endOf(ctx);
  const end = head?.seq ?? last;
  let before: AuditHead = { seq: 0, hash: CHAIN_START };
  for await (const row of rowsUpTo(ctx, end)) {
    const fault = faultOf(row, before, end) ?? notAsNoted(row, noted);
    const seq = fault?.kind === 'missing' ? before.seq + 1 : row.seq;
    if (fault) return { ok: false, rows: before.seq, seq, fault };
    before = { seq: row.seq, hash: row.hash };
  }
  const wrong = faultAtEnd(before, { last, end, head, noted });
  if (wrong) return { ok: false, rows: before.seq, ...wrong };
  return { ok: true, rows: before.seq, head: before };
}

interface End {
  /** The last row that there is, and the last that there should be. */
  last: number;
  end: number;
  head: AuditHead | null;
  noted: AuditHead | undefined;
}

function faultAtEnd(
  before: AuditHead,
  { last, end, head, noted }: End,
): { seq: number; fault: AuditFault } | null {
  if (before.seq < end) return { seq: before.seq + 1, fault: { kind: 'cut-off', last: end } };
  if (last > end) return { seq: end + 1, fault: { kind: 'other-head' } };
  if (!head) return last > 0 ? { seq: last, fault: { kind: 'no-head' } } : null;
  if (head.hash !== before.hash) return { seq: head.seq, fault: { kind: 'other-head' } };
  return noted && noted.seq > end
    ? { seq: end + 1, fault: { kind: 'cut-off', last: noted.seq } }
    : null;
}

/** The last row first and the head after it: in between others may add, and the head moves with them. */
async function endOf(ctx: Pick<Context, 'db'>): Promise<{ last: number; head: AuditHead | null }> {
  const { q, t } = ctx.db.read;
  const [row] = await q
    .select({ seq: t.auditLog.seq })
    .from(t.auditLog)
    .orderBy(desc(t.auditLog.seq))
    .limit(1);
  return { last: row?.seq ?? 0, head: await readHead(ctx.db.read) };
}

async function* rowsUpTo(ctx: Pick<Context, 'db'>, end: number): AsyncGenerator<AuditRow> {
  const { q, t } = ctx.db.read;
  const { seq } = t.auditLog;
  let rows: AuditRow[] = [];
  do {
    const last = rows.at(-1);
    rows = await q
      .select()
      .from(t.auditLog)
      .where(and(last && gt(seq, last.seq), lte(seq, end)))
      .orderBy(asc(seq))
      .limit(ROWS_AT_ONCE);
    yield* rows;
  } while (rows.length === ROWS_AT_ONCE);
}

function faultOf(row: AuditRow, before: AuditHead, end: number): AuditFault | null {
  if (row.seq > before.seq + 1) return { kind: 'missing' };
  const { hash, ...link } = row;
  if (linkHash(link) !== hash) {
    const was = writtenAs(row, end);
    return was === null ? { kind: 'changed' } : { kind: 're-ordered', was };
  }
  return row.previousHash === before.hash ? null : { kind: 'unlinked' };
}

/** The number that a row was written with, where that is all that differs. */
function writtenAs({ hash, ...link }: AuditRow, end: number): number | null {
  for (let seq = 1; seq <= end; seq += 1) if (linkHash({ ...link, seq }) === hash) return seq;
  return null;
}

function notAsNoted(row: AuditRow, noted: AuditHead | undefined): AuditFault | null {
  return noted?.seq === row.seq && noted.hash !== row.hash ? { kind: 'other-than-noted' } : null;
}
