import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  readOnCall,
  type OnCallView,
  type TurnView,
} from '@upheld/services/on-call/read-on-call.ts';
import { handBack, takeOver } from '@upheld/services/on-call/take-over.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant } from '../http/instants.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';

import * as schemas from './schemas.ts';

const turn = z.strictObject({
  person: z.strictObject({ id: z.string(), name: z.string() }),
  from: schemas.instantOut,
  until: schemas.instantOut,
  isOverride: z
    .boolean()
    .meta({ description: 'Whether they are in the place of whoever would have the turn.' }),
});

const roster = z
  .strictObject({
    id: z.string().meta({ description: 'The roster in the configuration.' }),
    zone: z.string(),
    now: turn,
    next: turn,
  })
  .openapi('OnCall');

const byId = z.object({ id: schemas.id });
const common = { tags: ['Alerts'], security: TOKEN };

const routes = {
  read: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/on-call',
    operationId: 'readOnCall',
    summary: 'Who is on call now by each roster, and who is next',
    responses: answers({ 200: z.strictObject({ rosters: z.array(roster) }) }, []),
  }),
  takeOver: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/on-call/{id}/take-over',
    operationId: 'takeOverOnCall',
    summary: 'Be on call in the place of whoever has the turn, for a time',
    request: {
      params: byId,
      body: jsonBody(
        z
          .strictObject({
            personId: z.string().meta({ description: 'A person of onCall in the configuration.' }),
            from: schemas.instantIn.optional().meta({ description: 'By default now.' }),
            until: schemas.instantIn,
          })
          .openapi('TakeOver'),
      ),
    },
    responses: answers({ 200: roster }, ['not-found']),
  }),
  handBack: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/on-call/{id}/hand-back',
    operationId: 'handBackOnCall',
    summary: 'End what somebody took over: whoever would have been is on call again',
    request: { params: byId },
    responses: answers({ 200: roster }, ['not-found', 'conflict']),
  }),
};

/** Who is on call, and who takes over. */
export function onCallRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.read, async (c) =>
    c.json({ rosters: (await readOnCall(ctx)).map((one) => onCallOut(one)) }, 200),
  );
  app.openapi(routes.takeOver, async (c) => {
    const input = { rosterId: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(onCallOut(await takeOver(ctx, c.get('actor'), input)), 200);
  });
  app.openapi(routes.handBack, async (c) => {
    const input = { rosterId: c.req.valid('param').id };
    return c.json(onCallOut(await handBack(ctx, c.get('actor'), input)), 200);
  });
}

export function onCallOut({ id, zone, now, next }: OnCallView): z.infer<typeof roster> {
  return { id, zone, now: turnOut(now), next: turnOut(next) };
}

const turnOut = ({ from, until, ...rest }: TurnView): z.infer<typeof turn> => ({
  ...rest,
  from: isoInstant(from),
  until: isoInstant(until),
});
