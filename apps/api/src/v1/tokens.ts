import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { PERMISSIONS } from '@upheld/domain/access/permissions.ts';
import { SCOPE_WORDS } from '@upheld/domain/access/scope-words.ts';
import { ENDLESS, MOST_DAYS, USUAL_DAYS } from '@upheld/services/token/lifetime.ts';
import {
  createToken,
  listTokens,
  revokeToken,
  type TokenView,
} from '@upheld/services/token/tokens.ts';
import { nextCursor, pageOf, pageQuery } from '../http/cursors.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import * as schemas from './schemas.ts';

const scopes = z.array(z.enum(PERMISSIONS));
const tokenShape = {
  id: z.string(),
  name: z.string(),
  scopes,
  expiresAt: schemas.instantOut.nullable().meta({ description: 'null: never.' }),
  createdBy: z.string().nullable(),
  createdAt: schemas.instantOut,
  lastUsedAt: schemas.instantOut.nullable(),
  revokedAt: schemas.instantOut.nullable(),
};
const token = z.strictObject(tokenShape).openapi('Token');
const createdToken = z
  .strictObject({
    ...tokenShape,
    token: z.string().meta({ description: 'What to send. It is shown only here.' }),
    warning: z.string().nullable().meta({ description: 'Of one that has no end.' }),
  })
  .openapi('CreatedToken');
const SCOPES = `What it may do, and never more than who makes it: ${PERMISSIONS.map(
  (scope) => `${scope} (${SCOPE_WORDS[scope]})`,
).join(', ')}.`;
const newToken = z
  .strictObject({
    name: z.string().trim().min(1).max(60),
    scopes: scopes.min(1).meta({ description: SCOPES }),
    expiresAt: schemas.instantIn
      .nullable()
      .optional()
      .meta({
        description: `At most ${MOST_DAYS} days away; null: never. By default ${USUAL_DAYS} days.`,
      }),
  })
  .openapi('NewToken');

const common = { tags: ['Tokens'], security: TOKEN };

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/tokens',
    operationId: 'listTokens',
    summary: 'Every token ever made, newest first',
    request: { query: z.strictObject(pageQuery) },
    responses: answers({ 200: z.strictObject({ tokens: z.array(token), next: nextCursor }) }, []),
  }),
  create: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/tokens',
    operationId: 'createToken',
    summary: 'Make a token; it is shown once',
    request: { body: jsonBody(newToken) },
    responses: answers({ 201: createdToken }, ['conflict']),
  }),
  revoke: createRoute({
    ...common,
    method: 'delete',
    path: '/api/v1/tokens/{id}',
    operationId: 'revokeToken',
    summary: 'End a token, from this moment on',
    request: { params: z.object({ id: schemas.id }) },
    responses: answers({ 200: token }, ['not-found']),
  }),
};

/** Tokens, for who looks after the accounts. */
export function tokenRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const read = await listTokens(ctx, { limit: limit + 1, after: cursor });
    const { rows, next } = pageOf(read, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    return c.json({ tokens: rows.map((one) => tokenOut(one)), next }, 200);
  });
  app.openapi(routes.create, async (c) => {
    const made = await createToken(ctx, c.get('actor'), c.req.valid('json'));
    const warning = made.expiresAt === null ? ENDLESS : null;
    return c.json({ ...tokenOut(made), token: made.token, warning }, 201);
  });
  app.openapi(routes.revoke, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(tokenOut(await revokeToken(ctx, c.get('actor'), { id })), 200);
  });
}

function tokenOut(view: TokenView): z.infer<typeof token> {
  return {
    id: view.id,
    name: view.name,
    scopes: [...view.scopes],
    expiresAt: isoInstantOrNull(view.expiresAt),
    createdBy: view.createdBy,
    createdAt: isoInstant(view.createdAt),
    lastUsedAt: isoInstantOrNull(view.lastUsedAt),
    revokedAt: isoInstantOrNull(view.revokedAt),
  };
}
