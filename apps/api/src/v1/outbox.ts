import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { DELIVERY_CHANNELS, DELIVERY_STATES } from '@upheld/domain/notify/delivery.ts';
import { listOutbox, type OutboxView } from '@upheld/services/outbox/list-outbox.ts';
import { retryOutbox } from '@upheld/services/outbox/retry-outbox.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import { answers, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

export const message = z
  .strictObject({
    id: z.string(),
    channel: z.enum(DELIVERY_CHANNELS),
    address: z.string().meta({ description: 'Empty where its owner left since.' }),
    kind: z.string(),
    title: z.string().meta({ description: 'What it is about.' }),
    subjectId: z.string(),
    state: z.enum(DELIVERY_STATES),
    reason: z.string().nullable().meta({
      description: 'Why it stands where it stands: a word, then what the other side said.',
    }),
    attempts: z.int(),
    createdAt: schemas.instantOut,
    settledAt: schemas.instantOut.nullable(),
  })
  .openapi('OutboxMessage');

const common = { tags: ['Outbox'], security: TOKEN };

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/outbox',
    operationId: 'listOutbox',
    summary: 'Messages that were or are to be sent, newest first',
    request: {
      query: z.strictObject({
        state: z
          .union([z.enum(DELIVERY_STATES), z.array(z.enum(DELIVERY_STATES))])
          .optional()
          .meta({ description: 'dead: given up; expired: too late. May be given more than once.' }),
        ...pageQuery,
      }),
    },
    responses: answers(
      { 200: z.strictObject({ messages: z.array(message), next: nextCursor }) },
      [],
    ),
  }),
  retry: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/outbox/{id}/retry',
    operationId: 'retryOutbox',
    summary: 'Try a message again that was given up or too late',
    request: { params: z.object({ id: schemas.id }) },
    responses: answers({ 200: message }, ['not-found', 'conflict']),
  }),
};

/** What left, what did not, and why. */
export function outboxRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const { limit, cursor, state } = c.req.valid('query');
    const states = state === undefined ? undefined : [state].flat();
    const read = await listOutbox(ctx, { states, after: cursor, limit: limit + 1 });
    const { rows, next } = pageOf(read, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    return c.json({ messages: rows.map((row) => outboxOut(row)), next }, 200);
  });
  app.openapi(routes.retry, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(outboxOut(await retryOutbox(ctx, c.get('actor'), { id })), 200);
  });
}

/** A message with its instants as ISO 8601 texts. */
export function outboxOut(view: OutboxView): z.infer<typeof message> {
  return {
    ...view,
    createdAt: isoInstant(view.createdAt),
    settledAt: isoInstantOrNull(view.settledAt),
  };
}
