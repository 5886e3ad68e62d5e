import { readMigrationFiles } from 'drizzle-orm/migrator';
import { fileURLToPath } from 'node:url';

/** One forward-only step: a name for the ledger and the statements to run. */
export interface Migration {
  hash: string;
  createdAt: number;
  statements: readonly string[];
}

/** The generated migrations of one dialect, oldest first. */
export function migrationsOf(dialect: 'sqlite' | 'postgres'): readonly Migration[] {
  const migrationsFolder = fileURLToPath(new URL(`../../../drizzle/${dialect}`, import.meta.url));
  return readMigrationFiles({ migrationsFolder }).map((file) => ({
    hash: file.hash,
    createdAt: file.folderMillis,
    statements: file.sql,
  }));
}

/** What is still to run, given the newest step applied. Throws when the database is newer than the program. */
export function pendingMigrations(
  all: readonly Migration[],
  lastApplied: number | undefined,
): readonly Migration[] {
  const newest = all.at(-1)?.createdAt ?? 0;
  if (lastApplied !== undefined && lastApplied > newest)
    throw new Error(
      'the database was written by a newer version of Upheld; start that version or restore a backup',
    );
  return all.filter((step) => step.createdAt > (lastApplied ?? 0));
}

export const LEDGER = 'upheld_migrations';
