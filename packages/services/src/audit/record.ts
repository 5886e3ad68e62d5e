import type { Handle } from '@upheld/db/database.ts';
import type { Actor, Context } from '../context.ts';
import { linkHash } from './chain.ts';
import { lockHead, writeHead } from './head.ts';

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
  h: Handle,
  ctx: Pick<Context, 'clock'>,
  actor: Actor,
  change: Change,
): Promise<void> {
  const head = await lockHead(h);
  const link = {
    seq: head.seq + 1,
    at: ctx.clock.now(),
    actor: actor.name.toWellFormed(),
    via: actor.via ?? 'product',
    address: actor.address ?? null,
    action: change.action,
    subject: change.subject,
    before: plain(change.before),
    after: plain(change.after),
    previousHash: head.hash,
  };
  const hash = linkHash(link);
  await h.q.insert(h.t.auditLog).values({ ...link, hash });
  await writeHead(h, { seq: link.seq, hash });
}

/** What the database gives back of it: without what JSON does not carry. */
function plain(value: unknown): unknown {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);
}
