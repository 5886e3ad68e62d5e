import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { DomainError } from '@upheld/domain/errors.ts';
import { publicAgreement } from '@upheld/services/read/public-agreement.ts';
import { readWorksheet } from '@upheld/services/read/read-worksheet.ts';
import type { WorksheetView } from '@upheld/services/read/worksheet-view.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, textAnswer } from '../http/openapi.ts';
import { publicRead } from '../http/public-read.ts';
import { askedFor, figureRequest } from './figures.ts';
import { worksheetCsv } from './worksheet-csv.ts';

const EXTENSION = '.yaml';
const CSV = 'text/csv';
const YAML = 'application/yaml';

// It holds a statement, whose shape is fixed elsewhere; here it is only named.
const worksheetOut = z.custom<WorksheetView>().openapi('Worksheet', { type: 'object' });

const read = { method: 'get' as const, tags: ['Figures'], middleware: publicRead };

const worksheetRoute = createRoute({
  ...read,
  path: '/api/v1/components/{id}/worksheet',
  operationId: 'readWorksheet',
  summary: 'How a figure came about',
  description:
    'The statement, and of every interval the rule, the clause and the evidence that put it there; the readings of the agreement, with those under which a verdict differs.',
  request: figureRequest,
  responses: answers({ 200: worksheetOut }, ['bad-request', 'not-found', 'invalid-input']),
});

const csvRoute = createRoute({
  ...read,
  path: '/api/v1/components/{id}/worksheet.csv',
  operationId: 'readWorksheetAsCsv',
  summary: 'The intervals of a worksheet as a table (RFC 4180)',
  request: figureRequest,
  responses: textAnswer(CSV, ['bad-request', 'not-found', 'invalid-input']),
});

const agreementRoute = createRoute({
  ...read,
  path: '/api/v1/agreements/{file}',
  operationId: 'readAgreement',
  summary: 'An agreement as a file, to compute a statement with',
  description:
    'Beside the facts it gives the same statement with `upheld statement facts.json`. What was agreed with single customers is left out.',
  request: {
    params: z.object({
      file: z
        .string()
        .min(1)
        .max(200)
        .openapi({ example: `standard${EXTENSION}` }),
    }),
  },
  responses: textAnswer(YAML, ['not-found']),
});

/** Worksheets and agreement files: anyone may see why a figure is what it is. */
export function worksheetRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(worksheetRoute, async (c) => {
    const asked = askedFor(ctx, c.req.valid('param').id, c.req.valid('query'));
    return c.json(await readWorksheet(ctx, asked), 200);
  });
  app.openapi(csvRoute, async (c) => {
    const asked = askedFor(ctx, c.req.valid('param').id, c.req.valid('query'));
    const view = await readWorksheet(ctx, asked);
    const name = `${view.component.id}-${view.statement.period.to.slice(0, 10)}.csv`;
    return c.body(
      worksheetCsv(view),
      200,
      fileHeaders(`${CSV}; charset=utf-8; header=present`, name),
    );
  });
  app.openapi(agreementRoute, (c) => {
    const { file } = c.req.valid('param');
    const id = file.slice(0, -EXTENSION.length);
    const text = file.endsWith(EXTENSION)
      ? (publicAgreement(ctx, file) ?? publicAgreement(ctx, id))
      : null;
    if (text === null) throw new DomainError('not-found', `there is no agreement file "${file}"`);
    return c.body(text, 200, fileHeaders(`${YAML}; charset=utf-8`, file));
  });
}

function fileHeaders(type: string, name: string): Record<string, string> {
  return { 'content-type': type, 'content-disposition': `attachment; filename="${name}"` };
}
