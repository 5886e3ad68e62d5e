import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { acknowledgeIncident } from '@upheld/services/incident/acknowledge-incident.ts';
import { mergeIncidents } from '@upheld/services/incident/merge-incidents.ts';
import { readIncidentOnDesk } from '@upheld/services/incident/read-desk.ts';
import { splitIncident } from '@upheld/services/incident/split-incident.ts';
import { writePostmortem } from '@upheld/services/incident/write-postmortem.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import { incidentOut, recordOut } from './map.ts';
import * as said from './incident-schemas.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const write = { method: 'post' as const, tags: ['Incidents'], security: TOKEN };
const asked = { params: byId, headers: ifMatchHeader };

const routes = {
  record: createRoute({
    method: 'get',
    tags: ['Incidents'],
    security: TOKEN,
    path: '/api/v1/incidents/{id}/record',
    operationId: 'readIncidentRecord',
    summary: 'All that was recorded of an incident, with its evidence, its cost and what is owed',
    request: { params: byId },
    responses: answers({ 200: said.incidentRecord }, ['not-found']),
  }),
  acknowledge: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/acknowledge',
    operationId: 'acknowledgeIncident',
    summary: 'Take an incident up, so that nobody else is called',
    request: asked,
    responses: answers({ 200: schemas.incident }, ['not-found', 'conflict']),
  }),
  merge: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/merge',
    operationId: 'mergeIncident',
    summary: 'Say that an incident is part of another; gives the one that goes on',
    request: { ...asked, body: jsonBody(said.merge) },
    responses: answers({ 200: schemas.incident }, ['not-found', 'conflict']),
  }),
  split: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/split',
    operationId: 'splitIncident',
    summary: 'Make an incident of its own of components or outages; gives the new one',
    request: { ...asked, body: jsonBody(said.split) },
    responses: answers({ 201: schemas.incident }, ['not-found', 'conflict']),
  }),
  postmortem: createRoute({
    ...write,
    path: '/api/v1/incidents/{id}/postmortem',
    operationId: 'writePostmortem',
    summary: 'Write the postmortem of an incident, published or not',
    request: { ...asked, body: jsonBody(said.newPostmortem) },
    responses: answers({ 200: schemas.incident }, ['not-found', 'conflict']),
  }),
};

/** What an engineer does with an incident beside speaking of it. */
export function incidentDesk(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.record, async (c) => {
    const desk = await readIncidentOnDesk(ctx, c.req.valid('param').id);
    return c.json(versioned(c, desk.view.version, recordOut(desk)), 200);
  });
  app.openapi(routes.acknowledge, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...expected(c) };
    const incident = await acknowledgeIncident(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 200);
  });
  app.openapi(routes.merge, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await mergeIncidents(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 200);
  });
  app.openapi(routes.split, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await splitIncident(ctx, c.get('actor'), input);
    c.header('location', `/api/v1/incidents/${incident.id}`);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 201);
  });
  app.openapi(routes.postmortem, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const incident = await writePostmortem(ctx, c.get('actor'), input);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 200);
  });
}
