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
      createdAt: k.instant('created_at').notNull(),
      lastUsedAt: k.instant('last_used_at'),
      revokedAt: k.instant('revoked_at'),
    },
    (t) => [k.uniqueIndex('api_tokens_hash').on(t.hash)],
  );

  // One row a process. `beatAt` tells, after a crash, until when it certainly measured.
  const workers = k.table('workers', {
    id: k.id('id').primaryKey(),
    startedAt: k.instant('started_at').notNull(),
    beatAt: k.instant('beat_at').notNull(),
    stoppedAt: k.instant('stopped_at'),
  });

  return { settings, apiTokens, workers };
}
