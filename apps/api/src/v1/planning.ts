import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { declareEmergency } from '@upheld/services/maintenance/emergency.ts';
import { planMaintenance } from '@upheld/services/maintenance/plan.ts';
import { createSeries, endSeries, previewSeries } from '@upheld/services/maintenance/series.ts';
import { listSeries, readSeries } from '@upheld/services/maintenance/series-view.ts';
import { skipOccurrence } from '@upheld/services/maintenance/skip-occurrence.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import { announcedOut } from './map.ts';
import { planOut, seriesOut, windowOut } from './planning-map.ts';
import * as bodies from './planning-schemas.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const common = { tags: ['Maintenance'], security: TOKEN };
const SERIES = '/api/v1/maintenance-series';

const routes = {
  plan: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/maintenances/plan',
    operationId: 'planMaintenance',
    summary:
      'What a window means for every contract, and the next one that suits all; stores nothing',
    request: { body: jsonBody(schemas.askedMaintenance) },
    responses: answers({ 200: bodies.plan }, []),
  }),
  planMove: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/maintenances/{id}/plan',
    operationId: 'planReannouncement',
    summary: 'The same for moving or extending one; stores nothing',
    request: { params: byId, body: jsonBody(schemas.askedWindow) },
    responses: answers({ 200: bodies.plan }, ['not-found']),
  }),
  emergency: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/maintenances/{id}/emergency',
    operationId: 'declareEmergency',
    summary: 'Declare that planned work is an emergency from now on',
    description:
      'The planned work ends here, or is called off when it has not begun, and an emergency begins now in its place. What was announced keeps its moments and its verdict.',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(bodies.emergency) },
    responses: answers({ 201: bodies.declared }, ['not-found', 'conflict']),
  }),
  listSeries: createRoute({
    ...common,
    method: 'get',
    path: SERIES,
    operationId: 'listMaintenanceSeries',
    summary: 'Maintenance that comes back; what was ended last',
    responses: answers({ 200: bodies.seriesList }, []),
  }),
  readSeries: createRoute({
    ...common,
    method: 'get',
    path: `${SERIES}/{id}`,
    operationId: 'readMaintenanceSeries',
    summary: 'One series with its next occurrences',
    request: { params: byId },
    responses: answers({ 200: bodies.series }, ['not-found']),
  }),
  createSeries: createRoute({
    ...common,
    method: 'post',
    path: SERIES,
    operationId: 'createMaintenanceSeries',
    summary: 'Plan maintenance that comes back; each occurrence is announced by itself',
    request: { body: jsonBody(bodies.newSeries) },
    responses: answers({ 201: bodies.series }, []),
  }),
  previewSeries: createRoute({
    ...common,
    method: 'post',
    path: `${SERIES}/preview`,
    operationId: 'previewMaintenanceSeries',
    summary: 'When a series would be; stores nothing',
    request: { body: jsonBody(bodies.askedSeries) },
    responses: answers({ 200: bodies.windows }, []),
  }),
  endSeries: createRoute({
    ...common,
    method: 'post',
    path: `${SERIES}/{id}/end`,
    operationId: 'endMaintenanceSeries',
    summary: 'End a series; what was announced stays',
    request: { params: byId, headers: ifMatchHeader },
    responses: answers({ 200: bodies.series }, ['not-found', 'conflict']),
  }),
  skipOccurrence: createRoute({
    ...common,
    method: 'post',
    path: `${SERIES}/{id}/skip`,
    operationId: 'skipMaintenanceOccurrence',
    summary: 'Leave out one occurrence before it is announced',
    description:
      'It is never announced, and nothing of it is published. It cannot be undone. One that was announced is cancelled as the maintenance that it is, so that subscribers hear of it.',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(bodies.skip) },
    responses: answers({ 200: bodies.series }, ['not-found', 'conflict']),
  }),
};

/** Planning: what work would mean, what cannot wait, and what comes back. */
export function planningRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.plan, async (c) =>
    c.json(planOut(await planMaintenance(ctx, c.req.valid('json'))), 200),
  );
  app.openapi(routes.planMove, async (c) => {
    const asked = { maintenanceId: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(planOut(await planMaintenance(ctx, asked)), 200);
  });
  app.openapi(routes.emergency, async (c) => {
    const input = {
      maintenanceId: c.req.valid('param').id,
      ...c.req.valid('json'),
      ...expected(c),
    };
    const result = await declareEmergency(ctx, c.get('actor'), input);
    c.header('location', `/api/v1/maintenances/${result.maintenance.id}`);
    const out = { ...announcedOut(result), replacedId: result.replacedId };
    versioned(c, result.maintenance.version, out.maintenance);
    return c.json(out, 201);
  });
  app.openapi(routes.listSeries, async (c) =>
    c.json({ series: (await listSeries(ctx)).map((view) => seriesOut(view)) }, 200),
  );
  app.openapi(routes.previewSeries, (c) =>
    c.json({ windows: previewSeries(ctx, c.req.valid('json')).map(windowOut) }, 200),
  );
  app.openapi(routes.createSeries, async (c) => {
    const view = await createSeries(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `${SERIES}/${view.id}`);
    return c.json(versioned(c, view.version, seriesOut(view)), 201);
  });
  app.openapi(routes.readSeries, async (c) => {
    const view = await readSeries(ctx, c.req.valid('param').id);
    return c.json(versioned(c, view.version, seriesOut(view)), 200);
  });
  app.openapi(routes.endSeries, async (c) => {
    const input = { seriesId: c.req.valid('param').id, ...expected(c) };
    const view = await endSeries(ctx, c.get('actor'), input);
    return c.json(versioned(c, view.version, seriesOut(view)), 200);
  });
  app.openapi(routes.skipOccurrence, async (c) => {
    const input = { seriesId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const view = await skipOccurrence(ctx, c.get('actor'), input);
    return c.json(versioned(c, view.version, seriesOut(view)), 200);
  });
}
