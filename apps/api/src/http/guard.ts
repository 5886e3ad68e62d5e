import type { Actor } from '@upheld/services/context.ts';
import { createMiddleware } from 'hono/factory';
import { clientAddress } from './client-address.ts';
import type { ApiEnv, ProductContext } from './env.ts';
import type { Limit } from './limits.ts';
import { problem } from './problem.ts';

/** Finds whose token it is; null for one that is unknown or revoked. */
export type Authenticate = (token: string) => Promise<Actor | null>;

/**
 * Lets a request through only with `Authorization: Bearer upheld_…` (RFC 6750) and tells the handler
 * whose token it is. A client that keeps guessing is refused for a while without a look at its token.
 */
export function guard(ctx: ProductContext, authenticate: Authenticate, failed: Limit) {
  return createMiddleware<ApiEnv>(async function guard(c, next) {
    const client = clientAddress(ctx, c);
    await failed.check(client);
    const given = c.req.header('authorization');
    const token = /^Bearer (upheld_[\w-]{20,100})$/i.exec(given ?? '')?.[1];
    const actor = token === undefined ? null : await authenticate(token);
    if (!actor) {
      if (given !== undefined) await failed.take(client);
      return problem(ctx, c, 'unauthorised', {
        detail:
          given === undefined
            ? 'send a token as "Authorization: Bearer upheld_…"; `upheld token create` makes one'
            : 'this token is not known or was revoked; `upheld token create` makes a new one',
        headers: {
          'www-authenticate': `Bearer realm="upheld"${given === undefined ? '' : ', error="invalid_token"'}`,
        },
      });
    }
    c.set('actor', actor);
    await next();
    return undefined;
  });
}
