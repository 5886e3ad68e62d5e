import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Config } from '@upheld/config/schema.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import type { IncidentView, MaintenanceView } from '@upheld/services/read/page-view.ts';
import { newestFirst } from '@upheld/services/read/lists.ts';
import {
  firstConfigured,
  recentIncidents,
  recentMaintenances,
} from '@upheld/services/read/recent.ts';
import { visiblePart } from '@upheld/services/read/visible-part.ts';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { MiddlewareHandler } from 'hono';
import type { ApiContext, ApiEnv, ProductContext } from '../http/env.ts';
import { languageOf } from '../http/language.ts';
import { textAnswer } from '../http/openapi.ts';
import * as schemas from '../v1/schemas.ts';
import { componentScope, pageScope, wholeScope, type Scope } from './scope.ts';
import { revisionCache } from './revision-cache.ts';

const ICS = 'text/calendar; charset=utf-8';
const ATOM = 'application/atom+xml; charset=utf-8';

const DAY = 86_400_000;
/** A calendar looks back over a year, a feed over what people still talk of. */
const CALENDAR_MS = 366 * DAY;
const FEED_MS = 90 * DAY;
const MOST_EVENTS = 1000;
const MOST_ENTRIES = 100;

const lang = z
  .string()
  .optional()
  .meta({ description: `${LANGUAGES.join(' or ')}; by default the best of Accept-Language.` });
const query = z.object({ lang });
const byId = z.object({ id: schemas.id });

/** Read by programs that look a few times an hour, on any site, in the language that they ask for. */
const subscribed: MiddlewareHandler<ApiEnv>[] = [
  compress(),
  async function subscribed(c, next) {
    await next();
    c.header('access-control-allow-origin', '*');
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('vary', 'Accept-Language, Accept-Encoding');
    if (c.res.ok || c.res.status === 304)
      c.header(
        'cache-control',
        'public, max-age=300, stale-while-revalidate=600, stale-if-error=86400',
      );
  },
  etag(),
];

type Kind = 'calendar' | 'feed';
type Entry = IncidentView | MaintenanceView;

const PLACES = {
  whole: { path: '', of: 'everything' },
  page: { path: '/pages/{id}', of: 'one page' },
  component: { path: '/components/{id}', of: 'one component' },
} as const;
type Place = keyof typeof PLACES;

function route(kind: Kind, place: Place) {
  const { path, of } = PLACES[place];
  const file = kind === 'calendar' ? 'calendar.ics' : 'feed.atom';
  return createRoute({
    method: 'get',
    middleware: subscribed,
    path: `${path}/${file}`,
    operationId: `read${place[0]?.toUpperCase() ?? ''}${place.slice(1)}${kind === 'calendar' ? 'Calendar' : 'Feed'}`,
    tags: ['Calendars and feeds'],
    summary:
      kind === 'calendar'
        ? `Maintenance of ${of} as iCalendar (RFC 5545)`
        : `Incidents and maintenance of ${of} as Atom (RFC 4287)`,
    request: place === 'whole' ? { query } : { query, params: byId },
    responses: textAnswer(
      kind === 'calendar' ? 'text/calendar' : 'application/atom+xml',
      place === 'whole' ? [] : ['not-found'],
    ),
  });
}

/** Calendars and feeds of what is public: of everything, of a page, of a component. */
export function calendarRoutes(app: OpenAPIHono<ApiEnv>, ctx: ProductContext): void {
  const kept = revisionCache(ctx);
  const answer = async (c: ApiContext, kind: Kind, scope: Scope): Promise<Response> => {
    const language = languageOf(ctx, c);
    const text = await kept(`${kind} ${language} ${scope.base}`, () =>
      kind === 'calendar' ? calendar(ctx, scope, language) : feed(ctx, scope, language),
    );
    return c.body(text, 200, { 'content-type': kind === 'calendar' ? ICS : ATOM });
  };
  const scopeOf: Record<Place, (config: Config, id: string) => Scope> = {
    whole: wholeScope,
    page: pageScope,
    component: componentScope,
  };
  for (const kind of ['calendar', 'feed'] as const)
    for (const place of ['whole', 'page', 'component'] as const)
      app.openapi(route(kind, place), (c) =>
        answer(c, kind, scopeOf[place](ctx.config(), c.req.param('id'))),
      );
}

async function calendar(ctx: ProductContext, scope: Scope, language: Language): Promise<string> {
  const maintenances = await recentMaintenances(ctx, {
    componentIds: scope.componentIds,
    since: ctx.clock.now() - CALENDAR_MS,
    limit: MOST_EVENTS,
  });
  // The package is loaded by who needs it: a start without a calendar is the faster for it.
  const { icalendarOf } = await import('./icalendar.ts');
  return icalendarOf({
    scope,
    maintenances: maintenances.flatMap((one) => visiblePart(ctx.config(), one) ?? []),
    language,
    url: siteUrl(ctx),
  });
}

async function feed(ctx: ProductContext, scope: Scope, language: Language): Promise<string> {
  const { atomOf, changedAt } = await import('./atom.ts');
  const entriesSince = async (since: Instant, limit: number): Promise<Entry[]> => {
    const recent = { componentIds: scope.componentIds, since, limit };
    const all = [
      ...(await recentIncidents(ctx, recent)),
      ...(await recentMaintenances(ctx, recent)),
    ];
    return newestFirst(all.flatMap((one) => visiblePart(ctx.config(), one) ?? []));
  };
  const entries = await entriesSince(ctx.clock.now() - FEED_MS, MOST_ENTRIES);
  // Of a feed in which nothing stands: what last stood in it, or else when there came to be something to tell of.
  const [last] = entries.length === 0 ? await entriesSince(0, 1) : [];
  const { organisation, timezone } = ctx.config();
  return atomOf({
    scope,
    entries: entries.slice(0, MOST_ENTRIES),
    quietSince: last
      ? changedAt(last)
      : ((await firstConfigured(ctx, scope.componentIds)) ?? ctx.clock.now()),
    organisation: organisation.name,
    language,
    zone: timezone,
    url: siteUrl(ctx),
  });
}

function siteUrl(ctx: ProductContext): string {
  return ctx.config().server.url.replace(/\/+$/, '');
}
