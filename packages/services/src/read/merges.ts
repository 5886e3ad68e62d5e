import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { isNotNull } from '@upheld/db/query.ts';

interface Merged {
  id: string;
  intoId: string;
  at: Instant;
}

/** Which incidents turned out to be part of which others. An incident of which nothing is known is its own. */
export interface Merges {
  /** The incident that it is part of now: itself where it was not merged. */
  rootOf(this: void, id: string): string;
  /** It and all that was merged into it, also by way of others. */
  partsOf(this: void, id: string): string[];
  /**
   * Whose statements hold for what was recorded of it: its own, and those of what it was merged into from
   * then on.
   */
  heardBy(this: void, id: string): readonly { id: string; from: Instant }[];
}

/** Reads them: there are never many, so it is one query for all. */
export async function readMerges({ q, t }: Handle): Promise<Merges> {
  const { id, mergedIntoId, mergedAt } = t.incidents;
  const rows = await q
    .select({ id, intoId: mergedIntoId, at: mergedAt })
    .from(t.incidents)
    .where(isNotNull(mergedIntoId));
  return mergesOf(
    rows.flatMap(({ id: own, intoId, at }) =>
      intoId === null ? [] : [{ id: own, intoId, at: at ?? 0 }],
    ),
  );
}

function mergesOf(merged: readonly Merged[]): Merges {
  const byId = new Map(merged.map((one) => [one.id, one]));
  const into = Map.groupBy(merged, (one) => one.intoId);
  const heardBy: Merges['heardBy'] = (id) => {
    const heard = [{ id, from: -Infinity }];
    for (let step = byId.get(id); step; step = byId.get(step.intoId))
      heard.push({ id: step.intoId, from: step.at });
    return heard;
  };
  const partsOf = (id: string): string[] => [
    id,
    ...(into.get(id) ?? []).flatMap((part) => partsOf(part.id)),
  ];
  return { rootOf: (id) => heardBy(id).at(-1)?.id ?? id, partsOf, heardBy };
}

export const NO_MERGES: Merges = mergesOf([]);
