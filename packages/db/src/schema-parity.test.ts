import { getTableConfig as postgresConfig, type PgTable } from 'drizzle-orm/pg-core';
import { getTableConfig as sqliteConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgresKit } from './kit-postgres.ts';
import { sqliteKit } from './kit.ts';
import * as postgresSchema from './schema-postgres.ts';
import * as sqliteSchema from './schema-sqlite.ts';
import { defineTables } from './tables.ts';

interface Shape {
  name: string;
  columns: readonly { name: string; notNull: boolean; primary: boolean }[];
  indexes: readonly { name: string; unique: boolean; partial: boolean }[];
  foreignKeys: number;
}

const columnShape = (column: { name: string; notNull: boolean; primary: boolean }) => ({
  name: column.name,
  notNull: column.notNull,
  primary: column.primary,
});
const indexShape = (index: {
  config: { name?: string | undefined; unique: boolean; where?: unknown };
}) => ({
  name: index.config.name ?? '',
  unique: index.config.unique,
  partial: index.config.where !== undefined,
});

test('both databases have the same tables, columns, nullability, indexes and foreign keys', () => {
  const sqlite = Object.values(defineTables(sqliteKit)).map((table): Shape => {
    const c = sqliteConfig(table as unknown as SQLiteTable);
    return {
      name: c.name,
      columns: c.columns.map(columnShape),
      indexes: c.indexes.map(indexShape),
      foreignKeys: c.foreignKeys.length,
    };
  });
  const postgres = Object.values(defineTables(postgresKit)).map((table): Shape => {
    const c = postgresConfig(table as unknown as PgTable);
    return {
      name: c.name,
      columns: c.columns.map(columnShape),
      indexes: c.indexes.map(indexShape),
      foreignKeys: c.foreignKeys.length,
    };
  });
  assert.ok(sqlite.length > 10);
  assert.deepEqual(postgres, sqlite);
});

test('the migrations are generated from every table there is', () => {
  const all = Object.keys(defineTables(sqliteKit)).sort();
  assert.deepEqual(Object.keys(sqliteSchema).sort(), all);
  assert.deepEqual(Object.keys(postgresSchema).sort(), all);
});
