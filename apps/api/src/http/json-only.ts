import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv, ProductContext } from './env.ts';
import { LARGEST_BODY, problem } from './problem.ts';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Refuses a body that is not JSON or larger than 64 kB. A form of another site can send neither
 * JSON nor a content type that says so, which closes that door as well.
 */
export function jsonOnly(ctx: ProductContext): MiddlewareHandler<ApiEnv>[] {
  return [
    async function jsonOnly(c, next) {
      const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
      const carries = WITH_BODY.has(c.req.method) && c.req.raw.body !== null;
      if (carries && type !== 'application/json')
        return problem(ctx, c, 'not-json', {
          detail: 'send the body as JSON, with "Content-Type: application/json"',
        });
      await next();
      return undefined;
    },
    bodyLimit({ maxSize: LARGEST_BODY }),
  ];
}
