import type { Handle } from '@upheld/db/database.ts';
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  type SQL,
} from '@upheld/db/query.ts';
import { createAdapterFactory, type CustomAdapter } from 'better-auth/adapters';
import type { Context } from '../context.ts';
import { tokenHash } from '../secret.ts';
import { aheadOfMachine } from './machine-clock.ts';

const TABLES = ['people', 'sessions', 'credentials', 'challenges', 'passkeys'] as const;
type Row = Record<string, unknown>;
type Where = Selection['where'];

/**
 * better-auth over our database: every write through `transact`, for SQLite has one writer behind a
 * queue; instants as epoch milliseconds; and the token of a session only as a hash, so that who reads
 * the database cannot take a session over.
 */
export function accountAdapter(ctx: Pick<Context, 'db' | 'clock' | 'ids'>) {
  return createAdapterFactory({
    config: {
      adapterId: 'upheld',
      supportsNumericIds: false,
      customIdGenerator: () => ctx.ids.next(),
      customTransformInput: ({ data }: { data: unknown }) =>
        data instanceof Date ? data.getTime() + aheadOfMachine(ctx.clock) : data,
      customTransformOutput: ({ data, fieldAttributes }) =>
        fieldAttributes.type === 'date' && typeof data === 'number'
          ? new Date(data - aheadOfMachine(ctx.clock))
          : (data as unknown),
    },
    adapter: () => operations(ctx),
  });
}

type Needs = Pick<Context, 'db'>;

function operations(ctx: Needs): CustomAdapter {
  return { ...reads(ctx), ...writes(ctx), ...removals(ctx) };
}

function find(h: Handle, model: string, where: Where) {
  return h.q
    .select()
    .from(tableOf(h, model))
    .where(conditionOf(h, model, where));
}

function reads({ db }: Needs): Pick<CustomAdapter, 'findOne' | 'findMany' | 'count'> {
  return {
    async findOne<T>({ model, where }: Selection) {
      const [row] = await find(db.read, model, where).limit(1);
      return reveal(row, model, where) as T | null;
    },
    async findMany<T>({ model, where, limit, offset, sortBy }: FindMany) {
      const order = sortBy && column(db.read, model, sortBy.field);
      const rows = await find(db.read, model, where ?? [])
        .orderBy(...(order ? [sortBy.direction === 'asc' ? asc(order) : desc(order)] : []))
        .limit(limit)
        .offset(offset ?? 0);
      return rows as T[];
    },
    async count({ model, where }) {
      const [counted] = await db.read.q
        .select({ rows: count() })
        .from(tableOf(db.read, model))
        .where(conditionOf(db.read, model, where ?? []));
      return counted?.rows ?? 0;
    },
  };
}

function writes({ db }: Needs): Pick<CustomAdapter, 'create' | 'update' | 'updateMany'> {
  const change = (model: string, where: Where, to: Row) =>
    db.transact((h) =>
      h.q
        .update(tableOf(h, model))
        .set(hashToken(model, to) as Values)
        .where(conditionOf(h, model, where))
        .returning(),
    );
  return {
    async create({ model, data }) {
      const rows = await db.transact((h) =>
        h.q
          .insert(tableOf(h, model))
          .values(hashToken(model, data) as Values)
          .returning(),
      );
      return { ...rows[0], ...tokenOf(model, data) } as typeof data;
    },
    async update<T>({ model, where, update }: Selection & { update: T }) {
      const rows = await change(model, where, update as Row);
      return reveal(rows[0], model, where) as T | null;
    },
    async updateMany({ model, where, update }) {
      const rows = await change(model, where, update);
      return rows.length;
    },
  };
}

function removals({ db }: Needs): Pick<CustomAdapter, 'delete' | 'deleteMany' | 'consumeOne'> {
  const remove = (h: Handle, model: string, where: Where) =>
    h.q
      .delete(tableOf(h, model))
      .where(conditionOf(h, model, where))
      .returning();
  return {
    async delete({ model, where }) {
      await db.transact((h) => remove(h, model, where));
    },
    async deleteMany({ model, where }) {
      const rows = await db.transact((h) => remove(h, model, where));
      return rows.length;
    },
    consumeOne<T>({ model, where }: Selection) {
      return db.transact(async (h) => {
        const [found] = await find(h, model, where).limit(1);
        if (!found) return null;
        // Of two that found it at once, the delete gives it to one.
        const [taken] = await h.q
          .delete(tableOf(h, model))
          .where(eq(column(h, model, 'id'), found.id))
          .returning();
        return reveal(taken, model, where) as T | null;
      });
    },
  };
}

type Selection = Parameters<CustomAdapter['delete']>[0];
type FindMany = Parameters<CustomAdapter['findMany']>[0];

// The library names tables and fields at run time. One table stands for all in the types; which it is,
// and that the field exists, is looked at here.
type AnyTable = Handle['t']['challenges'];
type Values = AnyTable['$inferInsert'];

function tableOf(h: Handle, model: string): AnyTable {
  const known = TABLES.find((name) => name === model);
  if (known === undefined) throw new Error(`better-auth asks for a table "${model}"`);
  return h.t[known] as unknown as AnyTable;
}

function column(h: Handle, model: string, field: string): AnyTable['id'] {
  const columns = tableOf(h, model) as unknown as Partial<Record<string, AnyTable['id']>>;
  const found = columns[field];
  if (found === undefined) throw new Error(`better-auth asks for ${model}.${field}`);
  return found;
}

function conditionOf(h: Handle, model: string, where: Where): SQL | undefined {
  const of = (connector: 'AND' | 'OR'): SQL[] =>
    where
      .filter((part) => (part.connector ?? 'AND') === connector)
      .map((part) => comparison(column(h, model, part.field), hidden(model, part)));
  const some = of('OR');
  return and(...of('AND'), ...(some.length > 0 ? [or(...some)] : []));
}

function comparison(left: AnyTable['id'], { operator = 'eq', value }: Where[number]): SQL {
  if (value === null) return operator === 'ne' ? isNotNull(left) : isNull(left);
  const compare = COMPARE[operator];
  if (compare) return compare(left, value as string);
  if (operator === 'in') return inArray(left, value as string[]);
  if (operator === 'not_in') return notInArray(left, value as string[]);
  throw new Error(`better-auth asks to compare by ${operator}`);
}

const COMPARE: Partial<Record<string, (left: AnyTable['id'], value: string) => SQL>> = {
  eq,
  ne,
  lt,
  lte,
  gt,
  gte,
};

function tokenOf(model: string, row: Row): { token?: string } {
  return model === 'sessions' && typeof row['token'] === 'string' ? { token: row['token'] } : {};
}

function hashToken(model: string, row: Row): Row {
  const { token } = tokenOf(model, row);
  return token === undefined ? row : { ...row, token: tokenHash(token) };
}

function hidden(model: string, part: Where[number]): Where[number] {
  if (model !== 'sessions' || part.field !== 'token') return part;
  const { value } = part;
  if (typeof value === 'string') return { ...part, value: tokenHash(value) };
  return Array.isArray(value)
    ? { ...part, value: value.map((one) => tokenHash(String(one))) }
    : part;
}

/** A session that was asked for by its token comes back with that token. */
function reveal<T>(row: T | undefined, model: string, where: Where): T | null {
  if (!row) return null;
  const asked = model === 'sessions' ? where.find((part) => part.field === 'token')?.value : null;
  return typeof asked === 'string' ? { ...row, token: asked } : row;
}
