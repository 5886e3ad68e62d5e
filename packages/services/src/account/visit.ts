import type { Visit } from './types.ts';

/** Carries the visitor's address, as the product judged it, to where the session is made. */
export const ADDRESS_HEADER = 'x-upheld-address';
const LONGEST_AGENT = 300;

/** The headers of a visit, of which better-auth reads the cookies, the address and the agent. */
export function headersOf({ cookie, address, userAgent }: Visit): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: printable(address) });
  if (cookie !== undefined) headers.set('cookie', printable(cookie));
  if (userAgent !== undefined)
    headers.set('user-agent', printable(userAgent).slice(0, LONGEST_AGENT));
  return headers;
}

/** Whether a visit carries a cookie of the console at all; the common page view does not. */
export function hasCookies({ cookie }: Visit): boolean {
  return cookie?.includes('upheld') ?? false;
}

/** The value of one cookie; undefined where it is not sent. */
export function cookieOf({ cookie }: Visit, name: string): string | undefined {
  for (const part of cookie?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
