import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { DomainError } from '@upheld/domain/errors.ts';
import { closePeriod, revisePeriod } from '@upheld/services/period/close-period.ts';
import { listClosed, listPeriods } from '@upheld/services/period/list-periods.ts';
import { previewPeriod } from '@upheld/services/period/preview-period.ts';
import {
  readRevisionById,
  readRevisionDocument,
  type RevisionDocument,
} from '@upheld/services/period/read-period.ts';
import { visibleComponents } from '@upheld/services/visible-components.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, textAnswer, TOKEN } from '../http/openapi.ts';
import { publicRead } from '../http/public-read.ts';
import * as own from './period-schemas.ts';
import * as schemas from './schemas.ts';

const JSON_TYPE = 'application/json';
// Its shape is told by what is in it: facts, the text of an agreement, a statement.
const DOCUMENT = { type: 'object' } as const;
const tags = ['Closed periods'];
const common = { tags, security: TOKEN };
const byId = z.object({ id: schemas.id });
const revisionNumber = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'is no number of a revision; write 1, 2, 3 …')
  .transform(Number)
  .openapi({ type: 'integer', example: 1 });

const reads = {
  ofComponent: createRoute({
    tags,
    method: 'get',
    path: '/api/v1/components/{id}/periods',
    operationId: 'listClosedPeriods',
    summary: 'The closed periods of a component, the last to end first',
    middleware: publicRead,
    request: { params: byId },
    responses: answers({ 200: z.strictObject({ periods: z.array(own.publicPeriod) }) }, [
      'not-found',
    ]),
  }),
  document: createRoute({
    tags,
    method: 'get',
    path: '/api/v1/components/{id}/periods/{agreement}/{period}/revisions/{revision}',
    operationId: 'readClosedPeriod',
    summary: 'A closed period as it was frozen, byte for byte',
    description:
      'Facts, agreement and statement. Its SHA-256 is the hash of the revision, and `upheld period verify` makes the statement again from what is in it.',
    middleware: publicRead,
    request: {
      params: byId.extend({
        agreement: schemas.id,
        period: z.string().min(1).max(80).openapi({ example: '2026-10' }),
        revision: revisionNumber,
      }),
    },
    responses: textAnswer(JSON_TYPE, ['bad-request', 'not-found'], DOCUMENT),
  }),
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/periods',
    operationId: 'listPeriods',
    summary: 'What is over and not closed, and what is closed',
    request: { query: z.strictObject({ component: schemas.id.optional() }) },
    responses: answers({ 200: own.periods }, []),
  }),
  byRevision: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/periods/revisions/{id}',
    operationId: 'readPeriodRevision',
    summary: 'The document of a revision, also of a component that no page shows',
    request: { params: byId },
    responses: textAnswer(JSON_TYPE, ['not-found'], DOCUMENT),
  }),
};

const writes = {
  preview: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/periods/preview',
    operationId: 'previewPeriod',
    summary: 'What would be frozen of a period; writes nothing',
    request: { body: jsonBody(own.periodAsked) },
    responses: answers({ 200: own.periodPreview }, ['not-found']),
  }),
  close: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/periods',
    operationId: 'closePeriod',
    summary: 'Close a period that is over: freeze what is published of it',
    request: { body: jsonBody(own.newClosing) },
    responses: answers({ 201: own.revisionOutSchema }, ['not-found', 'conflict']),
  }),
  revise: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/periods/revise',
    operationId: 'revisePeriod',
    summary: 'Give a closed period a new revision from what is recorded now',
    description: 'The revisions before it stay beside it, each with its document.',
    request: { body: jsonBody(own.newRevision) },
    responses: answers({ 201: own.revisionOutSchema }, ['not-found', 'conflict']),
  }),
};

/** Periods that managers close, and what everyone may download of them. */
export function periodRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  publicRoutes(app, ctx);
  app.openapi(reads.list, async (c) => {
    const { component: componentId } = c.req.valid('query');
    return c.json(own.periodsOut(await listPeriods(ctx, { componentId })), 200);
  });
  app.openapi(reads.byRevision, async (c) =>
    asFile(c, await readRevisionById(ctx, c.req.valid('param').id)),
  );
  app.openapi(writes.preview, async (c) => {
    return c.json(own.previewOut(await previewPeriod(ctx, c.req.valid('json'))), 200);
  });
  app.openapi(writes.close, async (c) => {
    const closed = await closePeriod(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `/api/v1/periods/revisions/${closed.id}`);
    return c.json(own.revisionOut(closed), 201);
  });
  app.openapi(writes.revise, async (c) => {
    const revised = await revisePeriod(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `/api/v1/periods/revisions/${revised.id}`);
    return c.json(own.revisionOut(revised), 201);
  });
}

function publicRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  const shown = (id: string): string => {
    if (visibleComponents(ctx.config()).has(id)) return id;
    throw new DomainError('not-found', `there is no component "${id}"`);
  };
  app.openapi(reads.ofComponent, async (c) => {
    const closed = await listClosed(ctx, shown(c.req.valid('param').id));
    return c.json({ periods: closed.flatMap(own.publicPeriodOut) }, 200);
  });
  app.openapi(reads.document, async (c) => {
    const { id, ...of } = c.req.valid('param');
    return asFile(c, await readRevisionDocument(ctx, { componentId: shown(id), ...of }));
  });
}

/** The bytes that were hashed, under a name that says what they are. */
function asFile(c: ApiContext, { row, document }: RevisionDocument) {
  const { componentId, agreement, period, revision, hash } = row;
  const words = [componentId, agreement.replace(/\.yaml$/, ''), period, `revision-${revision}`];
  const name = words.join('-').replaceAll(/[^\w.-]/g, '_');
  return c.body(document, 200, {
    'content-type': JSON_TYPE,
    'content-disposition': `attachment; filename="${name}.json"`,
    etag: `"${hash}"`,
  });
}
