import type { Instant } from '@upheld/domain/ports.ts';
import { createHash } from 'node:crypto';

/** What is kept of one change, without its place in the chain. */
export interface AuditEntry {
  at: Instant;
  actor: string;
  via: string;
  address: string | null;
  /** A verb and what it is done to: 'incident.update', 'token.create'. */
  action: string;
  /** The id of what was changed. */
  subject: string;
  before: unknown;
  after: unknown;
}

export interface AuditLink extends AuditEntry {
  seq: number;
  previousHash: string;
  hash: string;
}

/** The hash before the first row. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 over a row in one fixed form and the hash of the row before it, in hexadecimal. */
export function linkHash(link: Omit<AuditLink, 'hash'>): string {
  const { seq, at, actor, via, address, action, subject, before, after, previousHash } = link;
  return createHash('sha256')
    .update(canonical([seq, at, actor, via, address, action, subject, before, after, previousHash]))
    .digest('hex');
}

/** JSON with sorted keys: a database that stores JSON in its own order gives the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
