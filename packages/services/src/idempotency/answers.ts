import { and, eq, isNull, lt } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';

/** For how long the answer to a key is kept, and a key cannot mean something else. */
export const KEPT_MS = 24 * 3_600_000;
/** No request takes longer: a key that is still open then belongs to a process that ended. */
const LONGEST_REQUEST_MS = 60_000;

/** A request that carries a key, and whose it is. */
export interface KeyedRequest {
  tokenId: string;
  key: string;
  /** Of all that makes two requests the same. */
  requestHash: string;
}

export type Claim =
  /** Nobody asked this before: answer it, then `keepAnswer` or `releaseKey`. */
  | { kind: 'first' }
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'other-request' }
  /** Another one is answering it; `lost` where that one ended without a word of what came of it. */
  | { kind: 'in-flight'; lost: boolean };

/** Takes a key for one request. Of any number that come at once, one is the first. */
export async function claimKey(
  ctx: Pick<Context, 'db' | 'clock'>,
  request: KeyedRequest,
): Promise<Claim> {
  return ctx.db.transact(async ({ q, t }) => {
    const now = ctx.clock.now();
    const { idempotency } = t;
    const mine = and(eq(idempotency.tokenId, request.tokenId), eq(idempotency.key, request.key));
    await q.delete(idempotency).where(and(mine, lt(idempotency.createdAt, now - KEPT_MS)));
    const claimed = await q
      .insert(idempotency)
      .values({ ...request, status: null, body: null, createdAt: now })
      .onConflictDoNothing()
      .returning({ key: idempotency.key });
    if (claimed.length > 0) return { kind: 'first' };
    const [known] = await q.select().from(idempotency).where(mine);
    // Released between our two statements: whoever held it was refused, and this may be tried again.
    if (!known) return { kind: 'in-flight', lost: false };
    if (known.requestHash !== request.requestHash) return { kind: 'other-request' };
    if (known.status === null)
      return { kind: 'in-flight', lost: known.createdAt < now - LONGEST_REQUEST_MS };
    return { kind: 'answered', status: known.status, body: known.body ?? '' };
  });
}

/** Keeps what was answered, for whoever asks the same again. */
export async function keepAnswer(
  ctx: Pick<Context, 'db'>,
  { tokenId, key }: KeyedRequest,
  answer: { status: number; body: string },
): Promise<void> {
  await ctx.db.transact(({ q, t }) =>
    q
      .update(t.idempotency)
      .set(answer)
      .where(and(eq(t.idempotency.tokenId, tokenId), eq(t.idempotency.key, key)))
      .returning({ key: t.idempotency.key }),
  );
}

/** Gives a key back whose request changed nothing. */
export async function releaseKey(
  ctx: Pick<Context, 'db'>,
  { tokenId, key }: KeyedRequest,
): Promise<void> {
  await ctx.db.transact(({ q, t }) =>
    q
      .delete(t.idempotency)
      .where(
        and(
          eq(t.idempotency.tokenId, tokenId),
          eq(t.idempotency.key, key),
          isNull(t.idempotency.status),
        ),
      )
      .returning({ key: t.idempotency.key }),
  );
}

/** Forgets the answers whose time is over; gives their number. */
export async function forgetAnswers(ctx: Pick<Context, 'db' | 'clock'>): Promise<number> {
  const gone = await ctx.db.transact(({ q, t }) =>
    q
      .delete(t.idempotency)
      .where(lt(t.idempotency.createdAt, ctx.clock.now() - KEPT_MS))
      .returning({ key: t.idempotency.key }),
  );
  return gone.length;
}
