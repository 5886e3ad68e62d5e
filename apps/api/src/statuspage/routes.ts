import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { IncidentView, MaintenanceView, PageView } from '@upheld/services/read/page-view.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { languageOf } from '../http/language.ts';
import { answers } from '../http/openapi.ts';
import { publicRead } from '../http/public-read.ts';
import { spIncident, spMaintenance, spPage, spStatus, tell, type Telling } from './map.ts';
import { statuspage } from './schema.ts';

/** Where the answers come from. */
export interface StatuspageSource {
  page(pageId: string | undefined): Promise<PageView | null>;
  /** The newest incidents that touch this page, at most `limit`, newest first. */
  incidents(view: PageView, limit: number): Promise<readonly IncidentView[]>;
  maintenances(view: PageView, limit: number): Promise<readonly MaintenanceView[]>;
}

/** Statuspage's own limit. */
const MOST = 50;

const LANG = z.string().max(35).optional().meta({ description: 'nl or en; else Accept-Language.' });
const PAGE = z
  .string()
  .max(60)
  .optional()
  .meta({ description: 'A page by its id; else the first.' });
const NAMED = { params: z.object({ pageId: z.string().max(60) }), query: z.object({ lang: LANG }) };
const FIRST = { query: z.object({ lang: LANG, page: PAGE }) };

/** A kind of answer, by its path under /api/v2. */
interface Answer<S extends z.ZodType> {
  path: string;
  summary: string;
  schema: S;
  give: (telling: Telling, source: StatuspageSource) => Promise<z.infer<S>> | z.infer<S>;
}

const define = <S extends z.ZodType>(answer: Answer<S>): Answer<S> => answer;

const ANSWERS = [
  define({
    path: 'summary.json',
    summary: 'The page whole, with unresolved incidents and maintenance to come or going on',
    schema: statuspage.summary,
    give: (telling) => ({
      page: spPage(telling),
      status: spStatus(telling),
      components: [...telling.components],
      incidents: unresolved(telling),
      scheduled_maintenances: maintenancesOf(telling, telling.view.maintenances, notOver),
    }),
  }),
  define({
    path: 'status.json',
    summary: 'The overall status',
    schema: statuspage.status,
    give: (telling) => ({ page: spPage(telling), status: spStatus(telling) }),
  }),
  define({
    path: 'components.json',
    summary: 'Components and groups with their status',
    schema: statuspage.components,
    give: (telling) => ({ page: spPage(telling), components: [...telling.components] }),
  }),
  define({
    path: 'incidents.json',
    summary: 'The last fifty incidents',
    schema: statuspage.incidents,
    give: async (telling, source) => ({
      page: spPage(telling),
      incidents: newest(await source.incidents(telling.view, MOST), (i) => i.startedAt).map(
        (incident) => spIncident(telling, incident),
      ),
    }),
  }),
  define({
    path: 'incidents/unresolved.json',
    summary: 'Incidents that are not resolved',
    schema: statuspage.incidents,
    give: (telling) => ({ page: spPage(telling), incidents: unresolved(telling) }),
  }),
  define({
    path: 'scheduled-maintenances.json',
    summary: 'The last fifty maintenances',
    schema: statuspage.maintenances,
    give: async (telling, source) => ({
      page: spPage(telling),
      scheduled_maintenances: maintenancesOf(
        telling,
        await source.maintenances(telling.view, MOST),
        () => true,
      ),
    }),
  }),
  define({
    path: 'scheduled-maintenances/upcoming.json',
    summary: 'Maintenance to come',
    schema: statuspage.maintenances,
    give: (telling) => ({
      page: spPage(telling),
      scheduled_maintenances: maintenancesOf(
        telling,
        telling.view.maintenances,
        (maintenance) => maintenance.status === 'scheduled',
      ),
    }),
  }),
  define({
    path: 'scheduled-maintenances/active.json',
    summary: 'Maintenance going on',
    schema: statuspage.maintenances,
    give: (telling) => ({
      page: spPage(telling),
      scheduled_maintenances: maintenancesOf(
        telling,
        telling.view.maintenances,
        (maintenance) => notOver(maintenance) && maintenance.status !== 'scheduled',
      ),
    }),
  }),
];

/**
 * `/api/v2/*.json` for the first page or that of `?page=`, and the same under `/pages/{id}` for
 * clients that take only a base address.
 */
export function statuspageRoutes(
  app: OpenAPIHono<ApiEnv>,
  ctx: ProductContext,
  source: StatuspageSource,
): void {
  for (const { path, summary, schema, give } of ANSWERS) {
    const handle = async (c: ApiContext, pageId: string | undefined) => {
      const view = await source.page(pageId);
      if (!view) throw new DomainError('not-found', `there is no page "${pageId ?? ''}"`);
      const telling = tell(view, languageOf(ctx, c), ctx.config().server.url);
      c.header('vary', 'Accept-Language', { append: true });
      c.header('content-language', telling.language);
      return c.json(await give(telling, source), 200);
    };
    const shared = {
      method: 'get' as const,
      tags: ['Statuspage'],
      summary,
      middleware: publicRead,
      responses: answers({ 200: schema }, ['not-found']),
    };
    const name = path
      .replace('.json', '')
      .replaceAll(/[/-](\w)/g, (_, next: string) => next.toUpperCase());
    app.openapi(
      createRoute({
        ...shared,
        path: `/api/v2/${path}`,
        operationId: `statuspage.${name}`,
        request: FIRST,
      }),
      (c) => handle(c, c.req.valid('query').page),
    );
    app.openapi(
      createRoute({
        ...shared,
        path: `/pages/{pageId}/api/v2/${path}`,
        operationId: `statuspage.page.${name}`,
        request: NAMED,
      }),
      (c) => handle(c, c.req.valid('param').pageId),
    );
  }
}

function unresolved(telling: Telling) {
  return newest(telling.view.openIncidents, (incident) => incident.startedAt).map((incident) =>
    spIncident(telling, incident),
  );
}

function maintenancesOf(
  telling: Telling,
  maintenances: readonly MaintenanceView[],
  wanted: (maintenance: MaintenanceView) => boolean,
) {
  return newest(maintenances.filter(wanted), (maintenance) => maintenance.createdAt).map(
    (maintenance) => spMaintenance(telling, maintenance),
  );
}

function notOver({ status }: MaintenanceView): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

function newest<T>(entries: readonly T[], at: (entry: T) => number): T[] {
  return [...entries].sort((a, b) => at(b) - at(a)).slice(0, MOST);
}
