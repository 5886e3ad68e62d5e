import { roleMay, type Role } from '@upheld/domain/access/permissions.ts';
import { CONSOLE_ROUTES } from './routes.ts';

/** A part of the console, as its navigation names it. */
export interface Area {
  path: string;
  name: string;
}

const AREAS: readonly Area[] = [
  { path: '/console', name: 'Desk' },
  { path: '/console/incidents', name: 'Incidents' },
  { path: '/console/maintenance', name: 'Maintenance' },
  { path: '/console/tickets', name: 'Tickets' },
  { path: '/console/duties', name: 'Duties' },
  { path: '/console/alerts', name: 'Alerts' },
  { path: '/console/agreements', name: 'Agreements' },
  { path: '/console/corrections', name: 'Corrections' },
  { path: '/console/periods', name: 'Periods' },
  { path: '/console/templates', name: 'Templates' },
  { path: '/console/subscribers', name: 'Subscribers' },
  { path: '/console/outbox', name: 'Undelivered' },
  { path: '/console/people', name: 'People' },
  { path: '/console/tokens', name: 'Tokens' },
  { path: '/console/settings', name: 'Settings' },
  { path: '/console/audit', name: 'Audit log' },
];

/** The parts that a person of that role may open, by the rules of their pages. */
export function areasFor(role: Role): Area[] {
  return AREAS.filter(({ path }) => {
    const rule = CONSOLE_ROUTES[path]?.read;
    if (rule === undefined) return false;
    return rule === 'anyone' || rule === 'signed-in' || roleMay(role, rule);
  });
}

/** Whether a page lies in an area: the desk is only itself, as every path begins with its. */
export function isWithin(pathname: string, { path }: Area): boolean {
  return pathname === path || (path !== '/console' && pathname.startsWith(`${path}/`));
}
