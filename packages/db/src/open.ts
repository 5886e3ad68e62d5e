import type { Database } from './database.ts';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';

/** Where the data lives: a file of our own, or a PostgreSQL server. */
export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

/** Opens and migrates the database at an address. */
export async function openDatabase(address: DatabaseAddress): Promise<Database> {
  return address.kind === 'sqlite' ? openSqlite(address.file) : openPostgres(address.url);
}
