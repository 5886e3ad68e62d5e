import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Tables } from './tables.ts';

type Full = BaseSQLiteDatabase<'async', unknown>;

/**
 * The part of drizzle that means the same on both databases. Always await a query itself:
 * `.get()`, `.all()` and `.run()` do not exist on PostgreSQL, whatever the compiler says.
 */
export type Queries = Pick<Full, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

/** Queries and the tables they speak of, on one connection or in one transaction. */
export interface Handle {
  q: Queries;
  t: Tables;
}

export interface Database {
  /** Reads what is committed. Never writes. */
  read: Handle;
  /**
   * Runs `work` in one transaction and commits it when it resolves; a rejection rolls it back.
   * Throws when called inside another transact. No network inside: on SQLite it holds the only writer.
   */
  transact<T>(work: (handle: Handle) => Promise<T>): Promise<T>;
  /** Resolves when the database answers and is writable, else rejects with what is wrong. */
  ping(): Promise<void>;
  close(): Promise<void>;
  readonly dialect: 'sqlite' | 'postgres';
  /** Where the data is, without secrets, for messages to the operator. */
  readonly location: string;
}
