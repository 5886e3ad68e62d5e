/** One rule of an agreement in English, with where the contract says it. */
export interface RuleWords {
  /** Where it stands in the file. */
  path: string;
  what: string;
  says: string;
  /** Null where it is no rule of the contract but what follows from it. */
  clause: string | null;
  /** 'right': the customer can claim it; 'effort': the supplier aims at it. */
  strength: 'effort' | 'right' | null;
  note: string | null;
}

interface Ruled {
  clause: string;
  strength?: 'effort' | 'right' | undefined;
  note?: string | undefined;
}

/** A row with what every rule carries. */
export function ruleRow(path: string, what: string, says: string, ruled: Ruled): RuleWords {
  const { clause, strength = null, note = null } = ruled;
  return { path, what, says, clause: clause === '-' ? null : clause, strength, note };
}
