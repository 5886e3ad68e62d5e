import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { changeCause, changeSeverity } from '@upheld/services/incident/change-incident.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import { changedIncidentOut, incidentOut } from './map.ts';
import * as said from './incident-schemas.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const write = { method: 'post' as const, tags: ['Incidents'], security: TOKEN };

const routes = {
  open: createRoute({
    ...write,
    path: '/api/v1/incidents',
    operationId: 'openIncident',
    summary: 'Open an incident and tell the subscribers',
    request: { body: jsonBody(said.newIncident) },
    responses: answers({ 201: schemas.incident }, []),
  }),
  update: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/updates',
    operationId: 'postUpdate',
    summary: 'Say how an incident stands and tell the subscribers',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(said.newUpdate) },
    responses: answers({ 201: schemas.incident }, ['not-found', 'conflict']),
  }),
  severity: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/severity',
    operationId: 'changeSeverity',
    summary: 'Say from when an incident has another severity',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(said.severityChange) },
    responses: answers({ 200: said.changedIncident }, ['not-found', 'conflict']),
  }),
  cause: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/cause',
    operationId: 'changeCause',
    summary: 'Say why an incident happened; an agreement may exclude that cause',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(said.causeChange) },
    responses: answers({ 200: said.changedIncident }, ['not-found', 'conflict']),
  }),
};

/** What an engineer says of incidents. */
export function incidentWrites(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.open, async (c) => {
    const incident = await openIncident(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `/api/v1/incidents/${incident.id}`);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 201);
  });
  app.openapi(routes.update, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await postUpdate(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 201);
  });
  app.openapi(routes.severity, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await changeSeverity(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, changedIncidentOut(incident)), 200);
  });
  app.openapi(routes.cause, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await changeCause(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, changedIncidentOut(incident)), 200);
  });
}
