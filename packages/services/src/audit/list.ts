import type { Instant } from '@upheld/domain/ports.ts';
import { and, desc, eq, lt } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';

const MOST_ROWS = 500;
/** As far as the column counts. */
const MOST_SEQ = 2 ** 31 - 1;

/** One change as the audit log tells it. */
export interface AuditView {
  seq: number;
  at: Instant;
  actor: string;
  via: string;
  address: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  hash: string;
}

export interface AuditQuery {
  /** Only what was done to this id. */
  subject?: string | undefined;
  /** Only what this person or token did, by name. */
  actor?: string | undefined;
  /** Only what stands before this row. */
  before?: number | undefined;
  limit: number;
}

/** What people and tokens changed, newest first. */
export async function listAudit(
  ctx: Pick<Context, 'db'>,
  { subject, actor, before, limit }: AuditQuery,
): Promise<AuditView[]> {
  const { q, t } = ctx.db.read;
  const { auditLog } = t;
  const rows = await q
    .select()
    .from(auditLog)
    .where(
      and(
        subject === undefined ? undefined : eq(auditLog.subject, subject),
        actor === undefined ? undefined : eq(auditLog.actor, actor),
        before === undefined ? undefined : lt(auditLog.seq, Math.min(before, MOST_SEQ)),
      ),
    )
    .orderBy(desc(auditLog.seq))
    .limit(Math.min(Math.max(Math.trunc(limit), 0), MOST_ROWS));
  return rows.map(({ seq, at, actor: by, via, address, action, subject: of, ...row }) => ({
    ...{ seq, at, actor: by, via, address, action, subject: of },
    ...{ before: row.before, after: row.after, hash: row.hash },
  }));
}
