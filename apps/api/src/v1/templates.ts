import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  changeTemplate,
  createTemplate,
  listTemplates,
  readTemplate,
  removeTemplate,
} from '@upheld/services/template/templates.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers, jsonBody, TOKEN } from '../http/openapi.ts';
import { expected, ifMatchHeader, versioned } from '../http/versions.ts';
import { templateOut } from './planning-map.ts';
import * as bodies from './planning-schemas.ts';
import * as schemas from './schemas.ts';

const byId = z.object({ id: schemas.id });
const common = { tags: ['Templates'], security: TOKEN };
const PATH = '/api/v1/templates';

const routes = {
  list: createRoute({
    ...common,
    method: 'get',
    path: PATH,
    operationId: 'listTemplates',
    summary: 'Texts to start from, those that came with the product first',
    request: { query: bodies.templateQuery },
    responses: answers({ 200: bodies.templateList }, []),
  }),
  read: createRoute({
    ...common,
    method: 'get',
    path: `${PATH}/{id}`,
    operationId: 'readTemplate',
    summary: 'One template',
    request: { params: byId },
    responses: answers({ 200: bodies.template }, ['not-found']),
  }),
  create: createRoute({
    ...common,
    method: 'post',
    path: PATH,
    operationId: 'createTemplate',
    summary: 'Make a template',
    request: { body: jsonBody(bodies.newTemplate) },
    responses: answers({ 201: bodies.template }, []),
  }),
  change: createRoute({
    ...common,
    method: 'put',
    path: `${PATH}/{id}`,
    operationId: 'changeTemplate',
    summary: 'Change a template, also one that came with the product',
    request: { params: byId, headers: ifMatchHeader, body: jsonBody(bodies.newTemplate) },
    responses: answers({ 200: bodies.template }, ['not-found', 'conflict']),
  }),
  remove: createRoute({
    ...common,
    method: 'delete',
    path: `${PATH}/{id}`,
    operationId: 'removeTemplate',
    summary: 'Take a template off the lists',
    request: { params: byId, headers: ifMatchHeader },
    responses: answers({ 200: bodies.template }, ['not-found', 'conflict']),
  }),
};

/** The texts that engineers start from. */
export function templateRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  app.openapi(routes.list, async (c) => {
    const templates = await listTemplates(ctx, c.req.valid('query').kind);
    return c.json({ templates: templates.map((one) => templateOut(one)) }, 200);
  });
  app.openapi(routes.create, async (c) => {
    const one = await createTemplate(ctx, c.get('actor'), c.req.valid('json'));
    c.header('location', `${PATH}/${one.id}`);
    return c.json(versioned(c, one.version, templateOut(one)), 201);
  });
  app.openapi(routes.read, async (c) => {
    const one = await readTemplate(ctx, c.req.valid('param').id);
    return c.json(versioned(c, one.version, templateOut(one)), 200);
  });
  app.openapi(routes.change, async (c) => {
    const input = { templateId: c.req.valid('param').id, ...c.req.valid('json'), ...expected(c) };
    const one = await changeTemplate(ctx, c.get('actor'), input);
    return c.json(versioned(c, one.version, templateOut(one)), 200);
  });
  app.openapi(routes.remove, async (c) => {
    const input = { templateId: c.req.valid('param').id, ...expected(c) };
    return c.json(templateOut(await removeTemplate(ctx, c.get('actor'), input)), 200);
  });
}
