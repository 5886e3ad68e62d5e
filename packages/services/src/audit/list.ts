import type { Instant } from '@upheld/domain/ports.ts';
import { and, desc, eq, gte, lt, sql } from '@upheld/db/query.ts';
import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Context } from '../context.ts';

const MOST_ROWS = 500;
const MOST_EXPORTED = 10_000;
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

export interface AuditFilter {
  /** Only what was done to this id. */
  subject?: string | undefined;
  /** Only what this person or token did, by name. */
  actor?: string | undefined;
  /** Only this verb, such as 'token.create', or everything done to one kind of thing: 'token'. */
  action?: string | undefined;
  /** Only what came from this network address. */
  address?: string | undefined;
  /** Only what was done at this moment or later. */
  from?: Instant | undefined;
  /** Only what was done before this moment. */
  to?: Instant | undefined;
}

export interface AuditQuery extends AuditFilter {
  /** Only what stands before this row. */
  before?: number | undefined;
  limit: number;
}

/** What people and tokens changed, newest first. */
export async function listAudit(
  ctx: Pick<Context, 'db'>,
  { before, limit, ...filter }: AuditQuery,
): Promise<AuditView[]> {
  const { q, t } = ctx.db.read;
  const { auditLog } = t;
  const rows = await q
    .select()
    .from(auditLog)
    .where(
      and(
        fitting(ctx.db.read, filter),
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

function fitting({ t }: Handle, { subject, actor, action, address, from, to }: AuditFilter) {
  const { auditLog } = t;
  return and(
    subject === undefined ? undefined : eq(auditLog.subject, subject),
    actor === undefined ? undefined : eq(auditLog.actor, actor),
    action === undefined ? undefined : ofAction(auditLog.action, action),
    address === undefined ? undefined : eq(auditLog.address, address),
    from === undefined ? undefined : gte(auditLog.at, from),
    to === undefined ? undefined : lt(auditLog.at, to),
  );
}

function ofAction(column: Handle['t']['auditLog']['action'], action: string) {
  if (action.includes('.')) return eq(column, action);
  const thing = `${action}.`;
  return sql`substr(${column}, 1, ${thing.length}) = ${thing}`;
}

/**
 * Everything that fits, newest first, to be taken along. Throws DomainError('invalid-input') for more than
 * MOST_EXPORTED rows: part of an answer that looks like all of it would be a wrong one.
 */
export async function exportAudit(
  ctx: Pick<Context, 'db'>,
  filter: AuditFilter,
): Promise<AuditView[]> {
  const all: AuditView[] = [];
  for (;;) {
    const rows = await listAudit(ctx, { ...filter, before: all.at(-1)?.seq, limit: MOST_ROWS });
    all.push(...rows);
    if (all.length > MOST_EXPORTED)
      throw new DomainError(
        'invalid-input',
        `more than ${MOST_EXPORTED} changes fit; ask for a shorter time, a person or a thing`,
      );
    if (rows.length < MOST_ROWS) return all;
  }
}
