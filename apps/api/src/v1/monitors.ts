import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { GAP_REASONS, MONITOR_STATES } from '@upheld/domain/monitor/state.ts';
import { readMeasuringNow, type MeasuringNow } from '@upheld/services/read/not-measured.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstantOrNull } from '../http/instants.ts';
import { answers, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

const monitor = z
  .strictObject({
    id: z.string(),
    componentId: z.string(),
    state: z.enum(MONITOR_STATES).meta({ description: 'What it last said.' }),
    notMeasured: z
      .strictObject({
        reason: z.enum(GAP_REASONS),
        since: schemas.instantOut.nullable(),
        why: z.string(),
        remedy: z.string(),
      })
      .nullable()
      .meta({ description: 'Why it says nothing now; null while it is measured.' }),
  })
  .openapi('Monitor');

const list = createRoute({
  tags: ['Monitors'],
  security: TOKEN,
  method: 'get',
  path: '/api/v1/monitors',
  operationId: 'listMonitors',
  summary: 'What each monitor last said, and which are not measured now and why',
  responses: answers(
    {
      200: z.strictObject({
        measuring: z.boolean().meta({ description: 'Whether a process measures at all.' }),
        lastSignOfLife: schemas.instantOut.nullable(),
        monitors: z.array(monitor),
      }),
    },
    [],
  ),
});

/** The monitors as they stand now. */
export function monitorRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(list, async (c) => c.json(monitorsOut(await readMeasuringNow(ctx)), 200));
}

/** The same with instants as texts. */
export function monitorsOut({ measuring, lastSignOfLife, monitors }: MeasuringNow) {
  return {
    measuring,
    lastSignOfLife: isoInstantOrNull(lastSignOfLife),
    monitors: monitors.map(({ id, componentId, state, notMeasured }) => ({
      id,
      componentId,
      state,
      notMeasured: notMeasured && { ...notMeasured, since: isoInstantOrNull(notMeasured.since) },
    })),
  };
}
