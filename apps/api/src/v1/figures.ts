import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { READ_AS } from '@upheld/domain/correction/correction.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { readFacts, readStatement, type FactsQuery } from '@upheld/services/read/read-statement.ts';
import { visibleComponents } from '@upheld/services/visible-components.ts';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers } from '../http/openapi.ts';
import { publicRead } from '../http/public-read.ts';
import { instantParameter, periodParameter } from './period.ts';
import { id } from './schemas.ts';

/** Which figure is meant: as every route of the figures takes it. */
export const figureRequest = {
  params: z.object({ id }),
  query: z.strictObject({
    agreement: id
      .optional()
      .meta({ description: 'One of the agreements of the component; by default the leading one.' }),
    period: periodParameter.optional(),
    as: z.enum(READ_AS).optional().meta({
      description:
        'By default `corrected`, with what was put right afterwards; `recorded` as it was first recorded.',
    }),
    asOf: instantParameter.optional().openapi({
      description:
        'The moment of the statement; by default now, or the end of a period that is over.',
    }),
  }),
};

// Their shape is fixed by the documentation of `upheld statement`; here it is only named.
const statementOut = z.custom<Statement>().openapi('Statement', { type: 'object' });
const factsOut = z.custom<Facts>().openapi('Facts', { type: 'object' });

/** Ends the line, as the command does: what is saved of both is equal byte for byte. */
const endsLine: MiddlewareHandler<ApiEnv> = async function endsLine(c, next) {
  await next();
  if (c.res.ok) c.res = new Response(`${await c.res.text()}\n`, c.res);
};

const statementRoute = createRoute({
  method: 'get',
  path: '/api/v1/components/{id}/statement',
  operationId: 'readStatement',
  tags: ['Figures'],
  summary: 'What an agreement says of what was recorded',
  description:
    'The same bytes that `upheld statement` prints for the facts of /facts with the same parameters.',
  middleware: [...publicRead, endsLine],
  request: figureRequest,
  responses: answers({ 200: statementOut }, ['bad-request', 'not-found', 'invalid-input']),
});

const factsRoute = createRoute({
  method: 'get',
  path: '/api/v1/components/{id}/facts',
  operationId: 'readFacts',
  tags: ['Figures'],
  summary: 'What was recorded, in the form that `upheld statement` reads',
  middleware: publicRead,
  request: figureRequest,
  responses: answers({ 200: factsOut }, ['bad-request', 'not-found', 'invalid-input']),
});

/** Facts and statements: anyone may compute a figure again. */
export function figureRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(statementRoute, async (c) => {
    const asked = askedFor(ctx, c.req.valid('param').id, c.req.valid('query'));
    const { statement } = await readStatement(ctx, asked);
    return c.json(statement, 200);
  });
  app.openapi(factsRoute, async (c) => {
    const asked = askedFor(ctx, c.req.valid('param').id, c.req.valid('query'));
    return c.json(await readFacts(ctx, asked), 200);
  });
}

/** The query that a request means. Throws DomainError('not-found') for what no page shows. */
export function askedFor(
  ctx: ProductContext,
  componentId: string,
  query: z.output<(typeof figureRequest)['query']>,
): FactsQuery {
  if (!visibleComponents(ctx.config()).has(componentId))
    throw new DomainError('not-found', `there is no component "${componentId}"`);
  return { componentId, ...query };
}
