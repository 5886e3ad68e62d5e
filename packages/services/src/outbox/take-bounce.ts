import type { Handle } from '@upheld/db/database.ts';
import {
  readDeliveryFailure,
  recipientsOf,
  type DeliveryFailure,
} from '@upheld/domain/notify/bounce.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, eq, gt } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { transactUntilWon, won } from '../race.ts';
import { instanceSecret } from '../secret.ts';
import { isReturnPath, messageOfReturnPath } from './return-path.ts';
import { FREE, setOutbox, type OutboxRow } from './row.ts';

const DAY = 24 * 3_600_000;
/** A mail server may try for five days before it gives up (RFC 5321 4.5.4.1). */
const REPORTED_WITHIN_MS = 7 * DAY;
/** So many soft failures in so long are as good as a hard one. */
const MOST_SOFT = 5;
const SOFT_WITHIN_MS = 7 * DAY;

/** What the reason of a row that came back begins with. */
const CAME_BACK = { hard: 'bounced', soft: 'bounced-softly' } as const;

/**
 * What became of an incoming mail: `not-a-bounce` was not sent to an address for reports, `ignored` was and
 * says nothing new, `hard` and `soft` are written on the message that came back.
 */
export type BounceOutcome = 'not-a-bounce' | 'ignored' | 'hard' | 'soft';

/**
 * Takes the report of a mail server on a mail of ours (RFC 3464). Only the address that it came to, which
 * nobody else can make, says which mail it is about. Who cannot be reached gets nothing more until they
 * subscribe again: after one hard failure, or five soft ones in seven days. `to`: of the envelope.
 */
export async function takeBounce(
  ctx: Context,
  rawMessage: string,
  to: readonly string[] = [],
): Promise<BounceOutcome> {
  const bounces = ctx.config().channels.email?.bounces;
  if (bounces === undefined) return 'not-a-bounce';
  const addresses = [...to, ...recipientsOf(rawMessage)].filter((address) =>
    isReturnPath(bounces, address),
  );
  if (addresses.length === 0) return 'not-a-bounce';
  const secret = await instanceSecret(ctx.db, ctx.ids);
  const outboxId = addresses
    .map((address) => messageOfReturnPath(secret, bounces, address))
    .find((id) => id !== null);
  const failure = outboxId === undefined ? null : readDeliveryFailure(rawMessage);
  if (outboxId === undefined || failure === null) return 'ignored';
  return record(ctx, outboxId, failure);
}

async function record(
  ctx: Context,
  outboxId: string,
  failure: DeliveryFailure,
): Promise<BounceOutcome> {
  const outcome = await transactUntilWon(ctx.db, async (h): Promise<BounceOutcome> => {
    const now = ctx.clock.now();
    const [row] = await h.q.select().from(h.t.outbox).where(eq(h.t.outbox.id, outboxId));
    if (!row || row.channel !== 'email' || !isFresh(row, now)) return 'ignored';
    const changed = await setOutbox(h, row, {
      ...FREE,
      state: 'dead',
      reason: `${CAME_BACK[failure.kind]}: ${failure.reason}`,
      settledAt: now,
    });
    won(changed ? [changed] : []);
    if (failure.kind === 'hard' || (await softFailures(h, row, now)) >= MOST_SOFT)
      await putAside(h, row);
    return failure.kind;
  });
  if (outcome !== 'ignored')
    ctx.log.warn({ outboxId, reason: failure.reason, kind: failure.kind }, 'a mail came back');
  return outcome;
}

/** Whether a first report on a mail that was sent lately. */
function isFresh({ attempts, reason, settledAt, createdAt }: OutboxRow, now: Instant): boolean {
  return (
    attempts > 0 &&
    reason?.startsWith(CAME_BACK.hard) !== true &&
    now - (settledAt ?? createdAt) <= REPORTED_WITHIN_MS
  );
}

async function softFailures(
  { q, t }: Handle,
  { subscriberId }: OutboxRow,
  now: Instant,
): Promise<number> {
  if (subscriberId === null) return 0;
  const dead = await q
    .select({ reason: t.outbox.reason })
    .from(t.outbox)
    .where(
      and(
        eq(t.outbox.subscriberId, subscriberId),
        eq(t.outbox.state, 'dead'),
        gt(t.outbox.settledAt, now - SOFT_WITHIN_MS),
      ),
    );
  return dead.filter(({ reason }) => reason?.startsWith(CAME_BACK.soft) === true).length;
}

/** The address stays, so that the operator sees whom nothing reaches; its owner can subscribe again. */
async function putAside({ q, t }: Handle, { subscriberId }: OutboxRow): Promise<void> {
  if (subscriberId === null) return;
  const [row] = await q.select().from(t.subscribers).where(eq(t.subscribers.id, subscriberId));
  if (row?.state !== 'confirmed') return;
  won(
    await q
      .update(t.subscribers)
      .set({ state: 'bounced', version: row.version + 1 })
      .where(and(eq(t.subscribers.id, row.id), eq(t.subscribers.version, row.version)))
      .returning({ id: t.subscribers.id }),
  );
}
