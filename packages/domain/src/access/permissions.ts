/** What a person may be; each may do what those before it may. */
export const ROLES = ['viewer', 'engineer', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** What a route of the console or the API asks for, and what a token is given. */
export const PERMISSIONS = [
  'read',
  'incidents',
  'maintenance',
  'tickets',
  'subscribers',
  'corrections',
  'agreements',
  'audit',
  'accounts',
  'settings',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The lowest role that has a permission. */
const FROM: Readonly<Record<Permission, Role>> = {
  read: 'viewer',
  incidents: 'engineer',
  maintenance: 'engineer',
  tickets: 'engineer',
  subscribers: 'manager',
  corrections: 'manager',
  agreements: 'manager',
  audit: 'manager',
  accounts: 'owner',
  settings: 'owner',
};

/** Whether a person of that role may do it. */
export function roleMay(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(FROM[permission]);
}

/** All that a person of that role may do, in the order of PERMISSIONS. */
export function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => roleMay(role, permission));
}
