import { openDatabase, type DatabaseAddress } from './open.ts';
import { createPostgresDatabase, startPostgres } from '@upheld/testkit/postgres-server.ts';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { inspectDatabase } from './inspect.ts';

const cleanUp: (() => Promise<void>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const folder = mkdtempSync(join(tmpdir(), 'upheld-inspect-'));
cleanUp.push(() => rm(folder, { recursive: true, force: true }));

describe('looking at a SQLite database', () => {
  it('says what is to come before the first start, and makes no file', async () => {
    const file = join(folder, 'none', 'upheld.db');
    const report = await inspectDatabase({ kind: 'sqlite', file });
    assert.equal(report.exists, false);
    assert.ok(report.pending > 0 && (report.freeBytes ?? 0) > 0);
    assert.ok(!existsSync(file));
  });

  it('finds one of ours migrated, in WAL and whole', async () => {
    const address: DatabaseAddress = { kind: 'sqlite', file: join(folder, 'upheld.db') };
    const db = await openDatabase(address);
    const report = await inspectDatabase(address);
    await db.close();
    const { exists, pending, journal, integrity } = report;
    assert.deepEqual(
      { exists, pending, journal, integrity },
      {
        exists: true,
        pending: 0,
        journal: 'wal',
        integrity: 'ok',
      },
    );
  });

  it('refuses a file that is no database', async () => {
    const file = join(folder, 'text.db');
    writeFileSync(file, 'not a database, only a text that is long enough'.repeat(40));
    await assert.rejects(inspectDatabase({ kind: 'sqlite', file }), /not a database/);
  });
});

describe('looking at a PostgreSQL database', () => {
  it('gives its version, its clock and what is to migrate, before and after', async () => {
    const given = process.env['TEST_DATABASE_URL'];
    let server = given ?? '';
    if (server === '') {
      const started = await startPostgres();
      cleanUp.push(() => started.stop());
      server = started.url;
    }
    const address: DatabaseAddress = {
      kind: 'postgres',
      url: await createPostgresDatabase(server),
    };
    const before = await inspectDatabase(address);
    assert.equal(before.exists, false);
    await openDatabase(address).then((db) => db.close());
    const after = await inspectDatabase(address);
    assert.equal(after.pending, 0);
    assert.ok(Math.abs((after.clock?.at ?? 0) - Date.now()) < 60_000);
  });

  it('says that nobody listens', async () => {
    const url = 'postgres://u:hunter2@127.0.0.1:1/upheld';
    await assert.rejects(inspectDatabase({ kind: 'postgres', url }), /ECONNREFUSED/);
  });
});
