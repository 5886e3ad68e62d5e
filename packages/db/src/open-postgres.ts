import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database, Queries } from './database.ts';
import { postgresKit } from './kit-postgres.ts';
import { LEDGER, migrationsOf, pendingMigrations } from './migrate.ts';
import { notNested } from './nesting.ts';
import { defineTables } from './tables.ts';

/** An arbitrary number that only Upheld's migrations lock. */
const MIGRATION_LOCK = 7_409_251_133;

/**
 * Connects to PostgreSQL, migrates under an advisory lock, and gives a handle over a pool.
 * Throws when the server cannot be reached or its schema is newer than this program.
 */
export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    application_name: 'upheld',
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 10_000,
  });
  // An idle connection that breaks is replaced by the pool at the next query; without a listener it ends the process.
  pool.on('error', () => undefined);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const t = defineTables(postgresKit);
  const db = drizzle(pool);
  return {
    dialect: 'postgres',
    location: withoutSecrets(url),
    read: { q: db as unknown as Queries, t },
    transact: (work) =>
      notNested(() => db.transaction((tx) => work({ q: tx as unknown as Queries, t }))),
    async ping() {
      await pool.query('select 1');
    },
    close: () => pool.end(),
  };
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      `create table if not exists ${LEDGER} (hash text primary key, created_at bigint not null)`,
    );
    const found = await client.query<{ last: string | null }>(
      `select max(created_at) as last from ${LEDGER}`,
    );
    const last = found.rows[0]?.last ?? undefined;
    for (const step of pendingMigrations(
      migrationsOf('postgres'),
      last === undefined ? undefined : Number(last),
    )) {
      for (const statement of step.statements) await client.query(statement);
      await client.query(`insert into ${LEDGER} (hash, created_at) values ($1, $2)`, [
        step.hash,
        step.createdAt,
      ]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  return `postgres://${parsed.host}${parsed.pathname}`;
}
