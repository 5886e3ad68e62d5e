import type { Permission } from '@upheld/domain/access/permissions.ts';

/** Who may open a page of the console: anyone, whoever has signed in, or whoever may do that. */
export type Rule = 'anyone' | 'signed-in' | Permission;

/**
 * The rule of every page under /console, by its path as Astro names it, for reading and for posting. A
 * page that is not here is refused to everyone, and a test compares this list with the pages that exist.
 */
export const CONSOLE_ROUTES: Readonly<Record<string, { read: Rule; post: Rule | null }>> = {
  '/console': { read: 'read', post: null },
  '/console/[...path]': { read: 'signed-in', post: 'signed-in' },
  '/console/refused': { read: 'anyone', post: 'anyone' },
  '/console/unsent': { read: 'anyone', post: 'anyone' },
  '/console/setup': { read: 'anyone', post: 'anyone' },
  '/console/invitation': { read: 'anyone', post: 'anyone' },
  '/console/sign-in': { read: 'anyone', post: 'anyone' },
  '/console/second-factor': { read: 'anyone', post: 'anyone' },
  '/console/enrol': { read: 'anyone', post: 'anyone' },
  '/console/confirm': { read: 'signed-in', post: 'signed-in' },
  '/console/sign-out': { read: 'anyone', post: 'anyone' },
  '/console/corrections': { read: 'corrections', post: null },
  '/console/corrections/new': { read: 'corrections', post: 'corrections' },
  '/console/corrections/withdraw': { read: 'corrections', post: 'corrections' },
  '/console/periods': { read: 'agreements', post: null },
  '/console/periods/period': { read: 'agreements', post: 'agreements' },
  '/console/agreements': { read: 'read', post: null },
  '/console/agreements/[id]': { read: 'read', post: 'agreements' },
  '/console/agreements/[id]/file': { read: 'read', post: null },
  '/console/security': { read: 'signed-in', post: 'signed-in' },
  '/console/incidents': { read: 'read', post: 'incidents' },
  '/console/incidents/new': { read: 'incidents', post: 'incidents' },
  '/console/incidents/mail': { read: 'incidents', post: 'incidents' },
  '/console/incidents/[id]': { read: 'read', post: 'incidents' },
  '/console/maintenance': { read: 'read', post: null },
  '/console/maintenance/calendar': { read: 'read', post: null },
  '/console/maintenance/new': { read: 'maintenance', post: 'maintenance' },
  '/console/maintenance/check': { read: 'maintenance', post: 'maintenance' },
  '/console/maintenance/mail': { read: 'maintenance', post: 'maintenance' },
  '/console/maintenance/series': { read: 'read', post: 'maintenance' },
  '/console/maintenance/[id]': { read: 'read', post: 'maintenance' },
  '/console/templates': { read: 'read', post: null },
  '/console/templates/[id]': { read: 'maintenance', post: 'maintenance' },
  '/console/tickets': { read: 'read', post: null },
  '/console/tickets/new': { read: 'tickets', post: 'tickets' },
  '/console/tickets/[id]': { read: 'read', post: 'tickets' },
  '/console/duties': { read: 'read', post: 'tickets' },
  '/console/alerts': { read: 'read', post: 'tickets' },
  '/console/subscribers': { read: 'subscribers', post: 'subscribers' },
  '/console/outbox': { read: 'subscribers', post: 'subscribers' },
  '/console/people': { read: 'accounts', post: 'accounts' },
  '/console/tokens': { read: 'accounts', post: 'accounts' },
  '/console/settings': { read: 'settings', post: 'settings' },
  '/console/audit': { read: 'audit', post: 'audit' },
  '/console/audit.csv': { read: 'audit', post: null },
};

/** The rule for a request; null where there is none, which means no. */
export function ruleOf(routePattern: string, method: string): Rule | null {
  const rule = CONSOLE_ROUTES[routePattern];
  if (!rule) return null;
  return method === 'POST' ? rule.post : rule.read;
}
