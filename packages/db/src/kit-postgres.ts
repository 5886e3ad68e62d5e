import * as p from 'drizzle-orm/pg-core';
import type { Kit } from './kit.ts';

/* The PostgreSQL form of the kit, apart: a process on SQLite starts without loading this dialect. */

const postgresForm = {
  table: p.pgTable,
  index: p.index,
  uniqueIndex: p.uniqueIndex,
  primaryKey: (first: p.AnyPgColumn, ...rest: p.AnyPgColumn[]) =>
    p.primaryKey({ columns: [first, ...rest] }),
  id: (name: string) => p.text(name),
  text: (name: string) => p.text(name),
  oneOf: (name: string, values: readonly [string, ...string[]]) =>
    p.text(name, { enum: values as [string, ...string[]] }),
  int: (name: string) => p.integer(name),
  instant: (name: string) => p.bigint(name, { mode: 'number' }),
  bool: (name: string) => p.boolean(name),
  json: (name: string) => p.jsonb(name),
} satisfies Record<keyof Kit, unknown>;

export const postgresKit = postgresForm as unknown as Kit;
