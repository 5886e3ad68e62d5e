import * as s from 'drizzle-orm/sqlite-core';

/**
 * Column helpers in which the schema is written once (docs/adr/0002). The compiler sees the SQLite
 * form; the PostgreSQL form has the same names and results, which the parity test holds it to.
 */
export const sqliteKit = {
  table: s.sqliteTable,
  index: s.index,
  uniqueIndex: s.uniqueIndex,
  primaryKey: (first: s.AnySQLiteColumn, ...rest: s.AnySQLiteColumn[]) =>
    s.primaryKey({ columns: [first, ...rest] }),
  id: (name: string) => s.text(name),
  text: (name: string) => s.text(name),
  oneOf: <const V extends readonly [string, ...string[]]>(name: string, values: V) =>
    s.text(name, { enum: values as unknown as [V[number], ...V[number][]] }),
  int: (name: string) => s.integer(name, { mode: 'number' }),
  instant: (name: string) => s.integer(name, { mode: 'number' }),
  bool: (name: string) => s.integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => s.text(name, { mode: 'json' }).$type<T>(),
};

export type Kit = typeof sqliteKit;
