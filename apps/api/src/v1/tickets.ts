import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { respondToTicket, updateTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { closeTicket, recoverTicket, reopenTicket } from '@upheld/services/ticket/end-ticket.ts';
import { knownComponent } from '@upheld/services/components.ts';
import { placesOf } from '@upheld/services/ticket/places.ts';
import { previewTicketMessage } from '@upheld/services/ticket/preview-message.ts';
import { pauseTicket, resumeTicket } from '@upheld/services/ticket/pause-ticket.ts';
import {
  linkTicket,
  progressTicket,
  tellOfTicket,
} from '@upheld/services/ticket/progress-ticket.ts';
import {
  previewRecategorisation,
  recategoriseTicket,
} from '@upheld/services/ticket/recategorise-ticket.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { listTickets, readTicket, type TicketView } from '@upheld/services/ticket/ticket-view.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import * as schemas from './schemas.ts';
import { clockOut, ticketOut } from './ticket-map.ts';
import * as bodies from './ticket-schemas.ts';

const byId = z.object({ id: schemas.id });
const common = { tags: ['Tickets'], security: TOKEN };

/** A verb on one ticket: what it is given, and the ticket as it then stands. */
function verb<const P extends string, S extends z.ZodType>(
  path: P,
  operationId: string,
  summary: string,
  body: S,
) {
  return createRoute({
    ...common,
    method: 'post',
    path: `/api/v1/tickets/{id}/${path}`,
    operationId,
    summary,
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(body) },
    responses: answers({ 200: bodies.ticket }, ['not-found', 'conflict']),
  });
}

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/tickets',
    operationId: 'listTickets',
    summary: 'Reports of customers with their clocks, the latest first',
    request: {
      query: z.strictObject({
        ...pageQuery,
        open: z.enum(['true', 'false']).optional(),
        component: z.string().optional(),
        incident: z.string().optional(),
      }),
    },
    responses: answers(
      { 200: z.strictObject({ tickets: z.array(bodies.ticket), next: nextCursor }) },
      [],
    ),
  }),
  report: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/tickets',
    operationId: 'reportTicket',
    summary: 'Record what a customer reported',
    request: { body: jsonBody(bodies.newTicket) },
    responses: answers({ 201: bodies.ticket }, []),
  }),
  read: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/tickets/{id}',
    operationId: 'readTicket',
    summary: 'One ticket, by its id or number',
    request: { params: byId },
    responses: answers({ 200: bodies.ticket }, ['not-found']),
  }),
  preview: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/tickets/{id}/recategorise/preview',
    operationId: 'previewRecategorisation',
    summary: 'What placing it elsewhere would do to its clocks; stores nothing',
    request: { params: byId, body: jsonBody(bodies.askedPlace) },
    responses: answers({ 200: bodies.previewedClocks }, ['not-found', 'conflict']),
  }),
  message: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/tickets/{id}/messages/preview',
    operationId: 'previewTicketMessage',
    summary: 'The mail that the reporter would get, and what agreements ask of it; stores nothing',
    request: { params: byId, body: jsonBody(bodies.askedMessage) },
    responses: answers({ 200: bodies.previewedMessage }, ['not-found']),
  }),
  places: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/components/{id}/ticket-places',
    operationId: 'listTicketPlaces',
    summary: 'Types and levels that a report of a component can have, with what they mean',
    request: { params: byId },
    responses: answers({ 200: bodies.places }, ['not-found']),
  }),
  respond: verb('respond', 'respondToTicket', 'Answer it for the first time', bodies.answer),
  update: verb('updates', 'updateTicket', 'Say how it stands', bodies.said),
  pause: verb('pause', 'pauseTicket', 'Say that it waits, and for what', bodies.pause),
  resume: verb('resume', 'resumeTicket', 'Say that it waits no longer', bodies.said),
  recategorise: verb(
    'recategorise',
    'recategoriseTicket',
    'Place it in another type or at another level',
    bodies.place,
  ),
  progress: verb('progress', 'progressTicket', 'Say how far the work has come', bodies.progress),
  happened: verb(
    'happened',
    'tellOfTicket',
    'Say that something happened from which an obligation is counted',
    bodies.happened,
  ),
  link: verb('link', 'linkTicket', 'Say which incident it is about', bodies.link),
  recover: verb('recover', 'recoverTicket', 'Say that it is solved', bodies.said),
  reopen: verb('reopen', 'reopenTicket', 'Take a recovery or a closing back', bodies.said),
  close: verb('close', 'closeTicket', 'Close it: nothing more is to be done', bodies.said),
};

/** Reports of customers: what the console does with them, programs do here. */
export function ticketRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const { limit, cursor, open, component, incident } = c.req.valid('query');
    const rows = await listTickets(ctx, {
      limit: limit + 1,
      before: cursor?.at,
      ...(open === 'true' ? { open: true } : {}),
      componentId: component,
      incidentId: incident,
    });
    const page = pageOf(rows, limit, ({ number, id }) => ({ at: number, id }));
    return c.json({ tickets: page.rows.map((one) => ticketOut(one)), next: page.next }, 200);
  });
  app.openapi(routes.report, async (c) => {
    const view = await reportTicket(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `/api/v1/tickets/${view.id}`);
    return c.json(stands(c, view), 201);
  });
  app.openapi(routes.read, async (c) =>
    c.json(stands(c, await readTicket(ctx, c.req.valid('param').id)), 200),
  );
  app.openapi(routes.preview, async (c) => {
    const input = { ticketId: c.req.valid('param').id, ...c.req.valid('json') };
    const { now, then } = await previewRecategorisation(ctx, input);
    return c.json({ now: now.map(clockOut), then: then.map(clockOut) }, 200);
  });
  lookRoutes(app, ctx);
  answerRoutes(app, ctx);
  workRoutes(app, ctx);
}

/** What is known before something is said. */
function lookRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.message, async (c) => {
    const input = { ticketId: c.req.valid('param').id, ...c.req.valid('json') };
    const { asked, ...rest } = await previewTicketMessage(ctx, input);
    return c.json(
      { ...rest, asked: asked.map((one) => ({ ...one, channels: [...one.channels] })) },
      200,
    );
  });
  app.openapi(routes.places, (c) => {
    const { id } = knownComponent(ctx.config(), c.req.valid('param').id);
    const places = placesOf(ctx, id, ctx.clock.now());
    return c.json({ places: places.map((one) => ({ ...one, under: [...one.under] })) }, 200);
  });
}

/** What is said of it, and where it is placed. */
function answerRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.respond, async (c) =>
    c.json(
      stands(c, await respondToTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.update, async (c) =>
    c.json(
      stands(c, await updateTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.pause, async (c) =>
    c.json(
      stands(c, await pauseTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.resume, async (c) =>
    c.json(
      stands(c, await resumeTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.recategorise, async (c) =>
    c.json(
      stands(
        c,
        await recategoriseTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') }),
      ),
      200,
    ),
  );
}

/** How far it came, and how it ended. */
function workRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.progress, async (c) =>
    c.json(
      stands(c, await progressTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.happened, async (c) =>
    c.json(
      stands(c, await tellOfTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.link, async (c) =>
    c.json(
      stands(c, await linkTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.recover, async (c) =>
    c.json(
      stands(c, await recoverTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.reopen, async (c) =>
    c.json(
      stands(c, await reopenTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
  app.openapi(routes.close, async (c) =>
    c.json(
      stands(c, await closeTicket(ctx, c.get('actor'), { ...of(c), ...c.req.valid('json') })),
      200,
    ),
  );
}

/** Which ticket a verb is about, and which version of it the caller has read. */
function of(c: ApiContext): { ticketId: string; expectedVersion?: number } {
  return { ticketId: c.req.param('id') ?? '', ...expected(c) };
}

function stands(c: ApiContext, view: TicketView) {
  return versioned(c, view.version, ticketOut(view));
}
