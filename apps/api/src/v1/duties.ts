import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { acknowledgeAlert } from '@upheld/services/alert/acknowledge-alert.ts';
import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { readDuties } from '@upheld/services/duty/read-duties.ts';
import { readNotices } from '@upheld/services/duty/read-notices.ts';
import { nextCursor, pageOf, pageQuery, type Place } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import * as schemas from './schemas.ts';
import { alertOut, dutyOut, noticeOut } from './ticket-map.ts';
import * as bodies from './ticket-schemas.ts';

const only = z.enum(['true', 'false']).optional();

const routes = {
  duties: createRoute({
    tags: ['Duties'],
    security: TOKEN,
    method: 'get',
    path: '/api/v1/duties',
    operationId: 'listDuties',
    summary: 'What agreements ask for because of tickets and incidents, what is due first first',
    request: { query: z.strictObject({ ...pageQuery, open: only }) },
    responses: answers(
      { 200: z.strictObject({ duties: z.array(bodies.duty), next: nextCursor }) },
      [],
    ),
  }),
  notices: createRoute({
    tags: ['Duties'],
    security: TOKEN,
    method: 'get',
    path: '/api/v1/notices/{id}',
    operationId: 'listNotices',
    summary:
      'Whom agreements want told of an incident, a maintenance or a ticket, and what went out',
    request: { params: z.object({ id: schemas.id }) },
    responses: answers({ 200: z.strictObject({ notices: z.array(bodies.notice) }) }, ['not-found']),
  }),
  complete: createRoute({
    tags: ['Duties'],
    security: TOKEN,
    method: 'post',
    path: '/api/v1/duties/complete',
    operationId: 'completeDuty',
    summary: 'Say that a duty was done, and by what',
    request: { body: jsonBody(bodies.dutyDone) },
    responses: answers({ 200: bodies.duty }, ['not-found', 'conflict']),
  }),
  alerts: createRoute({
    tags: ['Alerts'],
    security: TOKEN,
    method: 'get',
    path: '/api/v1/alerts',
    operationId: 'listAlerts',
    summary: 'Who is called for what, the latest first',
    request: { query: z.strictObject({ ...pageQuery, open: only }) },
    responses: answers(
      { 200: z.strictObject({ alerts: z.array(bodies.alert), next: nextCursor }) },
      [],
    ),
  }),
  acknowledge: createRoute({
    tags: ['Alerts'],
    security: TOKEN,
    method: 'post',
    path: '/api/v1/alerts/{id}/acknowledge',
    operationId: 'acknowledgeAlert',
    summary: 'Say that somebody is on it: nobody else is called',
    request: { params: z.object({ id: schemas.id }), headers: ifMatchHeader },
    responses: answers({ 200: bodies.alert }, ['not-found', 'conflict']),
  }),
};

/** Duties, and the calls that they and incidents raise. */
export function dutyRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.duties, async (c) => {
    const { open, limit, cursor } = c.req.valid('query');
    const all = await readDuties(ctx);
    const asked = open === 'true' ? all.filter(isOpen) : all;
    const { rows, next } = pageOf(behind(asked, cursor).slice(0, limit + 1), limit, placeOf);
    return c.json({ duties: rows.map((one) => dutyOut(one)), next }, 200);
  });
  app.openapi(routes.notices, async (c) => {
    const notices = await readNotices(ctx, c.req.valid('param').id);
    return c.json({ notices: notices.map((one) => noticeOut(one)) }, 200);
  });
  app.openapi(routes.complete, async (c) =>
    c.json(dutyOut(await completeDuty(ctx, c.get('actor'), c.req.valid('json'))), 200),
  );
  app.openapi(routes.alerts, async (c) => {
    const { open, limit, cursor } = c.req.valid('query');
    const read = await listAlerts(ctx, { open: open === 'true', limit: limit + 1, after: cursor });
    const { rows, next } = pageOf(read, limit, ({ raisedAt, id }) => ({ at: raisedAt, id }));
    return c.json({ alerts: rows.map((one) => alertOut(one)), next }, 200);
  });
  app.openapi(routes.acknowledge, async (c) => {
    const input = { alertId: c.req.valid('param').id, ...expected(c) };
    const alert = await acknowledgeAlert(ctx, c.get('actor'), input);
    return c.json(versioned(c, alert.version, alertOut(alert)), 200);
  });
}

const isOpen = ({ state }: { state: string }): boolean => state !== 'done';

const placeOf = ({ due, key }: Duty): Place => ({ at: due ?? Number.MAX_SAFE_INTEGER, id: key });

/** What comes after a place in the list; where that duty is gone, what is due after it. */
function behind(duties: readonly Duty[], place: Place | undefined): readonly Duty[] {
  if (place === undefined) return duties;
  const index = duties.findIndex(({ key }) => key === place.id);
  return index < 0 ? duties.filter((duty) => placeOf(duty).at > place.at) : duties.slice(index + 1);
}
