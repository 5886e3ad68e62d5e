/**
 * A page of the console to go to after signing in, or the desk for whatever else was asked for: only
 * our own paths, so that a link with `next` leads nobody to another site.
 */
export function ownPath(next: string | null | undefined): string {
  const home = '/console';
  // Printable ASCII without the backslash, which browsers read as a slash.
  if (!next || next.length > 500 || !/^\/console(?:[/?][!-[\]-~]*)?$/.test(next)) return home;
  const target = new URL(next, 'https://upheld.invalid');
  return target.host === 'upheld.invalid' && /^\/console(\/|$)/.test(target.pathname)
    ? target.pathname + target.search
    : home;
}
