import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { auditCsv } from '@upheld/services/audit/csv.ts';
import { faultText } from '@upheld/services/audit/fault-text.ts';
import { headText, parseHead } from '@upheld/services/audit/head.ts';
import { exportAudit, listAudit } from '@upheld/services/audit/list.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant } from '../http/instants.ts';
import { answers, textAnswer, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

const CSV = 'text/csv';

const entry = z
  .strictObject({
    seq: z.int().meta({ description: '1, 2, 3 …: none is ever missing.' }),
    at: schemas.instantOut,
    actor: z.string(),
    via: z.string().meta({ description: 'console, api, cli or product.' }),
    address: z.string().nullable(),
    action: z.string(),
    subject: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    hash: z.string().meta({ description: 'Covers this entry and the hash of the one before it.' }),
  })
  .openapi('AuditEntry');

const filters = {
  subject: schemas.id.optional().meta({ description: 'Only what was done to this id.' }),
  actor: z.string().max(200).optional().meta({ description: 'Only what they did, by name.' }),
  action: z
    .string()
    .regex(/^[a-z-]+(\.[a-z-]+)?$/, 'is no action; write one such as token.create, or token')
    .optional()
    .meta({
      description: 'Only this verb (token.create), or all that is done to a token (token).',
    }),
  address: z.string().max(200).optional().meta({ description: 'Only what came from there.' }),
  from: schemas.instantIn.optional().meta({ description: 'Only what was done from then on.' }),
  to: schemas.instantIn.optional().meta({ description: 'Only what was done before.' }),
};

const verdict = z
  .strictObject({
    ok: z.boolean(),
    rows: z.int().meta({ description: 'So many entries follow each other from the first on.' }),
    head: z.string().nullable().meta({
      description:
        'Note it elsewhere, and give it later: then a log that was all written anew shows.',
    }),
    seq: z.int().nullable().meta({ description: 'The first entry that does not fit.' }),
    fault: z.string().nullable().meta({ description: 'What is wrong with it.' }),
  })
  .openapi('AuditVerdict');

const common = { tags: ['Audit'], security: TOKEN };
const verification = createRoute({
  ...common,
  method: 'get',
  path: '/api/v1/audit/verification',
  operationId: 'verifyAudit',
  summary: 'Whether the log is as it was written, from its first entry on',
  request: {
    query: z.strictObject({
      head: z
        .string()
        .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'is no head; give one as an earlier answer had it')
        .optional()
        .meta({ description: 'One that was noted earlier.' }),
    }),
  },
  responses: answers({ 200: verdict }, []),
});
const csv = createRoute({
  ...common,
  method: 'get',
  path: '/api/v1/audit.csv',
  operationId: 'listAuditAsCsv',
  summary: 'The changes that fit as a table (RFC 4180), at most ten thousand',
  request: { query: z.strictObject(filters) },
  responses: textAnswer(CSV, []),
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  operationId: 'listAudit',
  ...common,
  summary: 'What people and tokens changed, newest first',
  request: { query: z.strictObject({ ...filters, ...pageQuery }) },
  responses: answers({ 200: z.strictObject({ entries: z.array(entry), next: nextCursor }) }, []),
});

/** The audit log, for who may look at it. */
export function auditRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const read = await listAudit(ctx, { ...filter, before: cursor?.at, limit: limit + 1 });
    const { rows, next } = pageOf(read, limit, ({ seq }) => ({ at: seq, id: String(seq) }));
    const entries = rows.map((row) => ({ ...row, at: isoInstant(row.at) }));
    return c.json({ entries, next }, 200);
  });
  app.openapi(csv, async (c) => {
    const rows = await exportAudit(ctx, c.req.valid('query'));
    return c.body(auditCsv(rows), 200, {
      'content-type': `${CSV}; charset=utf-8; header=present`,
      'content-disposition': 'attachment; filename="audit.csv"',
    });
  });
  app.openapi(verification, async (c) => {
    const { head } = c.req.valid('query');
    const found = await verifyAudit(ctx, parseHead(head ?? '') ?? undefined);
    const { ok, rows } = found;
    const about = found.ok
      ? { head: headText(found.head), seq: null, fault: null }
      : { head: null, seq: found.seq, fault: faultText(found.seq, found.fault) };
    return c.json({ ok, rows, ...about }, 200);
  });
}
