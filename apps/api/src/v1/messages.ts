import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { previewOpening, previewUpdate } from '@upheld/services/incident/preview-incident.ts';
import {
  previewAnnouncement,
  previewReannouncement,
} from '@upheld/services/maintenance/preview-announcement.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { newIncident, newUpdate } from './incident-schemas.ts';
import * as schemas from './schemas.ts';

const recipients = z
  .strictObject({ email: z.int(), sms: z.int() })
  .meta({ description: 'How many would get it.' });
const message = z
  .strictObject({
    mail: z.strictObject({ subject: z.string(), text: z.string(), html: z.string() }),
    sms: z.strictObject({
      text: z.string(),
      encoding: z.string(),
      segments: z.int().meta({ description: 'How many messages a provider counts it as.' }),
    }),
    recipients,
  })
  .openapi('PreviewedMessage');
const preview = z
  .strictObject({ messages: z.strictObject({ nl: message, en: message }), recipients })
  .openapi('MessagePreview', { description: 'What would be sent, and to how many.' });

const byId = z.object({ id: schemas.id });
const summary = 'What that would send, and to how many; stores nothing and tells nobody';
const look = { method: 'post' as const, security: TOKEN, summary };
const incidents = { ...look, tags: ['Incidents'] };
const maintenance = { ...look, tags: ['Maintenance'] };

const routes = {
  opening: createRoute({
    ...incidents,
    path: '/api/v1/incidents/messages/preview',
    operationId: 'previewOpeningMessages',
    request: { body: jsonBody(newIncident) },
    responses: answers({ 200: preview }, []),
  }),
  update: createRoute({
    ...incidents,
    path: '/api/v1/incidents/{id}/updates/messages/preview',
    operationId: 'previewUpdateMessages',
    request: { params: byId, body: jsonBody(newUpdate) },
    responses: answers({ 200: preview }, ['not-found', 'conflict']),
  }),
  announcement: createRoute({
    ...maintenance,
    path: '/api/v1/maintenances/messages/preview',
    operationId: 'previewAnnouncementMessages',
    request: { body: jsonBody(schemas.newMaintenance) },
    responses: answers({ 200: preview }, []),
  }),
  reannouncement: createRoute({
    ...maintenance,
    path: '/api/v1/maintenances/{id}/announcements/messages/preview',
    operationId: 'previewReannouncementMessages',
    request: { params: byId, body: jsonBody(schemas.newAnnouncement) },
    responses: answers({ 200: preview }, ['not-found']),
  }),
};

/** What would be sent, before it is said. */
export function messageRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.opening, async (c) =>
    c.json(await previewOpening(ctx, c.req.valid('json')), 200),
  );
  app.openapi(routes.update, async (c) => {
    const input = { incidentId: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(await previewUpdate(ctx, input), 200);
  });
  app.openapi(routes.announcement, async (c) =>
    c.json(await previewAnnouncement(ctx, c.req.valid('json')), 200),
  );
  app.openapi(routes.reannouncement, async (c) => {
    const input = { maintenanceId: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(await previewReannouncement(ctx, input), 200);
  });
}
