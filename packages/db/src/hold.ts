import BetterSqlite from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import type { DatabaseAddress } from './open.ts';

/** The right to be the one process that does something with a database. */
export interface Hold {
  release(): Promise<void>;
}

/** An arbitrary number that only Upheld's measuring process locks. */
const MEASURING_LOCK = 7_409_251_134;

/**
 * Takes the right to measure for the database at an address; null while another process has it. The
 * operating system or the server takes it back from a process that dies, however it dies.
 * `onLost` is called when the server forgets us, as it does when it restarts.
 */
export async function holdMeasuring(
  address: DatabaseAddress,
  onLost: () => void,
): Promise<Hold | null> {
  return address.kind === 'sqlite'
    ? holdBesideFile(`${address.file}.lock`)
    : holdOnServer(address.url, onLost);
}

/** An exclusive transaction on a file of its own: the database itself stays open to readers. */
function holdBesideFile(file: string): Hold | null {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const connection = new BetterSqlite(file, { timeout: 0 });
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if (error instanceof BetterSqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      return null;
    throw error;
  }
  return {
    release() {
      connection.close();
      return Promise.resolve();
    },
  };
}

async function holdOnServer(url: string, onLost: () => void): Promise<Hold | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'upheld measuring',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  let released = false;
  let held = false;
  client.on('error', () => undefined);
  client.on('end', () => {
    if (held && !released) onLost();
  });
  await client.connect();
  const found = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    MEASURING_LOCK,
  ]);
  held = found.rows[0]?.taken === true;
  if (!held) {
    await client.end();
    return null;
  }
  return {
    async release() {
      released = true;
      await client.end();
    },
  };
}
