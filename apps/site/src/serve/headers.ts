/**
 * What every page says to browsers. Nothing inline and nothing from elsewhere runs or is loaded;
 * tokens in addresses go to no other site. `same-origin` and not `no-referrer`: under the latter a
 * form of our own would be posted with `Origin: null`.
 */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const KEPT_BY_NOBODY = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' } as const;

/** What pages of the console say besides: scripts of theirs ask us, they frame our own mails, and nobody keeps an answer. */
const CONSOLE_POLICY = {
  'content-security-policy': `${SECURITY_HEADERS['content-security-policy']}; connect-src 'self'; frame-src 'self'`,
  ...KEPT_BY_NOBODY,
} as const;

/** A mail looks as it will be sent: with its inline style, in a frame of ours, and able to do nothing at all. */
const MAIL_POLICY = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; " +
    "frame-ancestors 'self'; sandbox",
  'x-frame-options': 'SAMEORIGIN',
  ...KEPT_BY_NOBODY,
} as const;

const MAILS: readonly string[] = ['/console/maintenance/mail', '/console/incidents/mail'];

/** What a page under /console says besides SECURITY_HEADERS, by its path as Astro names it. */
export function consolePolicy(routePattern: string): Readonly<Record<string, string>> {
  return MAILS.includes(routePattern) ? MAIL_POLICY : CONSOLE_POLICY;
}

const YEAR_SECONDS = 31_536_000;

/** Strict-Transport-Security, where customers reach the site over HTTPS. */
export function transportSecurity(publicUrl: string): Readonly<Record<string, string>> {
  return publicUrl.startsWith('https:')
    ? { 'strict-transport-security': `max-age=${YEAR_SECONDS}` }
    : {};
}
