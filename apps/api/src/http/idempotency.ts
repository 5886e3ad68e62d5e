import type { MiddlewareHandler } from 'hono';
import {
  claimKey,
  keepAnswer,
  KEPT_MS,
  releaseKey,
  type KeyedRequest,
} from '@upheld/services/idempotency/answers.ts';
import { createHash } from 'node:crypto';
import type { ApiContext, ApiEnv, ProductContext } from './env.ts';
import { routeOf } from './permissions.ts';
import { problem } from './problem.ts';

export const KEY_HEADER = 'idempotency-key';
/** Visible ASCII, as the draft of the IETF has it. */
const KEY = /^[\x21-\x7e]{1,255}$/;
/** They speak of a moment and changed nothing: the same request may be tried again. */
const PASSING = new Set([401, 403, 409, 412, 429, 503]);
const KEPT_HEADERS = ['content-type', 'location', 'etag'] as const;

/** Their answers hold something that is shown once: it is not kept, so it cannot be given again. */
const ANSWERS_WITH_SECRETS: ReadonlySet<string> = new Set([
  'POST /api/v1/tokens',
  'POST /api/v1/accounts/invitations',
  'POST /api/v1/accounts/{id}/reset-password',
  'POST /api/v1/settings/check',
]);

/** Whether an `Idempotency-Key` has a meaning for a request: a POST that needs a token. */
export function takesKey(method: string, guarded: boolean): boolean {
  return method === 'POST' && guarded;
}

/**
 * A POST with an `Idempotency-Key` is done once, however often it arrives: who asks the same again gets
 * the same answer, marked `Idempotency-Replayed`. Keys are those of one token and last a day.
 */
export function idempotent(ctx: ProductContext): MiddlewareHandler<ApiEnv> {
  return async function idempotent(c, next) {
    const given = c.req.header(KEY_HEADER);
    // What is public has no actor, and is made so that doing it twice is doing it once.
    const actor = c.get('actor') as ApiEnv['Variables']['actor'] | undefined;
    if (given === undefined || actor?.id === undefined || !takesKey(c.req.method, true)) {
      await next();
      return undefined;
    }
    const key = KEY.exec(given)?.[0];
    if (key === undefined)
      return problem(ctx, c, 'bad-request', {
        detail: 'the Idempotency-Key is not usable; send 1 to 255 visible ASCII characters',
      });
    const request = { tokenId: actor.id, key, requestHash: await hashOf(c) };
    const claim = await claimKey(ctx, request);
    if (claim.kind !== 'first') return again(ctx, c, claim);
    await next();
    try {
      await settle(ctx, c, request);
    } catch (error) {
      // What was asked is done, and is answered so; only a repetition of it will not know the answer.
      ctx.log.error({ error, requestId: c.get('requestId') }, 'an answer could not be kept');
    }
    return undefined;
  };
}

async function hashOf(c: ApiContext): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  return createHash('sha256')
    .update(JSON.stringify([c.req.method, pathname, search, c.req.header('if-match') ?? null]))
    .update(new Uint8Array(await c.req.arrayBuffer()))
    .digest('hex');
}

interface Kept {
  headers: Record<string, string>;
  /** Null where it was not kept because it held a secret. */
  text: string | null;
}

async function settle(ctx: ProductContext, c: ApiContext, request: KeyedRequest): Promise<void> {
  const { res } = c;
  if (PASSING.has(res.status)) return releaseKey(ctx, request);
  const secret = res.ok && ANSWERS_WITH_SECRETS.has(routeOf(c) ?? '');
  const kept: Kept = {
    headers: Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = res.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    text: secret ? null : await res.clone().text(),
  };
  return keepAnswer(ctx, request, { status: res.status, body: JSON.stringify(kept) });
}

function again(
  ctx: ProductContext,
  c: ApiContext,
  claim: Exclude<Awaited<ReturnType<typeof claimKey>>, { kind: 'first' }>,
): Response {
  if (claim.kind === 'other-request')
    return problem(ctx, c, 'key-reused', {
      detail: 'this Idempotency-Key was sent with another request; every request has its own',
    });
  if (claim.kind === 'in-flight')
    return problem(ctx, c, 'in-flight', {
      detail: claim.lost
        ? 'what came of the first request with this key is not known; look before you send it with a new one'
        : 'the first request with this key is still being answered; ask again in a moment',
      headers: { 'retry-after': '1' },
    });
  const kept = JSON.parse(claim.body) as Kept;
  if (kept.text === null)
    return problem(ctx, c, 'conflict', {
      detail: 'this was done, and its answer held a secret that is shown only once',
    });
  return new Response(kept.text, {
    status: claim.status,
    headers: { ...kept.headers, 'cache-control': 'no-store', 'idempotency-replayed': 'true' },
  });
}

export const KEY_PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: `Makes a repetition safe: the same request with the same key gets the same answer, for ${KEPT_MS / 3_600_000} hours.`,
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
};
