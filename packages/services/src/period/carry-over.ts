import type { Facts } from '@upheld/domain/sla/facts.ts';

/**
 * Facts that were frozen, with what one correction changes in them and nothing else. `before` and `after` are
 * what is recorded without and with it: what else differs from the frozen facts was recorded later, and waits
 * for somebody who says why it belongs to a period that is closed.
 */
export function carryOver(frozen: Facts, before: Facts, after: Facts): Facts {
  return {
    ...frozen,
    outages: carried(frozen.outages, before.outages, after.outages),
    maintenances: carried(frozen.maintenances, before.maintenances, after.maintenances),
  };
}

/** An outage whose cause changed midway is several in the facts, numbered after a slash. */
function rootOf({ id }: { id: string }): string {
  return id.split('/')[0] ?? id;
}

function carried<T extends { id: string }>(
  frozen: readonly T[] = [],
  before: readonly T[] = [],
  after: readonly T[] = [],
): T[] {
  const own = Map.groupBy(frozen, rootOf);
  const was = Map.groupBy(before, rootOf);
  const is = Map.groupBy(after, rootOf);
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (id) =>
      JSON.stringify(was.get(id)) !== JSON.stringify(is.get(id)) &&
      // What was recorded too late to be frozen is not let in by what is said of it.
      (own.has(id) || !was.has(id)),
  );
  if (changed.length === 0) return [...frozen];
  for (const id of changed) {
    const now = is.get(id);
    if (now === undefined) own.delete(id);
    else own.set(id, now);
  }
  // In the order in which they are read, so that the same facts are the same bytes.
  const inOrder = [...is.keys()].filter((id) => own.has(id));
  const others = [...own.keys()].filter((id) => !is.has(id));
  return [...others, ...inOrder].flatMap((id) => own.get(id) ?? []);
}
