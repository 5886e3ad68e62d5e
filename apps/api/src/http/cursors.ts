import { z } from '@hono/zod-openapi';

const MOST = 200;

/** A place in a list that is sorted by an instant or a number, and by id where that is the same. */
export interface Place {
  at: number;
  id: string;
}

/** Instants reach this far, and ids are plain. */
const FURTHEST = 8_640_000_000_000_000;
const place = z.tuple([z.int().min(0).max(FURTHEST), z.string().regex(/^[!-~]{1,200}$/)]);

/** The query of a list: newest first, a page at a time. Spread into a strictObject. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST)
    .default(50)
    .meta({ description: 'At most so many; newest first.' }),
  cursor: z
    .string()
    .max(500)
    .transform((text, issues): Place => {
      const read = place.safeParse(decoded(text));
      if (read.success) return { at: read.data[0], id: read.data[1] };
      issues.addIssue({ code: 'custom', message: 'is no cursor; send `next` of the page before' });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: 'string', description: '`next` of the page before.' }),
};

/** In the answer of a list. */
export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The cursor of the next page; null on the last one.' });

/**
 * Cuts what was read into a page. Read `limit + 1` rows: the one too many tells that there is more.
 */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => Place,
): { rows: T[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { rows: page, next: more ? encoded(placeOf(last)) : null };
}

function encoded({ at, id }: Place): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
