import { CONSOLE_ROUTES } from './routes.ts';

/** The page of one thing in the console, or on the public site where the console has none. */
export function pageOf(kind: 'incidents' | 'maintenance', id: string): string {
  const own = `/console/${kind}`;
  if (Object.hasOwn(CONSOLE_ROUTES, `${own}/[id]`)) return `${own}/${id}`;
  return `/${kind === 'incidents' ? kind : 'maintenances'}/${id}`;
}
