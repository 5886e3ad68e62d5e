import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { CorrectionView } from '@upheld/services/correction/correction-view.ts';
import { correctOutage, withdrawCorrection } from '@upheld/services/correction/correct-outage.ts';
import {
  listCorrections,
  readCorrection,
  type CorrectionList,
} from '@upheld/services/correction/list-corrections.ts';
import { outageEffects } from '@upheld/services/correction/outage-effects.ts';
import {
  previewCorrection,
  previewWithdrawal,
  type CorrectionPreview,
} from '@upheld/services/correction/preview-correction.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, textAnswer, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import * as own from './correction-schemas.ts';
import { correctionsCsv } from './corrections-csv.ts';
import { figureRequest } from './figures.ts';
import { instantParameter } from './period.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const common = { tags: ['Corrections'], security: TOKEN };
const CSV = 'text/csv';

const filters = {
  component: schemas.id.optional().meta({ description: 'Only those of its outages.' }),
  outage: schemas.id.optional().meta({ description: 'Only those of one outage.' }),
  from: instantParameter
    .optional()
    .openapi({ description: 'Only those of outages that go on after it.' }),
  to: instantParameter
    .optional()
    .openapi({ description: 'Only those of outages that began before it.' }),
};

const reads = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/corrections',
    operationId: 'listCorrections',
    summary: 'What was put right of outages afterwards, latest first',
    request: { query: z.strictObject({ ...filters, ...pageQuery }) },
    responses: answers(
      { 200: z.strictObject({ corrections: z.array(own.correction), next: nextCursor }) },
      [],
    ),
  }),
  csv: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/corrections.csv',
    operationId: 'listCorrectionsAsCsv',
    summary: 'All corrections as a table (RFC 4180)',
    request: { query: z.strictObject(filters) },
    responses: textAnswer(CSV, []),
  }),
  one: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/corrections/{id}',
    operationId: 'readCorrection',
    summary: 'One correction as it now stands',
    request: { params: byId },
    responses: answers({ 200: own.correction }, ['not-found']),
  }),
  outages: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/components/{id}/outages',
    operationId: 'listOutages',
    summary: 'The outages of a period, and what each does to its figure',
    request: {
      params: figureRequest.params,
      query: figureRequest.query.omit({ as: true }),
    },
    responses: answers({ 200: z.strictObject({ outages: z.array(own.outage) }) }, [
      'not-found',
      'invalid-input',
    ]),
  }),
};

const writes = {
  add: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/corrections',
    operationId: 'correctOutage',
    summary: 'Say what an outage that is over turned out to be',
    description:
      'Nothing is overwritten: the last correction of an outage and kind holds, and both statements can be had. The version that If-Match speaks of is that of the outage.',
    request: { headers: ifMatchHeader, body: jsonBody(own.newCorrection) },
    responses: answers({ 201: own.correction }, ['not-found', 'conflict', 'changed-meanwhile']),
  }),
  preview: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/corrections/preview',
    operationId: 'previewCorrection',
    summary: 'What a correction would do to the statements; writes nothing',
    request: { body: jsonBody(own.supposedCorrection) },
    responses: answers({ 200: own.preview }, ['not-found', 'conflict']),
  }),
  withdraw: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/corrections/{id}/withdraw',
    operationId: 'withdrawCorrection',
    summary: 'Take a correction back: what held before it holds again',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(own.newWithdrawal) },
    responses: answers({ 200: own.correction }, ['not-found', 'conflict', 'changed-meanwhile']),
  }),
  previewWithdrawal: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/corrections/{id}/withdraw/preview',
    operationId: 'previewWithdrawal',
    summary: 'What taking a correction back would do; writes nothing',
    request: { params: byId },
    responses: answers({ 200: own.preview }, ['not-found', 'conflict']),
  }),
};

/** What managers put right of outages afterwards. */
export function correctionRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  readRoutes(app, ctx);
  const one = (c: ApiContext, view: CorrectionView) =>
    versioned(c, view.outage.version, own.correctionOut(view));
  app.openapi(reads.one, async (c) => {
    return c.json(one(c, await readCorrection(ctx, c.req.valid('param').id)), 200);
  });
  app.openapi(writes.preview, async (c) => {
    return c.json(previewOut(await previewCorrection(ctx, c.req.valid('json'))), 200);
  });
  app.openapi(writes.add, async (c) => {
    const input = { ...c.req.valid('json'), ...expected(c) };
    const added = await correctOutage(ctx, c.get('actor'), input);
    c.header('location', `/api/v1/corrections/${added.id}`);
    return c.json(one(c, added), 201);
  });
  app.openapi(writes.previewWithdrawal, async (c) => {
    const correctionId = c.req.valid('param').id;
    return c.json(previewOut(await previewWithdrawal(ctx, { correctionId })), 200);
  });
  app.openapi(writes.withdraw, async (c) => {
    const correctionId = c.req.valid('param').id;
    const input = { correctionId, ...c.req.valid('json'), ...expected(c) };
    return c.json(one(c, await withdrawCorrection(ctx, c.get('actor'), input)), 200);
  });
}

function readRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(reads.list, async (c) => {
    const { limit, cursor, ...asked } = c.req.valid('query');
    const found = await listCorrections(ctx, {
      ...filterOf(asked),
      limit: limit + 1,
      after: cursor,
    });
    const { rows, next } = pageOf(found, limit, ({ recordedAt: at, id }) => ({ at, id }));
    return c.json({ corrections: rows.map(own.correctionOut), next }, 200);
  });
  app.openapi(reads.csv, async (c) => {
    const all = await everyCorrection(ctx, filterOf(c.req.valid('query')));
    return c.body(correctionsCsv(all), 200, {
      'content-type': `${CSV}; charset=utf-8; header=present`,
      'content-disposition': 'attachment; filename="corrections.csv"',
    });
  });
  app.openapi(reads.outages, async (c) => {
    const query = { componentId: c.req.valid('param').id, ...c.req.valid('query') };
    const outages = await outageEffects(ctx, query);
    return c.json({ outages: outages.map(own.outageOut) }, 200);
  });
}

const AT_ONCE = 200;

async function everyCorrection(
  ctx: ProductContext,
  filter: Omit<CorrectionList, 'limit' | 'after'>,
): Promise<CorrectionView[]> {
  const all: CorrectionView[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last && { at: last.recordedAt, id: last.id };
    const some = await listCorrections(ctx, { ...filter, limit: AT_ONCE, after });
    all.push(...some);
    if (some.length < AT_ONCE) return all;
  }
}

interface Filters {
  component?: string | undefined;
  outage?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

function filterOf({ component, outage, from, to }: Filters) {
  const span =
    from === undefined && to === undefined
      ? undefined
      : { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER };
  return { componentId: component, outageId: outage, span };
}

function previewOut({ outage, agreements }: CorrectionPreview): z.infer<typeof own.preview> {
  return {
    outage,
    agreements: agreements.map(({ agreement, periods }) => ({
      agreement,
      periods: periods.map((period) => ({ ...period })),
    })),
  };
}
