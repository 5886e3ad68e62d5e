import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.ts';

export type { components, paths } from './schema.ts';

/** What every refusal is: problem details of RFC 9457. */
export type Problem = components['schemas']['Problem'];

export interface ClientOptions {
  /** Where the product is: `https://status.example.com`. */
  url: string;
  /** `upheld_…`; without one, only what is public can be asked. */
  token?: string;
  /** In the place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of the HTTP API of Upheld. Every call gives `{ data }` or `{ error }`, a problem, and the
 * `response`; it rejects only where no answer came.
 *
 * @example
 * const upheld = createClient({ url: 'https://status.example.com', token });
 * const { data, error } = await upheld.GET('/api/v1/incidents', { params: { query: { limit: 10 } } });
 */
export function createClient({ url, token, fetch }: ClientOptions): Client<paths> {
  return createFetchClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(fetch === undefined ? {} : { fetch }),
  });
}

/** The kind of a problem, such as `changed-meanwhile`: what follows the # in its type. */
export function kindOf(problem: Pick<Problem, 'type'>): string {
  return new URL(problem.type).hash.slice(1);
}

/** The headers that make a write safe to repeat, and that keep it from undoing somebody else's. */
export function safely(given: { key?: string; etag?: string | null }): Record<string, string> {
  return {
    ...(given.key === undefined ? {} : { 'idempotency-key': given.key }),
    ...(given.etag === undefined || given.etag === null ? {} : { 'if-match': given.etag }),
  };
}
