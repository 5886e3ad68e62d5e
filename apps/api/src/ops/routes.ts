import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers } from '../http/openapi.ts';
import { readinessSchema, type Readiness } from './readiness.ts';

const alive = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'readHealth',
  tags: ['Operation'],
  summary: 'Whether the process is alive; looks at nothing else',
  responses: answers({ 200: z.strictObject({ status: z.literal('ok') }) }, []),
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readReadiness',
  tags: ['Operation'],
  summary: 'Whether the database answers, the probes measure and messages go out',
  responses: answers({ 200: readinessSchema, 503: readinessSchema }, []),
});

/** For load balancers and whoever watches the watcher. */
export function opsRoutes(
  app: OpenAPIHono<ApiEnv>,
  ctx: ProductContext,
  readiness: () => Promise<Readiness>,
): void {
  app.openapi(alive, (c) => {
    return c.json({ status: 'ok' as const }, 200);
  });
  app.openapi(ready, async (c) => {
    const found = await readiness().catch((error: unknown): Readiness => {
      ctx.log.error({ error }, 'readiness could not be judged');
      return { ready: false, checks: [{ name: 'readiness', ok: false, detail: 'see the log' }] };
    });
    return found.ready ? c.json(found, 200) : c.json(found, 503);
  });
}
