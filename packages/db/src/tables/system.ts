import type { Kit } from '../kit.ts';

export function systemTables(k: Kit) {
  // Instance secret, page revision and the like; a handful of rows.
  const settings = k.table('settings', {
    key: k.text('key').primaryKey(),
    value: k.text('value').notNull(),
  });

  const apiTokens = k.table(
    'api_tokens',
    {
      id: k.id('id').primaryKey(),
      name: k.text('name').notNull(),
      /** SHA-256 of the token: it has 256 random bits, so a slow hash would protect nothing. */
      hash: k.text('hash').notNull(),
      /** Permissions; null: all that a token could do before scopes existed. */
      scopes: k.json<string[]>('scopes'),
      expiresAt: k.instant('expires_at'),
      createdBy: k.text('created_by'),
      /** Whose account it was made with, also through another token; null: by a command. */
      personId: k.id('person_id'),
      createdAt: k.instant('created_at').notNull(),
      lastUsedAt: k.instant('last_used_at'),
      revokedAt: k.instant('revoked_at'),
    },
    (t) => [k.uniqueIndex('api_tokens_hash').on(t.hash)],
  );

  // What was answered to a request with an Idempotency-Key, so that its repetition gets the same.
  const idempotency = k.table(
    'idempotency',
    {
      tokenId: k.id('token_id').notNull(),
      key: k.text('key').notNull(),
      /** SHA-256 over method, path and body: the same key for something else is refused. */
      requestHash: k.text('request_hash').notNull(),
      /** Null while the first request is being answered. */
      status: k.int('status'),
      body: k.text('body'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.primaryKey(t.tokenId, t.key), k.index('idempotency_age').on(t.createdAt)],
  );

  // One row a process. `beatAt` tells, after a crash, until when it certainly measured.
  const workers = k.table('workers', {
    id: k.id('id').primaryKey(),
    startedAt: k.instant('started_at').notNull(),
    beatAt: k.instant('beat_at').notNull(),
    stoppedAt: k.instant('stopped_at'),
  });

  return { settings, apiTokens, idempotency, workers };
}
