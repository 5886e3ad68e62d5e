import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { adoptVersion, withdrawVersion } from '@upheld/services/agreement/adopt-version.ts';
import {
  listAgreements,
  readAgreement,
  type AgreementView,
} from '@upheld/services/agreement/agreement-view.ts';
import { previewVersion } from '@upheld/services/agreement/preview-version.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import * as own from './agreement-schemas.ts';
import * as schemas from './schemas.ts';

const byId = z.object({
  id: schemas.id.meta({ description: 'Its reference, or its id.', example: 'standard' }),
});
const common = { tags: ['Agreements'], security: TOKEN };

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/agreements',
    operationId: 'listAgreements',
    summary: 'Every agreement in use, with its versions and what is under it',
    responses: answers({ 200: z.strictObject({ agreements: z.array(own.agreementSummary) }) }, []),
  }),
  one: createRoute({
    ...common,
    method: 'get',
    path: '/api/v1/agreements/{id}/versions',
    operationId: 'readAgreementVersions',
    summary: 'An agreement with all its versions, and what it says in words',
    description: 'Its file is at /api/v1/agreements/{reference}.yaml, for everyone.',
    request: { params: byId, query: z.strictObject({ on: own.dayOn }) },
    responses: answers({ 200: own.agreement }, ['not-found', 'invalid-input']),
  }),
  preview: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/agreements/{id}/versions/preview',
    operationId: 'previewVersion',
    summary: 'What adopting a version would mean; writes nothing',
    request: { params: byId, body: jsonBody(own.supposedVersion) },
    responses: answers({ 200: own.versionPreview }, ['not-found', 'conflict']),
  }),
  adopt: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/agreements/{id}/versions',
    operationId: 'adoptVersion',
    summary: 'Adopt a version of an agreement from a day to come',
    description:
      'It holds from midnight of validFrom in the zone of the agreement, without a restart. What held before is put right in the file.',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(own.newVersion) },
    responses: answers({ 201: own.agreement }, ['not-found', 'conflict', 'changed-meanwhile']),
  }),
  withdraw: createRoute({
    ...common,
    method: 'post',
    path: '/api/v1/agreements/{id}/versions/{versionId}/withdraw',
    operationId: 'withdrawVersion',
    summary: 'Take back a version that is not in force yet',
    request: {
      params: byId.extend({ versionId: schemas.id }),
      headers: ifMatchHeader,
      body: jsonBody(own.newVersionWithdrawal),
    },
    responses: answers({ 200: own.agreement }, ['not-found', 'conflict', 'changed-meanwhile']),
  }),
};

/** Agreements, and the versions of them that managers adopt. */
export function agreementRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  const shown = (c: ApiContext, view: AgreementView) =>
    versioned(c, view.version, own.agreementOut(view));
  app.openapi(routes.list, async (c) => {
    return c.json({ agreements: (await listAgreements(ctx)).map(own.summaryOut) }, 200);
  });
  app.openapi(routes.one, async (c) => {
    return c.json(
      shown(c, await readAgreement(ctx, c.req.valid('param').id, c.req.valid('query'))),
      200,
    );
  });
  app.openapi(routes.preview, async (c) => {
    const agreement = c.req.valid('param').id;
    const seen = await previewVersion(ctx, { agreement, ...c.req.valid('json') });
    return c.json(own.versionPreviewOut(seen), 200);
  });
  app.openapi(routes.adopt, async (c) => {
    const agreement = c.req.valid('param').id;
    const input = { agreement, ...c.req.valid('json'), ...expected(c) };
    const view = await adoptVersion(ctx, c.get('actor'), input);
    c.header('location', `/api/v1/agreements/${encodeURIComponent(view.reference)}/versions`);
    return c.json(shown(c, view), 201);
  });
  app.openapi(routes.withdraw, async (c) => {
    const { id: agreement, versionId } = c.req.valid('param');
    const input = { agreement, versionId, ...c.req.valid('json'), ...expected(c) };
    return c.json(shown(c, await withdrawVersion(ctx, c.get('actor'), input)), 200);
  });
}
