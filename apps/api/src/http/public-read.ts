import type { MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { ApiEnv } from './env.ts';

/** Short enough for an outage to show at once, and served on by a cache while this server is away. */
const CACHE = 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400';

const openToEveryone: MiddlewareHandler<ApiEnv> = async function openToEveryone(c, next) {
  await next();
  c.header('access-control-allow-origin', '*');
  c.header('cross-origin-resource-policy', 'cross-origin');
  if (c.res.ok || c.res.status === 304) c.header('cache-control', CACHE);
};

/** For what everyone may read, from any site: compressed, with a validator, stored for a moment. */
export const publicRead: MiddlewareHandler<ApiEnv>[] = [compress(), openToEveryone, etag()];
