import assert from 'node:assert/strict';
import BetterSqlite from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LEDGER, migrationsOf } from './migrate.ts';
import { openDatabase } from './open.ts';

/** The step that lets a message go to who is no subscriber: on SQLite it makes its table anew. */
const STEP = 7;

test('messages that were written by an earlier version are there after the upgrade', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-upgrade-'));
  const file = join(folder, 'upheld.db');
  const old = new BetterSqlite(file);
  old.pragma('foreign_keys = ON');
  old.exec(`create table ${LEDGER} (hash text primary key, created_at integer not null)`);
  for (const step of migrationsOf('sqlite').slice(0, STEP)) {
    for (const statement of step.statements) old.exec(statement);
    old.prepare(`insert into ${LEDGER} values (?, ?)`).run(step.hash, step.createdAt);
  }
  old.exec(`
    insert into subscribers (id, channel, address, address_key, language, state, challenge_tries, created_at, version)
      values ('s1', 'email', 'jan@example.test', 'jan@example.test', 'nl', 'confirmed', 0, 1, 1);
    insert into notifications (id, subject_id, content, created_at) values ('n1', 'i1', '{"kind":"incident"}', 1);
    insert into outbox (id, dedupe_key, channel, notification_id, subscriber_id, lane, state, available_at, expires_at, attempts, created_at, version)
      values ('o1', 'd1', 'email', 'n1', 's1', 's1:i1', 'pending', 1, 2, 0, 1, 1);
  `);
  old.close();

  const db = await openDatabase({ kind: 'sqlite', file });
  const [row, ...more] = await db.read.q.select().from(db.read.t.outbox);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [row?.id, row?.subscriberId, row?.recipient, row?.lane, row?.state],
    ['o1', 's1', null, 's1:i1', 'pending'],
  );
  // The keys of the new table hold as those of the old one did.
  await assert.rejects(
    db.transact(({ q, t }) =>
      q.insert(t.outbox).values({ ...(row as NonNullable<typeof row>), id: 'o2' }),
    ),
  );
  await assert.rejects(
    db.transact(({ q, t }) =>
      q.insert(t.outbox).values({
        ...(row as NonNullable<typeof row>),
        id: 'o3',
        dedupeKey: 'd3',
        subscriberId: 'nobody',
      }),
    ),
  );
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});
