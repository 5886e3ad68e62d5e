import type { Handle } from '@upheld/db/database.ts';
import { eq, sql } from '@upheld/db/query.ts';
import type { Actor, Context } from '../context.ts';
import { CHAIN_START, linkHash } from './chain.ts';

const HEAD = 'audit-head';

export interface Change {
  /** A verb and what it is done to: 'incident.update', 'token.create'. */
  action: string;
  /** The id of what was changed. */
  subject: string;
  /** As it was and as it is; null where there is nothing. Never a secret. */
  before?: unknown;
  after?: unknown;
}

/**
 * Writes what a person or a token changed into the audit log. In the transaction of the change, as the
 * last thing in it: rows are chained, so that from here on other changes wait.
 */
export async function recordAudit(
  { q, t }: Handle,
  ctx: Pick<Context, 'clock'>,
  actor: Actor,
  change: Change,
): Promise<void> {
  const [head] = await q
    .insert(t.settings)
    .values({ key: HEAD, value: `0:${CHAIN_START}` })
    // Changes nothing, and holds the row against others until we are done.
    .onConflictDoUpdate({ target: t.settings.key, set: { value: sql`${t.settings.value}` } })
    .returning();
  const [seq, previousHash] = (head?.value ?? '').split(':');
  if (seq === undefined || previousHash === undefined)
    throw new Error('the audit head is unreadable');
  const link = {
    seq: Number(seq) + 1,
    at: ctx.clock.now(),
    actor: actor.name,
    via: actor.via ?? 'product',
    address: actor.address ?? null,
    action: change.action,
    subject: change.subject,
    before: plain(change.before),
    after: plain(change.after),
    previousHash,
  };
  const hash = linkHash(link);
  await q.insert(t.auditLog).values({ ...link, hash });
  await q
    .update(t.settings)
    .set({ value: `${link.seq}:${hash}` })
    .where(eq(t.settings.key, HEAD));
}

/** What the database gives back of it: without what JSON does not carry. */
function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);
}
