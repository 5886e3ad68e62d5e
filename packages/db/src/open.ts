import type { Database } from './database.ts';
import { openSqlite } from './open-sqlite.ts';

/** Where the data lives: a file of our own, or a PostgreSQL server. */
export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

/** Opens and migrates the database at an address. */
export async function openDatabase(address: DatabaseAddress): Promise<Database> {
  if (address.kind === 'sqlite') return openSqlite(address.file);
  const { openPostgres } = await import('./open-postgres.ts');
  return openPostgres(address.url);
}
