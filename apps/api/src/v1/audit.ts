import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { listAudit } from '@upheld/services/audit/list.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant } from '../http/instants.ts';
import { answers, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

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

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit',
  operationId: 'listAudit',
  tags: ['Audit'],
  security: TOKEN,
  summary: 'What people and tokens changed, newest first',
  request: {
    query: z.strictObject({
      subject: schemas.id.optional().meta({ description: 'Only what was done to this id.' }),
      actor: z.string().max(200).optional().meta({ description: 'Only what they did, by name.' }),
      ...pageQuery,
    }),
  },
  responses: answers({ 200: z.strictObject({ entries: z.array(entry), next: nextCursor }) }, []),
});

/** The audit log, for who may look at it. */
export function auditRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(list, async (c) => {
    const { limit, cursor, subject, actor } = c.req.valid('query');
    const read = await listAudit(ctx, { subject, actor, before: cursor?.at, limit: limit + 1 });
    const { rows, next } = pageOf(read, limit, ({ seq }) => ({ at: seq, id: String(seq) }));
    const entries = rows.map((row) => ({ ...row, at: isoInstant(row.at) }));
    return c.json({ entries, next }, 200);
  });
}
