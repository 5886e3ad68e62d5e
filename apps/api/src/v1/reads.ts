import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Config } from '@upheld/config/schema.ts';
import type {
  ComponentView,
  IncidentView,
  MaintenanceView,
} from '@upheld/services/read/page-view.ts';
import {
  listIncidents,
  listMaintenances,
  readIncident,
  readMaintenance,
} from '@upheld/services/read/lists.ts';
import { visiblePart } from '@upheld/services/read/visible-part.ts';
import type { ApiEnv, ProductContext } from '../http/env.ts';
import { answers } from '../http/openapi.ts';
import { nextCursor, pageOf, pageQuery, type Place } from '../http/cursors.ts';
import { publicRead } from '../http/public-read.ts';
import { versioned } from '../http/versions.ts';
import type { PageSource } from '../page-source.ts';
import { componentOut, componentWithDaysOut, incidentOut, maintenanceOut, pageOut } from './map.ts';
import * as schemas from './schemas.ts';

const byId = { params: z.object({ id: schemas.id }) };

const read = { method: 'get' as const, middleware: publicRead };

const routes = {
  pages: createRoute({
    ...read,
    path: '/api/v1/pages',
    operationId: 'listPages',
    tags: ['Page'],
    summary: 'The public pages',
    responses: answers({ 200: z.strictObject({ pages: z.array(schemas.pageName) }) }, []),
  }),
  page: createRoute({
    ...read,
    path: '/api/v1/pages/{id}',
    operationId: 'readPage',
    tags: ['Page'],
    summary: 'Everything that a page shows now',
    request: byId,
    responses: answers({ 200: schemas.page }, ['not-found']),
  }),
  components: createRoute({
    ...read,
    path: '/api/v1/components',
    operationId: 'listComponents',
    tags: ['Components'],
    summary: 'Components with their state and availability',
    responses: answers({ 200: z.strictObject({ components: z.array(schemas.component) }) }, []),
  }),
  component: createRoute({
    ...read,
    path: '/api/v1/components/{id}',
    operationId: 'readComponent',
    tags: ['Components'],
    summary: 'One component, with its last ninety days',
    request: byId,
    responses: answers({ 200: schemas.componentWithDays }, ['not-found']),
  }),
  incidents: createRoute({
    ...read,
    path: '/api/v1/incidents',
    operationId: 'listIncidents',
    tags: ['Incidents'],
    summary: 'Incidents, newest first',
    request: {
      query: z.strictObject({
        unresolved: z
          .enum(['true', 'false'])
          .default('false')
          .meta({ description: 'true: only those that are not resolved.' }),
        ...pageQuery,
      }),
    },
    responses: answers(
      { 200: z.strictObject({ incidents: z.array(schemas.incident), next: nextCursor }) },
      ['bad-request'],
    ),
  }),
  incident: createRoute({
    ...read,
    path: '/api/v1/incidents/{id}',
    operationId: 'readIncident',
    tags: ['Incidents'],
    summary: 'One incident with its updates',
    request: byId,
    responses: answers({ 200: schemas.incident }, ['not-found']),
  }),
  maintenances: createRoute({
    ...read,
    path: '/api/v1/maintenances',
    operationId: 'listMaintenances',
    tags: ['Maintenance'],
    summary: 'Maintenances, newest first',
    request: {
      query: z.strictObject({
        state: z.enum(['upcoming', 'active', 'completed', 'cancelled']).optional(),
        ...pageQuery,
      }),
    },
    responses: answers(
      { 200: z.strictObject({ maintenances: z.array(schemas.maintenance), next: nextCursor }) },
      ['bad-request'],
    ),
  }),
  maintenance: createRoute({
    ...read,
    path: '/api/v1/maintenances/{id}',
    operationId: 'readMaintenance',
    tags: ['Maintenance'],
    summary: 'One maintenance with its announcements',
    request: byId,
    responses: answers({ 200: schemas.maintenance }, ['not-found']),
  }),
};

/** What everyone may read. */
export function readRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext, page: PageSource): void {
  app.openapi(routes.pages, async (c) => {
    const views = await Promise.all(ctx.config().pages.map(({ id }) => page(id)));
    const pages = views.flatMap((view) =>
      view ? [{ id: view.page.id, title: view.page.title, url: view.page.url }] : [],
    );
    return c.json({ pages }, 200);
  });
  app.openapi(routes.page, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(pageOut(found(await page(id), 'page', id)), 200);
  });
  app.openapi(routes.components, async (c) => {
    const shown = await shownComponents(ctx, page);
    const components = [...shown.values()].map((one) => componentOut(one.groupId, one.component));
    return c.json({ components }, 200);
  });
  app.openapi(routes.component, async (c) => {
    const { id } = c.req.valid('param');
    const shown = await shownComponents(ctx, page);
    const one = found(shown.get(id), 'component', id);
    return c.json(componentWithDaysOut(one.groupId, one.component), 200);
  });
  app.openapi(routes.incidents, async (c) => {
    const { unresolved, limit, cursor } = c.req.valid('query');
    const { rows, next } = await visiblePage(ctx.config(), {
      limit,
      cursor,
      list: (part) => listIncidents(ctx, { unresolved: unresolved === 'true', ...part }),
      placeOf: ({ startedAt: at, id }) => ({ at, id }),
    });
    return c.json({ incidents: rows.map((incident) => incidentOut(incident)), next }, 200);
  });
  app.openapi(routes.incident, async (c) => {
    const { id } = c.req.valid('param');
    const incident = found(visiblePart(ctx.config(), await readIncident(ctx, id)), 'incident', id);
    return c.json(versioned(c, incident.version, incidentOut(incident)), 200);
  });
  app.openapi(routes.maintenances, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const { rows, next } = await visiblePage(ctx.config(), {
      limit,
      cursor,
      list: (part) => listMaintenances(ctx, { state, ...part }),
      placeOf: ({ from: at, id }) => ({ at, id }),
    });
    return c.json({ maintenances: rows.map((one) => maintenanceOut(one)), next }, 200);
  });
  app.openapi(routes.maintenance, async (c) => {
    const { id } = c.req.valid('param');
    const visible = visiblePart(ctx.config(), await readMaintenance(ctx, id));
    const maintenance = found(visible, 'maintenance', id);
    return c.json(versioned(c, maintenance.version, maintenanceOut(maintenance)), 200);
  });
}

/** So many are read at once where some of them are not public. */
const ROWS_AT_ONCE = 500;

/**
 * A page of what is public: read on past what is not, so that neither the number of rows nor the cursor
 * tells that there is something between them.
 */
async function visiblePage<T extends IncidentView | MaintenanceView>(
  config: Config,
  {
    limit,
    cursor,
    list,
    placeOf,
  }: {
    limit: number;
    cursor: Place | undefined;
    list: (part: { limit: number; after: Place | undefined }) => Promise<T[]>;
    placeOf: (row: T) => Place;
  },
): Promise<{ rows: T[]; next: string | null }> {
  const visible: T[] = [];
  let [asked, after] = [limit + 1, cursor];
  for (;;) {
    const rows = await list({ limit: asked, after });
    visible.push(...rows.flatMap((row) => visiblePart(config, row) ?? []));
    const last = rows.at(-1);
    if (visible.length > limit || rows.length < asked || !last)
      return pageOf(visible, limit, placeOf);
    [asked, after] = [ROWS_AT_ONCE, placeOf(last)];
  }
}

interface Shown {
  groupId: string;
  component: ComponentView;
}

/** Every component that some page shows, once, in the order of the pages. */
async function shownComponents(
  ctx: ProductContext,
  page: PageSource,
): Promise<ReadonlyMap<string, Shown>> {
  const shown = new Map<string, Shown>();
  for (const { id } of ctx.config().pages) {
    const view = await page(id);
    for (const group of view?.groups ?? [])
      for (const component of group.components)
        if (!shown.has(component.id)) shown.set(component.id, { groupId: group.id, component });
  }
  return shown;
}

function found<T>(value: T | null | undefined, what: string, id: string): T {
  if (value === null || value === undefined)
    throw new DomainError('not-found', `there is no ${what} "${id}"`);
  return value;
}
