import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  announceMaintenance,
  previewMaintenance,
} from '@upheld/services/maintenance/announce-maintenance.ts';
import {
  cancelMaintenance,
  reannounceMaintenance,
} from '@upheld/services/maintenance/change-maintenance.ts';
import { finishWork, startWork } from '@upheld/services/maintenance/work.ts';
import type { Announced } from '@upheld/services/maintenance/maintenance-row.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import { announcedOut, maintenanceOut, verdictOut } from './map.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const write = { method: 'post' as const, tags: ['Maintenance'], security: TOKEN };

const routes = {
  announce: createRoute({
    ...write,
    path: '/api/v1/maintenances',
    operationId: 'announceMaintenance',
    summary: 'Announce a maintenance, now, and tell the subscribers',
    description:
      'The moment of the announcement is that of the server; nothing can set or change it. A verdict that is not good refuses nothing: also what comes too late has to be said.',
    request: { body: jsonBody(schemas.newMaintenance) },
    responses: answers({ 201: schemas.announced }, []),
  }),
  preview: createRoute({
    ...write,
    path: '/api/v1/maintenances/preview',
    operationId: 'previewMaintenance',
    summary: 'The verdicts that announcing this now would get; stores nothing',
    request: { body: jsonBody(schemas.askedMaintenance) },
    responses: answers({ 200: schemas.previewed }, []),
  }),
  move: createRoute({
    ...write,
    path: '/api/v1/maintenances/{id}/announcements',
    operationId: 'reannounceMaintenance',
    summary: 'Move, extend or shorten: a new announcement beside those before it',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(schemas.newAnnouncement) },
    responses: answers({ 201: schemas.announced }, ['not-found', 'conflict']),
  }),
  previewMove: createRoute({
    ...write,
    path: '/api/v1/maintenances/{id}/announcements/preview',
    operationId: 'previewReannouncement',
    summary: 'The verdicts that moving it to this window would get; stores nothing',
    request: { params: byId, body: jsonBody(schemas.askedWindow) },
    responses: answers({ 200: schemas.previewed }, ['not-found']),
  }),
  cancel: createRoute({
    ...write,
    path: '/api/v1/maintenances/{id}/cancel',
    operationId: 'cancelMaintenance',
    summary: 'Call it off before it begins',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(schemas.cancellation) },
    responses: answers({ 200: schemas.announced }, ['not-found', 'conflict']),
  }),
  start: createRoute({
    ...write,
    path: '/api/v1/maintenances/{id}/start',
    operationId: 'startWork',
    summary: 'Say that the work begins now',
    request: { params: byId, headers: ifMatchHeader },
    responses: answers({ 200: schemas.maintenance }, ['not-found', 'conflict']),
  }),
  finish: createRoute({
    ...write,
    path: '/api/v1/maintenances/{id}/finish',
    operationId: 'finishWork',
    summary: 'Say that the work is done now',
    request: { params: byId, headers: ifMatchHeader },
    responses: answers({ 200: schemas.maintenance }, ['not-found', 'conflict']),
  }),
};

/** What an engineer says of maintenance. */
export function maintenanceWrites(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.announce, async (c) => {
    const result = await announceMaintenance(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `/api/v1/maintenances/${result.maintenance.id}`);
    return c.json(announcedTagged(c, result), 201);
  });
  app.openapi(routes.preview, async (c) => {
    const { verdicts } = await previewMaintenance(ctx, c.req.valid('json'));
    return c.json({ verdicts: verdicts.map((verdict) => verdictOut(verdict)) }, 200);
  });
  app.openapi(routes.move, async (c) => {
    const input = {
      maintenanceId: c.req.valid('param').id,
      ...c.req.valid('json'),
      ...expected(c),
    };
    return c.json(announcedTagged(c, await reannounceMaintenance(ctx, c.get('actor'), input)), 201);
  });
  app.openapi(routes.previewMove, async (c) => {
    const asked = { maintenanceId: c.req.valid('param').id, ...c.req.valid('json') };
    const { verdicts } = await previewMaintenance(ctx, asked);
    return c.json({ verdicts: verdicts.map((verdict) => verdictOut(verdict)) }, 200);
  });
  app.openapi(routes.cancel, async (c) => {
    const input = {
      maintenanceId: c.req.valid('param').id,
      ...c.req.valid('json'),
      ...expected(c),
    };
    return c.json(announcedTagged(c, await cancelMaintenance(ctx, c.get('actor'), input)), 200);
  });
  app.openapi(routes.start, async (c) => {
    const input = { maintenanceId: c.req.valid('param').id, ...expected(c) };
    const maintenance = await startWork(ctx, c.get('actor'), input);
    return c.json(versioned(c, maintenance.version, maintenanceOut(maintenance)), 200);
  });
  app.openapi(routes.finish, async (c) => {
    const input = { maintenanceId: c.req.valid('param').id, ...expected(c) };
    const maintenance = await finishWork(ctx, c.get('actor'), input);
    return c.json(versioned(c, maintenance.version, maintenanceOut(maintenance)), 200);
  });
}

/** What was announced, with the ETag of its maintenance. */
function announcedTagged(c: ApiContext, result: Announced): ReturnType<typeof announcedOut> {
  const out = announcedOut(result);
  versioned(c, result.maintenance.version, out.maintenance);
  return out;
}
