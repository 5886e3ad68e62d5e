import { and, eq, lt, or, type SQL } from '@upheld/db/query.ts';

/** A place in a list that is sorted by an instant or a number, and by id where that is the same. */
export interface Place {
  at: number;
  id: string;
}

/** What comes after a place in a list that is sorted newest first. */
export function after(
  columns: { at: Parameters<typeof lt>[0]; id: Parameters<typeof lt>[0] },
  place: Place | undefined,
): SQL | undefined {
  if (place === undefined) return undefined;
  return or(lt(columns.at, place.at), and(eq(columns.at, place.at), lt(columns.id, place.id)));
}
