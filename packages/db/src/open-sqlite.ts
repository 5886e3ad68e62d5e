import BetterSqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Handle, Queries } from './database.ts';
import { sqliteKit } from './kit.ts';
import { LEDGER, migrationsOf, pendingMigrations } from './migrate.ts';
import { notNested } from './nesting.ts';
import { defineTables } from './tables.ts';

/** Before it, two connections that checkpoint at once can corrupt the file (sqlite.org/wal.html#walresetbug). */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;

type Connection = BetterSqlite.Database;

/**
 * Opens (and makes) the embedded database at `file`, migrates it under a write lock, and gives a
 * handle with one writer and one reader. Throws when the file is not ours, damaged, or newer than us.
 */
export function openSqlite(file: string): Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const writer = connect(file);
  const reader = connect(file);
  reader.pragma('query_only = ON');
  migrate(writer);
  writer.pragma('busy_timeout = 0');
  const t = defineTables(sqliteKit);
  const write: Handle = { q: drizzle(writer) as unknown as Queries, t };
  let tail: Promise<unknown> = Promise.resolve();

  return {
    dialect: 'sqlite',
    location: file,
    read: { q: drizzle(reader) as unknown as Queries, t },
    transact(work) {
      return notNested(() => {
        const turn = tail.then(() => inTransaction(writer, () => work(write)));
        tail = turn.then(
          () => undefined,
          () => undefined,
        );
        return turn;
      });
    },
    ping() {
      reader.prepare('select 1').get();
      return Promise.resolve();
    },
    async close() {
      await tail;
      writer.pragma('wal_checkpoint(TRUNCATE)');
      reader.close();
      writer.close();
    },
  };
}

async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await begin(connection);
  try {
    const result = await work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** For how long a transaction waits for one of another process, and how often it asks. */
const PATIENCE_MS = 15_000;
const ASK_AGAIN_MS = 10;

// IMMEDIATE: a transaction that reads first and writes later fails at once when another wrote between.
// The wait is ours, because SQLite's own busy_timeout blocks the event loop, and with it all probing.
async function begin(connection: Connection): Promise<void> {
  for (let waited = 0; ; waited += ASK_AGAIN_MS) {
    try {
      connection.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= PATIENCE_MS) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof BetterSqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function connect(file: string): Connection {
  const connection = new BetterSqlite(file);
  // Both are set, not left to defaults that differ between builds; why FULL: docs/adr/0003.
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('busy_timeout = 5000');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  connection.pragma('journal_size_limit = 67108864');
  const { version } = connection.prepare('select sqlite_version() as version').get() as {
    version: string;
  };
  if (isOlder(version, OLDEST_SAFE_SQLITE))
    throw new Error(
      `SQLite ${version} can corrupt a WAL database; ${OLDEST_SAFE_SQLITE.join('.')} or later is needed`,
    );
  return connection;
}

function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of than.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

function migrate(connection: Connection): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.exec(
      `create table if not exists ${LEDGER} (hash text primary key, created_at integer not null)`,
    );
    const { last } = connection.prepare(`select max(created_at) as last from ${LEDGER}`).get() as {
      last: number | null;
    };
    const record = connection.prepare(`insert into ${LEDGER} (hash, created_at) values (?, ?)`);
    for (const step of pendingMigrations(migrationsOf('sqlite'), last ?? undefined)) {
      for (const statement of step.statements) connection.exec(statement);
      record.run(step.hash, step.createdAt);
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
