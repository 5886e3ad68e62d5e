import type { Dispatcher } from 'undici';
import type { HttpTarget } from './target.ts';

/** One request as it goes over a line. */
export interface HttpRequest {
  origin: string;
  url: URL;
  options: Dispatcher.DispatchOptions;
}

const DEFAULT_HEADERS = { 'user-agent': 'Upheld status monitor', accept: '*/*' };
/** The statuses that send a client on; 300 and 304 do not. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The first request of a check. */
export function firstRequest(target: HttpTarget): HttpRequest {
  const headers = new Map(Object.entries(DEFAULT_HEADERS));
  for (const [name, value] of Object.entries(target.headers))
    headers.set(name.toLowerCase(), value);
  return request(new URL(target.url), target.method, headers, target.body);
}

export const isRedirect = (status: number, location: string): boolean =>
  REDIRECTS.has(status) && location !== '';

/**
 * The request that a redirect asks for, or what is wrong with where it points. As a browser does
 * (https://fetch.spec.whatwg.org/#http-redirect-fetch), except that the operator's own headers, which may
 * hold secrets, stay with the origin that they were written for.
 */
export function nextRequest(
  from: HttpRequest,
  status: number,
  location: string,
): HttpRequest | string {
  const url = URL.parse(location, from.url);
  if (!url) return `it redirects to "${location.slice(0, 100)}", which is no address`;
  const fault = faultOfAddress(url);
  if (fault !== null) return fault;
  const { method } = from.options;
  const turns = becomesGet(status, method);
  const body = turns ? undefined : (from.options.body as string | undefined);
  const headers = new Map(
    [...headersOf(from)].filter(([name]) => staysWith(name, url.origin === from.url.origin, body)),
  );
  return request(url, turns ? 'GET' : method, headers, body);
}

function faultOfAddress({ protocol, username, password }: URL): string | null {
  if (protocol !== 'http:' && protocol !== 'https:')
    return `it redirects to ${protocol}, which is neither http: nor https:`;
  return username === '' && password === ''
    ? null
    : 'it redirects to an address with a user name or password in it';
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function staysWith(name: string, sameOrigin: boolean, body: string | undefined): boolean {
  if (name === 'content-type') return body !== undefined;
  return sameOrigin || name in DEFAULT_HEADERS;
}

function request(
  url: URL,
  method: string,
  headers: ReadonlyMap<string, string>,
  body: string | undefined,
): HttpRequest {
  return {
    origin: url.origin,
    url,
    options: {
      path: `${url.pathname}${url.search}`,
      method,
      headers: [...headers].flat(),
      ...(body === undefined ? {} : { body }),
      // Closes the connection after the answer: every check takes the way a new visitor takes.
      reset: true,
    },
  };
}

function headersOf({ options }: HttpRequest): Map<string, string> {
  const flat = options.headers as readonly string[];
  return new Map(
    flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])),
  );
}
