import type { Database } from '@upheld/db/database.ts';
import type { Ids } from '@upheld/domain/ports.ts';
import { eq } from '@upheld/db/query.ts';
import { createHash, createHmac } from 'node:crypto';

const BYTES = 32;

const known = new WeakMap<Database, Map<string, string>>();

/**
 * The secret of this installation, made once and kept in its database: tokens and codes that leave the
 * house are derived from it, so none of them has to be stored. Not inside a transaction.
 */
export function instanceSecret(db: Database, ids: Ids): Promise<string> {
  return settledOnce(db, 'secret', () => ids.secret(BYTES));
}

/**
 * The host in Message-IDs, settled by the first mail: a mail that is sent again after the address of the
 * site changed still has to have the id that it had. Not inside a transaction.
 */
export function messageHost(db: Database, host: string): Promise<string> {
  return settledOnce(db, 'message-host', () => host);
}

/** A setting that the first who needs it makes, and nobody changes. */
async function settledOnce(db: Database, key: string, make: () => string): Promise<string> {
  const cache = known.get(db) ?? new Map<string, string>();
  known.set(db, cache);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const value = await db.transact(async ({ q, t }) => {
    await q.insert(t.settings).values({ key, value: make() }).onConflictDoNothing();
    const [row] = await q.select().from(t.settings).where(eq(t.settings.key, key));
    if (!row) throw new Error(`the setting ${key} was just written and is not there`);
    return row.value;
  });
  cache.set(key, value);
  return value;
}

/** HMAC-SHA256 of a text for one purpose, as bytes: the same text for another purpose is another value. */
export function keyed(secret: string, purpose: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\n${text}`).digest();
}

/** SHA-256 of a random token or code: it has enough random bits that a slow hash would protect nothing. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
