import type { Permission } from '@upheld/domain/access/permissions.ts';
import type { Actor } from '@upheld/services/context.ts';
import { createMiddleware } from 'hono/factory';
import { clientAddress, remoteAddress } from './client-address.ts';
import type { ApiContext, ApiEnv, ProductContext } from './env.ts';
import type { Limit } from './limits.ts';
import { routeOf, ruleOf, type Rule } from './permissions.ts';
import { problem } from './problem.ts';

/** Finds whose token it is; null for one that is unknown, expired or revoked. */
export type Authenticate = (token: string) => Promise<Actor | null>;

/**
 * Lets a request through by the rule of its route: without more where that is public, else only with
 * `Authorization: Bearer upheld_…` (RFC 6750) of a token that has the scope, and tells the handler whose
 * token it is. A client that keeps guessing is refused for a while without a look at its token. A path
 * of `/api/v1` that nobody registered asks for a token too, so that it tells nothing.
 */
export function guard(ctx: ProductContext, authenticate: Authenticate, failed: Limit) {
  return createMiddleware<ApiEnv>(async function guard(c, next) {
    const route = routeOf(c);
    const rule = route === null ? ruleOfNothing(c) : ruleOf(route);
    if (rule === 'public' || rule === 'signed') {
      await next();
      return undefined;
    }
    const client = clientAddress(ctx, c);
    await failed.check(client);
    const given = c.req.header('authorization');
    const token = /^Bearer (upheld_[\w-]{20,100})$/i.exec(given ?? '')?.[1];
    const actor = token === undefined ? null : await authenticate(token);
    if (!actor) {
      if (given !== undefined) await failed.take(client);
      return unauthorised(ctx, c, given !== undefined);
    }
    const refusal = route === null ? null : refused(ctx, c, rule, actor.permissions ?? []);
    if (refusal) return refusal;
    c.set('actor', { ...actor, via: 'api', address: remoteAddress(ctx, c) });
    await next();
    return undefined;
  });
}

function ruleOfNothing(c: ApiContext): Rule | undefined {
  return c.req.path.startsWith('/api/v1/') ? undefined : 'public';
}

function unauthorised(ctx: ProductContext, c: ApiContext, given: boolean): Response {
  return problem(ctx, c, 'unauthorised', {
    detail: given
      ? 'this token is not known, has expired or was revoked; `upheld token create` makes a new one'
      : 'send a token as "Authorization: Bearer upheld_…"; `upheld token create` makes one',
    headers: {
      'www-authenticate': `Bearer realm="upheld"${given ? ', error="invalid_token"' : ''}`,
    },
  });
}

/** What a token without the scope gets; null where it has it. */
function refused(
  ctx: ProductContext,
  c: ApiContext,
  scope: Permission | undefined,
  has: readonly Permission[],
): Response | null {
  if (scope === undefined)
    return problem(ctx, c, 'forbidden', { detail: 'no token may use this address' });
  if (has.includes(scope)) return null;
  return problem(ctx, c, 'forbidden', {
    detail: `this needs a token with the scope "${scope}"; this one has ${has.join(', ') || 'none'}`,
    headers: {
      'www-authenticate': `Bearer realm="upheld", error="insufficient_scope", scope="${scope}"`,
    },
  });
}
