import type { MiddlewareHandler } from 'hono';
import type { Declared } from './declared.ts';
import type { ApiEnv, ProductContext } from './env.ts';
import { routeOf } from './permissions.ts';
import { problem } from './problem.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses `If-Match` where nothing has a version that it could name: whoever sends it relies on nothing
 * being done when somebody else was faster, and to ignore it would break that without a word. `*` asks for
 * no version, so it may stand everywhere.
 */
export function ifMatchHonoured(
  ctx: ProductContext,
  declared: Declared,
): MiddlewareHandler<ApiEnv> {
  return async function ifMatchHonoured(c, next) {
    const given = c.req.header('if-match')?.trim();
    const asks = given !== undefined && given !== '*' && !READS.has(c.req.method);
    const route = routeOf(c);
    if (asks && route !== null && !declared.takesIfMatch(route))
      return problem(ctx, c, 'bad-request', {
        detail: `If-Match cannot be honoured here: ${route} changes nothing that has a version; leave it out`,
      });
    await next();
    return undefined;
  };
}
