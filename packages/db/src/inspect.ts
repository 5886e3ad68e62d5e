import BetterSqlite from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import pg from 'pg';
import { LEDGER, migrationsOf, pendingMigrations } from './migrate.ts';
import type { DatabaseAddress } from './open.ts';

/** A database as it stands, looked at without changing it. */
export interface DatabaseReport {
  version: string;
  /** False where there is no schema of ours yet: the first start makes it. */
  exists: boolean;
  /** How many migration steps are still to run. */
  pending: number;
  /** SQLite: the journal mode; a database of ours is in "wal". */
  journal?: string;
  /** SQLite: bytes left on the disk. */
  freeBytes?: number;
  /** SQLite: what its own check found, "ok" when nothing. */
  integrity?: string;
  /** When the process that measures last said so, epoch ms, and whether it has stopped; absent: none ever did. */
  beat?: { at: number; stopped: boolean };
  /** PostgreSQL: the server's clock, epoch ms, and how long the question took. */
  clock?: { at: number; tookMs: number };
}

/** Looks at the database at an address. Throws with what is wrong when it cannot be opened or written to. */
export async function inspectDatabase(address: DatabaseAddress): Promise<DatabaseReport> {
  return address.kind === 'sqlite' ? inspectSqlite(address.file) : inspectPostgres(address.url);
}

async function inspectSqlite(file: string): Promise<DatabaseReport> {
  const freeBytes = await freeBytesAt(file);
  if (!existsSync(file)) {
    const memory = new BetterSqlite(':memory:');
    const version = versionOf(memory);
    memory.close();
    return { version, exists: false, pending: migrationsOf('sqlite').length, freeBytes };
  }
  const connection = new BetterSqlite(file, { fileMustExist: true, timeout: 5000 });
  try {
    connection.exec('BEGIN IMMEDIATE');
    connection.exec('ROLLBACK');
    const known = connection.prepare('select 1 from sqlite_master where name = ?').get(LEDGER);
    const last = known
      ? (connection.prepare(`select max(created_at) as last from ${LEDGER}`).get() as {
          last: number | null;
        })
      : { last: null };
    const beat = known ? lastBeat(connection) : undefined;
    return {
      version: versionOf(connection),
      ...(beat ? { beat } : {}),
      exists: known !== undefined,
      pending: pendingMigrations(migrationsOf('sqlite'), last.last ?? undefined).length,
      journal: String(connection.pragma('journal_mode', { simple: true })),
      integrity: String(connection.pragma('quick_check(1)', { simple: true })),
      freeBytes,
    };
  } finally {
    connection.close();
  }
}

const LAST_BEAT =
  'select beat_at as at, stopped_at as stopped from workers order by beat_at desc limit 1';

function lastBeat(connection: BetterSqlite.Database): DatabaseReport['beat'] {
  const made = connection.prepare('select 1 from sqlite_master where name = ?').get('workers');
  if (!made) return undefined;
  const row = connection.prepare(LAST_BEAT).get() as
    { at: number; stopped: number | null } | undefined;
  return row && { at: row.at, stopped: row.stopped !== null };
}

function versionOf(connection: BetterSqlite.Database): string {
  const row = connection.prepare('select sqlite_version() as version').get() as { version: string };
  return row.version;
}

async function freeBytesAt(file: string): Promise<number> {
  let folder = dirname(file);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

async function inspectPostgres(url: string): Promise<DatabaseReport> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    statement_timeout: 5000,
    application_name: 'upheld doctor',
  });
  await client.connect();
  try {
    const began = performance.now();
    const { rows } = await client.query<{
      version: string;
      readonly: string;
      ledger: string | null;
      workers: string | null;
      at: string;
    }>(
      `select current_setting('server_version') as version,
              current_setting('transaction_read_only') as readonly,
              to_regclass('${LEDGER}')::text as ledger,
              to_regclass('workers')::text as workers,
              (extract(epoch from clock_timestamp()) * 1000)::text as at`,
    );
    const tookMs = performance.now() - began;
    const found = rows[0];
    if (!found) throw new Error('the server gave no answer');
    if (found.readonly === 'on') throw new Error('the database is read-only (a standby?)');
    const last = found.ledger === null ? null : await lastApplied(client);
    const beat = found.workers === null ? undefined : await lastBeatOn(client);
    return {
      version: found.version,
      exists: found.ledger !== null,
      pending: pendingMigrations(migrationsOf('postgres'), last ?? undefined).length,
      ...(beat ? { beat } : {}),
      clock: { at: Number(found.at), tookMs },
    };
  } finally {
    await client.end();
  }
}

async function lastBeatOn(client: pg.Client): Promise<DatabaseReport['beat']> {
  const { rows } = await client.query<{ at: string; stopped: string | null }>(LAST_BEAT);
  const row = rows[0];
  return row && { at: Number(row.at), stopped: row.stopped !== null };
}

async function lastApplied(client: pg.Client): Promise<number | null> {
  const { rows } = await client.query<{ last: string | null }>(
    `select max(created_at) as last from ${LEDGER}`,
  );
  const last = rows[0]?.last ?? null;
  return last === null ? null : Number(last);
}
