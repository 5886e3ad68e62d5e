import type { Permission } from '@upheld/domain/access/permissions.ts';
import { matchedRoutes } from 'hono/route';
import type { ApiContext } from './env.ts';

/**
 * Who may use a route: everyone, whoever signed the request with a secret that the route itself
 * checks (a provider that calls back), or a token with this scope.
 */
export type Rule = 'public' | 'signed' | Permission;

const STATUSPAGE = [
  'summary',
  'status',
  'components',
  'incidents',
  'incidents/unresolved',
  'scheduled-maintenances',
  'scheduled-maintenances/upcoming',
  'scheduled-maintenances/active',
];

/**
 * Every route of the API with its rule, by method and path as the route declares them. A route that is
 * not here is refused to everyone, and fails a test.
 */
export const PERMISSIONS_OF_ROUTES: Readonly<Record<string, Rule>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /api': 'public',
  'GET /api/openapi.json': 'public',
  ...Object.fromEntries(
    ['/api/v2', '/pages/{pageId}/api/v2'].flatMap((base) =>
      STATUSPAGE.map((name): [string, Rule] => [`GET ${base}/${name}.json`, 'public']),
    ),
  ),

  ...Object.fromEntries(
    ['', '/pages/{id}', '/components/{id}'].flatMap((place): [string, Rule][] => [
      [`GET ${place}/calendar.ics`, 'public'],
      [`GET ${place}/feed.atom`, 'public'],
    ]),
  ),

  'GET /api/v1/pages': 'public',
  'GET /api/v1/pages/{id}': 'public',
  'GET /api/v1/components': 'public',
  'GET /api/v1/components/{id}': 'public',
  'GET /api/v1/components/{id}/statement': 'public',
  'GET /api/v1/components/{id}/facts': 'public',
  'GET /api/v1/components/{id}/worksheet': 'public',
  'GET /api/v1/components/{id}/worksheet.csv': 'public',
  'GET /api/v1/agreements/{file}': 'public',
  'POST /api/v1/subscriptions': 'public',
  'POST /api/v1/subscriptions/confirm': 'public',
  'POST /api/v1/subscriptions/confirm-code': 'public',
  'POST /api/v1/subscriptions/look': 'public',
  'POST /api/v1/subscriptions/choose': 'public',
  'POST /api/v1/subscriptions/unsubscribe': 'public',

  'GET /api/v1/incidents': 'public',
  'GET /api/v1/incidents/{id}': 'public',
  'POST /api/v1/incidents': 'incidents',
  'POST /api/v1/incidents/messages/preview': 'incidents',
  'POST /api/v1/incidents/{id}/updates': 'incidents',
  'POST /api/v1/incidents/{id}/updates/messages/preview': 'incidents',
  'POST /api/v1/incidents/{id}/severity': 'incidents',
  'POST /api/v1/incidents/{id}/cause': 'incidents',
  'GET /api/v1/incidents/{id}/record': 'read',
  'POST /api/v1/incidents/{id}/acknowledge': 'incidents',
  'POST /api/v1/incidents/{id}/merge': 'incidents',
  'POST /api/v1/incidents/{id}/split': 'incidents',
  'POST /api/v1/incidents/{id}/postmortem': 'incidents',

  'GET /api/v1/maintenances': 'public',
  'GET /api/v1/maintenances/{id}': 'public',
  'POST /api/v1/maintenances': 'maintenance',
  'POST /api/v1/maintenances/preview': 'maintenance',
  'POST /api/v1/maintenances/messages/preview': 'maintenance',
  'POST /api/v1/maintenances/{id}/announcements': 'maintenance',
  'POST /api/v1/maintenances/{id}/announcements/messages/preview': 'maintenance',
  'POST /api/v1/maintenances/{id}/announcements/preview': 'maintenance',
  'POST /api/v1/maintenances/{id}/cancel': 'maintenance',
  'POST /api/v1/maintenances/{id}/start': 'maintenance',
  'POST /api/v1/maintenances/{id}/finish': 'maintenance',
  'POST /api/v1/maintenances/plan': 'maintenance',
  'POST /api/v1/maintenances/{id}/plan': 'maintenance',
  'POST /api/v1/maintenances/{id}/emergency': 'maintenance',
  'GET /api/v1/maintenance-series': 'read',
  'GET /api/v1/maintenance-series/{id}': 'read',
  'POST /api/v1/maintenance-series': 'maintenance',
  'POST /api/v1/maintenance-series/preview': 'maintenance',
  'POST /api/v1/maintenance-series/{id}/end': 'maintenance',
  'POST /api/v1/maintenance-series/{id}/skip': 'maintenance',
  'GET /api/v1/templates': 'read',
  'GET /api/v1/templates/{id}': 'read',
  'POST /api/v1/templates': 'maintenance',
  'PUT /api/v1/templates/{id}': 'maintenance',
  'DELETE /api/v1/templates/{id}': 'maintenance',

  'GET /api/v1/tickets': 'read',
  'POST /api/v1/tickets': 'tickets',
  'GET /api/v1/tickets/{id}': 'read',
  'POST /api/v1/tickets/{id}/messages/preview': 'tickets',
  'GET /api/v1/components/{id}/ticket-places': 'read',
  ...Object.fromEntries(
    [
      'respond',
      'updates',
      'pause',
      'resume',
      'recategorise',
      'recategorise/preview',
      'progress',
      'happened',
      'link',
      'recover',
      'reopen',
      'close',
    ].map((verb): [string, Rule] => [`POST /api/v1/tickets/{id}/${verb}`, 'tickets']),
  ),
  'GET /api/v1/duties': 'read',
  'POST /api/v1/duties/complete': 'tickets',
  'GET /api/v1/notices/{id}': 'read',
  'GET /api/v1/alerts': 'read',
  'POST /api/v1/alerts/{id}/acknowledge': 'tickets',
  'GET /api/v1/on-call': 'read',
  'POST /api/v1/on-call/{id}/take-over': 'tickets',
  'POST /api/v1/on-call/{id}/hand-back': 'tickets',
  'POST /api/incoming/mail': 'signed',

  'GET /api/v1/tokens': 'accounts',
  'POST /api/v1/tokens': 'accounts',
  'DELETE /api/v1/tokens/{id}': 'accounts',
  'GET /api/v1/accounts': 'accounts',
  'POST /api/v1/accounts/invitations': 'accounts',
  'DELETE /api/v1/accounts/invitations/{id}': 'accounts',
  'POST /api/v1/accounts/{id}/role': 'accounts',
  'POST /api/v1/accounts/{id}/block': 'accounts',
  'POST /api/v1/accounts/{id}/unblock': 'accounts',
  'POST /api/v1/accounts/{id}/reset-password': 'accounts',
  'POST /api/v1/accounts/{id}/reset-second-factor': 'accounts',
  'GET /api/v1/audit': 'audit',
  'GET /api/v1/audit.csv': 'audit',
  'GET /api/v1/audit/verification': 'audit',

  'GET /api/v1/corrections': 'corrections',
  'GET /api/v1/corrections.csv': 'corrections',
  'GET /api/v1/corrections/{id}': 'corrections',
  'GET /api/v1/components/{id}/outages': 'corrections',
  'POST /api/v1/corrections': 'corrections',
  'POST /api/v1/corrections/preview': 'corrections',
  'POST /api/v1/corrections/{id}/withdraw': 'corrections',
  'POST /api/v1/corrections/{id}/withdraw/preview': 'corrections',

  'GET /api/v1/components/{id}/periods': 'public',
  'GET /api/v1/components/{id}/periods/{agreement}/{period}/revisions/{revision}': 'public',
  'GET /api/v1/periods': 'agreements',
  'GET /api/v1/periods/revisions/{id}': 'agreements',
  'POST /api/v1/periods': 'agreements',
  'POST /api/v1/periods/preview': 'agreements',
  'POST /api/v1/periods/revise': 'agreements',

  'GET /api/v1/agreements': 'read',
  'GET /api/v1/agreements/{id}/versions': 'read',
  'POST /api/v1/agreements/{id}/versions': 'agreements',
  'POST /api/v1/agreements/{id}/versions/preview': 'agreements',
  'POST /api/v1/agreements/{id}/versions/{versionId}/withdraw': 'agreements',

  'GET /api/v1/subscribers': 'subscribers',
  'POST /api/v1/subscribers': 'subscribers',
  'POST /api/incoming/sms-status': 'signed',

  'PUT /api/v1/subscribers/{id}/reminders': 'subscribers',
  'GET /api/v1/monitors': 'read',
  'GET /api/v1/settings': 'settings',
  'POST /api/v1/settings/reload': 'settings',
  'POST /api/v1/settings/check': 'settings',
  'POST /api/v1/settings/test-messages': 'settings',
  'GET /api/v1/outbox': 'subscribers',
  'POST /api/v1/outbox/{id}/retry': 'subscribers',
  'DELETE /api/v1/subscribers/{id}': 'subscribers',
};

/** A route as the router knows it, in the words of the table: `GET /api/v1/pages/{id}`. */
export function routeName(route: { method: string; path: string }): string {
  return `${route.method} ${route.path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')}`;
}

/** The route that will answer a request; null where there is none for its method and path. */
export function routeOf(c: ApiContext): string | null {
  const route = matchedRoutes(c).find(({ method }) => method !== 'ALL');
  return route ? routeName(route) : null;
}

/** The rule of a route; undefined where it has none. */
export function ruleOf(route: string): Rule | undefined {
  return Object.hasOwn(PERMISSIONS_OF_ROUTES, route) ? PERMISSIONS_OF_ROUTES[route] : undefined;
}
