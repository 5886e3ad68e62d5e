import { z } from '@hono/zod-openapi';
import { DomainError } from '@upheld/domain/errors.ts';
import { createHash } from 'node:crypto';
import type { ApiContext } from './env.ts';

/** For the request of a route that changes something which has a version. */
export const ifMatchHeader = z.object({
  'if-match': z.string().optional().meta({
    description:
      'The ETag of what you have read. Where somebody changed it since, the answer is 412 and nothing is done.',
  }),
});

/** `"7-3f2a…"`: the version of the facts, and a hash of how they look now. */
const TAG = /^(?:W\/)?"(\d{1,15})-[\w-]+"$/;

/**
 * Sets the ETag of one thing and gives it back. `If-Match` looks only at the version; `If-None-Match` at
 * all of it, because what a maintenance looks like changes with the clock as well.
 */
export function versioned<T>(c: ApiContext, version: number, body: T): T {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 16);
  c.header('etag', `"${version}-${hash}"`);
  return body;
}

/**
 * What `If-Match` asks of a verb. A weak tag is taken as well: compression on the way makes tags weak,
 * and the version is the same. Throws DomainError('invalid-input') for what is no tag of ours.
 */
export function expected(c: ApiContext): { expectedVersion?: number } {
  const given = c.req.header('if-match')?.trim();
  if (given === undefined || given === '*') return {};
  const version = TAG.exec(given)?.[1];
  if (version === undefined) {
    const message = 'must be "*" or one ETag as this API gave it';
    throw new DomainError('invalid-input', `If-Match ${message}`, [{ path: 'If-Match', message }]);
  }
  return { expectedVersion: Number(version) };
}
