/** What can turn out of an outage that was recorded. */
export const CORRECTION_KINDS = ['false-alarm', 'cause', 'severity', 'maintenance'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** Which truth a figure is made from: with what was put right afterwards, or as it was first recorded. */
export const READ_AS = ['corrected', 'recorded'] as const;
export type ReadAs = (typeof READ_AS)[number];

/** As far as one correction decides about another. */
export interface CorrectionEntry {
  id: string;
  outageId: string;
  kind: CorrectionKind | 'withdrawn';
  /** Of a severity: the agreement of whose scale it is a level. */
  agreement: string | null;
  /** The correction that this entry takes back. */
  withdraws: string | null;
}

/** `replaced`: a later one of the same outage and kind holds. */
export type CorrectionStanding = 'holds' | 'replaced' | 'withdrawn';

/**
 * How each correction stands, by its id. `entries` are in the order in which they were recorded: of the
 * same outage and kind (of a severity: and the same agreement) the last one holds, and when that is
 * withdrawn the one before it holds again.
 */
export function standings(
  entries: readonly CorrectionEntry[],
): ReadonlyMap<string, CorrectionStanding> {
  const withdrawn = new Set(entries.flatMap(({ withdraws }) => withdraws ?? []));
  const found = new Map<string, CorrectionStanding>();
  const decided = new Set<string>();
  for (const { id, outageId, kind, agreement } of entries.toReversed()) {
    if (kind === 'withdrawn') continue;
    const matter = JSON.stringify([outageId, kind, agreement]);
    if (withdrawn.has(id)) found.set(id, 'withdrawn');
    else found.set(id, decided.has(matter) ? 'replaced' : 'holds');
    if (!withdrawn.has(id)) decided.add(matter);
  }
  return found;
}
