import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  addSubscriber,
  listSubscribers,
  removeSubscriber,
} from '@upheld/services/subscriber/subscribers.ts';
import { setReminders } from '@upheld/services/subscriber/set-reminders.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { subscriberOut } from './map.ts';
import * as schemas from './schemas.ts';

const common = { tags: ['Subscribers'], security: TOKEN };

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/subscribers',
    operationId: 'listSubscribers',
    summary: 'Who hears of incidents and maintenance',
    request: { query: z.strictObject(pageQuery) },
    responses: answers(
      { 200: z.strictObject({ subscribers: z.array(schemas.subscriber), next: nextCursor }) },
      [],
    ),
  }),
  add: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/subscribers',
    operationId: 'addSubscriber',
    summary: 'Add somebody, who still has to confirm',
    request: { body: jsonBody(schemas.newSubscriber) },
    responses: answers({ 201: schemas.subscriber }, ['conflict']),
  }),
  reminders: createRoute({
    ...common,
    method: 'put',
    path: '/api/v1/subscribers/{id}/reminders',
    operationId: 'setReminders',
    summary: 'Choose which reminders of maintenance somebody gets',
    request: {
      params: z.object({ id: schemas.id }),
      body: jsonBody(z.strictObject({ reminders: schemas.reminderChoice })),
    },
    responses: answers({ 200: schemas.subscriber }, ['not-found']),
  }),
  remove: createRoute({
    ...common,
    method: 'delete',
    path: '/api/v1/subscribers/{id}',
    operationId: 'removeSubscriber',
    summary: 'End a subscription and forget its address',
    request: { params: z.object({ id: schemas.id }) },
    responses: answers({ 200: z.strictObject({ status: z.literal('done') }) }, ['not-found']),
  }),
};

/** Subscribers as an engineer sees them. */
export function subscriberWrites(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const read = await listSubscribers(ctx, { limit: limit + 1, after: cursor });
    const { rows, next } = pageOf(read, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    return c.json({ subscribers: rows.map((one) => subscriberOut(one)), next }, 200);
  });
  app.openapi(routes.add, async (c) => {
    const added = await addSubscriber(ctx, c.get('actor'), c.req.valid('json'));
    return c.json(subscriberOut(added), 201);
  });
  app.openapi(routes.reminders, async (c) => {
    const input = { subscriberId: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(subscriberOut(await setReminders(ctx, c.get('actor'), input)), 200);
  });
  app.openapi(routes.remove, async (c) => {
    await removeSubscriber(ctx, c.get('actor'), c.req.valid('param').id);
    return c.json({ status: 'done' as const }, 200);
  });
}
