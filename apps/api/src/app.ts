import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { PageView } from '@upheld/services/read/page-view.ts';
import { listIncidents, listMaintenances } from '@upheld/services/read/lists.ts';
import { readReadiness } from '@upheld/services/read/readiness.ts';
import { faultsOf } from '@upheld/services/faults.ts';
import { authenticate } from '@upheld/services/token/tokens.ts';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { calendarRoutes } from './calendar/routes.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv, ProductContext } from './http/env.ts';
import { declaredBy } from './http/declared.ts';
import { guard } from './http/guard.ts';
import { idempotent } from './http/idempotency.ts';
import { ifMatchHonoured } from './http/if-match.ts';
import { jsonOnly } from './http/json-only.ts';
import { apiLimits } from './http/limits.ts';
import { openApiDocument } from './http/openapi.ts';
import { routeOf } from './http/permissions.ts';
import { onError, problem } from './http/problem.ts';
import { publicRead } from './http/public-read.ts';
import { guidePage, STYLE_SOURCE } from './guide/page.ts';
import { createMailDns } from './incoming/mail-dns.ts';
import { incomingRoutes } from './incoming/routes.ts';
import { smsStatusRoute } from './incoming/sms-status.ts';
import { opsRoutes } from './ops/routes.ts';
import { pageSource } from './page-source.ts';
import { statuspageRoutes, type StatuspageSource } from './statuspage/routes.ts';
import { accountRoutes } from './v1/accounts.ts';
import { agreementRoutes } from './v1/agreements.ts';
import { auditRoutes } from './v1/audit.ts';
import { correctionRoutes } from './v1/corrections.ts';
import { dutyRoutes } from './v1/duties.ts';
import { figureRoutes } from './v1/figures.ts';
import { incidentDesk } from './v1/incident-desk.ts';
import { incidentWrites } from './v1/incident-writes.ts';
import { maintenanceWrites } from './v1/maintenance-writes.ts';
import { messageRoutes } from './v1/messages.ts';
import { monitorRoutes } from './v1/monitors.ts';
import { onCallRoutes } from './v1/on-call.ts';
import { outboxRoutes } from './v1/outbox.ts';
import { planningRoutes } from './v1/planning.ts';
import { readRoutes } from './v1/reads.ts';
import { settingsRoutes } from './v1/settings.ts';
import { subscriberWrites } from './v1/subscriber-writes.ts';
import { subscriptionRoutes } from './v1/subscriptions.ts';
import { ticketRoutes } from './v1/tickets.ts';
import { periodRoutes } from './v1/periods.ts';
import { tokenRoutes } from './v1/tokens.ts';
import { templateRoutes } from './v1/templates.ts';
import { worksheetRoutes } from './v1/worksheet.ts';

/**
 * The HTTP API: `/api/v1`, the Statuspage-compatible `/api/v2` (also under `/pages/{id}`),
 * `/api` for people and `/api/openapi.json` for programs, `/healthz` and `/readyz`. Every answer that is not a success is problem
 * details (RFC 9457), also that for an unknown path.
 */
export function createApi(ctx: ProductContext, deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = newApp(ctx);
  const limits = deps.limits ?? apiLimits();
  const page = pageSource(ctx);

  // Before everything: what it lets through is in http/permissions.ts, route by route.
  app.use(guard(ctx, (token) => authenticate(ctx, token), limits.failedTokens));
  opsRoutes(app, ctx, deps.readiness ?? (() => readReadiness(ctx)));
  for (const path of ['/api/v2/*', '/pages/:pageId/api/v2/*'])
    app.use(path, cors({ origin: '*', allowMethods: ['GET', 'HEAD'] }));
  statuspageRoutes(app, ctx, statuspageSource(ctx, page));
  documentRoutes(app, ctx, deps.version ?? '0.1.0');
  calendarRoutes(app, ctx);
  smsStatusRoute(app, ctx);
  incomingRoutes(app, ctx, deps.mailDns ?? createMailDns());

  app.use('/api/v1/*', ...jsonOnly(ctx), ifMatchHonoured(ctx, declaredBy(app)), idempotent(ctx));
  readRoutes(app, ctx, page);
  figureRoutes(app, ctx);
  worksheetRoutes(app, ctx);
  subscriptionRoutes(app, ctx, deps.desk, limits);
  tokenRoutes(app, ctx);
  accountRoutes(app, ctx);
  auditRoutes(app, ctx);
  correctionRoutes(app, ctx);
  agreementRoutes(app, ctx);
  periodRoutes(app, ctx);
  incidentWrites(app, ctx);
  incidentDesk(app, ctx);
  maintenanceWrites(app, ctx);
  messageRoutes(app, ctx);
  planningRoutes(app, ctx);
  templateRoutes(app, ctx);
  subscriberWrites(app, ctx);
  outboxRoutes(app, ctx);
  monitorRoutes(app, ctx);
  settingsRoutes(app, ctx, deps.settings);
  ticketRoutes(app, ctx);
  dutyRoutes(app, ctx);
  onCallRoutes(app, ctx);
  return app;
}

/** What each part of a request is called where it has faults. */
const PARTS: Readonly<Record<string, string>> = {
  query: 'address',
  param: 'address',
  header: 'header',
};

function newApp(ctx: ProductContext): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook(result, c) {
      if (result.success) return undefined;
      const { error, target } = result;
      const schema = declared.schemaOf(routeOf(c), target) ?? z.unknown();
      const faults = faultsOf(error, { schema, input: 'data' in result ? result.data : undefined });
      return target === 'json'
        ? problem(ctx, c, 'invalid-input', { detail: 'the body has faults', faults })
        : problem(ctx, c, 'bad-request', {
            detail: `the ${PARTS[target] ?? 'request'} has faults`,
            faults,
          });
    },
  });
  const declared = declaredBy(app);
  app.use(requestId({ headerName: '', generator: () => ctx.ids.next() }));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: [STYLE_SOURCE],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: ctx.config().server.url.startsWith('https:')
        ? 'max-age=31536000; includeSubDomains'
        : false,
      xFrameOptions: 'DENY',
    }),
  );
  app.use(async function notStored(c, next) {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  app.use(async function plainAddress(c, next) {
    // No id has it, and PostgreSQL cannot even be asked for one that does.
    if (c.req.url.includes('%00'))
      return problem(ctx, c, 'bad-request', { detail: 'the address has a NUL character' });
    await next();
    return undefined;
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(ctx, c, 'method-not-allowed', {
          detail: `this address knows ${methods.join(', ')}`,
          headers: { allow: methods.join(', ') },
        }),
    }),
  );
  app.onError(onError(ctx));
  app.notFound((c) => problem(ctx, c, 'not-found', { detail: 'there is nothing at this address' }));
  return app;
}

/** The same document for programs and for people. */
function documentRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext, version: string): void {
  for (const path of ['/api', '/api/openapi.json']) app.use(path, ...publicRead);
  app.get('/api/openapi.json', (c) => c.json(openApiDocument(app, ctx, version)));
  app.get('/api', (c) => c.html(guidePage(openApiDocument(app, ctx, version))));
}

/** More than this many rows are not looked at to find the fifty of a page that shows only a part. */
const ROWS_LOOKED_AT = 500;

function statuspageSource(
  ctx: ProductContext,
  page: (id?: string) => Promise<PageView | null>,
): StatuspageSource {
  const shownOn = (view: PageView) => {
    const ids = new Set(view.groups.flatMap((group) => group.components.map(({ id }) => id)));
    return (entry: { componentIds: readonly string[] }) =>
      entry.componentIds.some((id) => ids.has(id));
  };
  return {
    page,
    async incidents(view, limit) {
      const all = await listIncidents(ctx, { limit: ROWS_LOOKED_AT });
      return all.filter(shownOn(view)).slice(0, limit);
    },
    async maintenances(view, limit) {
      const all = await listMaintenances(ctx, { limit: ROWS_LOOKED_AT });
      return all.filter(shownOn(view)).slice(0, limit);
    },
  };
}
