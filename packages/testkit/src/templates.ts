import { migrationsOf } from '@upheld/db/migrate.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createPostgresDatabase, namedDatabase } from './postgres-server.ts';

/*
 * Databases that are migrated once and copied ever after: most tests begin with an empty one, and migrating
 * it took longer than what many of them prove. That migrating works is proven where it is the subject.
 */

const CACHE = fileURLToPath(
  new URL('../../../node_modules/.cache/upheld-databases/', import.meta.url),
);

/** Names what the migrations of a kind make: others are another template. */
function fingerprint(dialect: 'sqlite' | 'postgres'): string {
  return createHash('sha256')
    .update(JSON.stringify(migrationsOf(dialect)))
    .digest('hex')
    .slice(0, 16);
}

let sqliteTemplate: Promise<string> | undefined;

/** Writes a migrated, empty SQLite database to a file that is not there yet. */
export async function copySqliteDatabase(file: string): Promise<void> {
  sqliteTemplate ??= makeSqliteTemplate();
  await copyFile(await sqliteTemplate, file);
}

/** Another process may make it at the same moment: whoever is last puts the same in its place. */
async function makeSqliteTemplate(): Promise<string> {
  const template = join(CACHE, `${fingerprint('sqlite')}.db`);
  if (existsSync(template)) return template;
  mkdirSync(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'making-'));
  const file = join(folder, 'upheld.db');
  const db = await openDatabase({ kind: 'sqlite', file });
  await db.close();
  await rename(file, template);
  await rm(folder, { recursive: true, force: true });
  return template;
}

const postgresTemplates = new Map<string, Promise<string>>();

/** Makes a migrated, empty database on a server and gives its address. */
export async function copyPostgresDatabase(server: string): Promise<string> {
  const known = postgresTemplates.get(server) ?? makePostgresTemplate(server);
  postgresTemplates.set(server, known);
  return createPostgresDatabase(server, await known);
}

/** One process makes it, those that ask meanwhile wait; it gets its name when it is whole. */
async function makePostgresTemplate(server: string): Promise<string> {
  const template = `upheld_template_${fingerprint('postgres')}`;
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('${template}'))`);
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) {
      const url = await createPostgresDatabase(server);
      const db = await openDatabase({ kind: 'postgres', url });
      await db.close();
      await client.query(`alter database ${namedDatabase(url)} rename to ${template}`);
    }
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
  return template;
}
