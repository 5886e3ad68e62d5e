import type { Handle } from '@upheld/db/database.ts';
import { DOUBT_WAIT_MS } from '@upheld/domain/notify/retry.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import {
  aliasedTable,
  and,
  asc,
  eq,
  inArray,
  isNull,
  lt,
  lte,
  ne,
  notExists,
  sql,
} from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { FREE, setOutbox, type OutboxRow } from './row.ts';

/** Longer than a send may take (SEND_LIMIT_MS): else a second worker would send it again beside the first. */
export const LEASE_MS = 15 * 60_000;
/** A mail server may take ten minutes to answer the final dot (RFC 5321 4.5.3.2.6). */
export const SEND_LIMIT_MS = 11 * 60_000;

const WAITING = ['pending', 'ambiguous'] as const;
const HELD = ['leased', 'sending'] as const;

/**
 * Leases up to `limit` messages that are due, longest due first, and gives them. Of one lane (a person
 * and what it is about) only the oldest unsettled one, so that nothing overtakes what was said before.
 */
export async function claimDue(
  ctx: Context,
  workerId: string,
  limit: number,
): Promise<OutboxRow[]> {
  const now = ctx.clock.now();
  // Looking costs no write: most of the time there is nothing to do.
  const lapsed = await hasLapsed(ctx.db.read, now);
  if (!lapsed && (await dueIds(ctx.db.read, now, 1)).length === 0) return [];
  return ctx.db.transact(async (h) => {
    if (lapsed) await recover(h, now, lt(h.t.outbox.leaseUntil, now));
    const ids = await dueIds(h, now, limit);
    if (ids.length === 0) return [];
    // The condition on the state is the compare-and-set: who comes second finds it leased.
    const claimed = await h.q
      .update(h.t.outbox)
      .set({
        state: 'leased',
        leasedBy: workerId,
        leaseUntil: now + LEASE_MS,
        version: sql`${h.t.outbox.version} + 1`,
      })
      .where(and(inArray(h.t.outbox.id, ids), inArray(h.t.outbox.state, WAITING)))
      .returning();
    return claimed.sort((a, b) => a.availableAt - b.availableAt || (a.id < b.id ? -1 : 1));
  });
}

function dueIds({ q, t }: Handle, now: Instant, limit: number): Promise<string[]> {
  const earlier = aliasedTable(t.outbox, 'earlier');
  return q
    .select({ id: t.outbox.id })
    .from(t.outbox)
    .where(
      and(
        isNull(t.outbox.settledAt),
        lte(t.outbox.availableAt, now),
        inArray(t.outbox.state, WAITING),
        notExists(
          q
            .select({ id: earlier.id })
            .from(earlier)
            .where(
              and(
                eq(earlier.lane, t.outbox.lane),
                isNull(earlier.settledAt),
                lt(earlier.id, t.outbox.id),
              ),
            ),
        ),
      ),
    )
    .orderBy(asc(t.outbox.availableAt), asc(t.outbox.id))
    .limit(limit)
    .then((rows) => rows.map(({ id }) => id));
}

async function hasLapsed({ q, t }: Handle, now: Instant): Promise<boolean> {
  const rows = await q
    .select({ id: t.outbox.id })
    .from(t.outbox)
    .where(
      and(isNull(t.outbox.settledAt), inArray(t.outbox.state, HELD), lt(t.outbox.leaseUntil, now)),
    )
    .limit(1);
  return rows.length > 0;
}

/**
 * Takes back what other workers hold, without waiting for their leases: for whoever knows that they are
 * gone. Gives how many that were.
 */
export function releaseOrphans(ctx: Context, workerId: string): Promise<number> {
  const now = ctx.clock.now();
  return ctx.db.transact((h) => recover(h, now, ne(h.t.outbox.leasedBy, workerId)));
}

/** What was only leased is due again; what was being sent may have gone out. */
async function recover(h: Handle, now: Instant, whose: ReturnType<typeof ne>): Promise<number> {
  const { q, t } = h;
  const held = await q
    .select()
    .from(t.outbox)
    .where(and(isNull(t.outbox.settledAt), inArray(t.outbox.state, HELD), whose));
  let recovered = 0;
  for (const row of held) {
    const sending = row.state === 'sending';
    const changed = await setOutbox(h, row, {
      ...FREE,
      ...(sending ? inDoubtSince(row, now) : { state: 'pending' as const }),
      // A mail may go again at once, under the same Message-ID; a provider has to be asked, later.
      availableAt: sending && row.channel === 'sms' ? now + DOUBT_WAIT_MS : now,
    });
    if (changed) recovered += 1;
  }
  return recovered;
}

/** What a row says of a send that began when it was marked and ended without anybody knowing how. */
export function inDoubtSince(row: OutboxRow, now: Instant) {
  const began = row.leaseUntil === null ? now : row.leaseUntil - LEASE_MS;
  return {
    state: 'ambiguous' as const,
    doubtSince: row.doubtSince ?? began,
    reason: row.reason ?? 'outcome-unknown: the process ended while it was sent',
  };
}
