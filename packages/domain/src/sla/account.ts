import type { Agreement } from './agreement.ts';
import { bucketsOf, type Buckets } from './buckets.ts';
import type { Facts } from './facts.ts';
import { ledgerOf, type Ledger } from './ledger.ts';
import { judgeAll, type Judged } from './maintenance-verdict.ts';
import { rulesUnder, type Rules } from './rules.ts';

/** Facts laid out by an agreement: what a statement is printed from, and a worksheet explains. */
export interface Account {
  readonly facts: Facts;
  readonly rules: Rules;
  readonly ledger: Ledger;
  /** Every maintenance, in the order of the facts. */
  readonly judged: readonly Judged[];
  /** Those that are part of this statement. */
  readonly counted: readonly Judged[];
  readonly buckets: Buckets;
}

/** Lays sound facts out by the agreement under the readings that the facts choose. */
export function accountOf(facts: Facts, agreement: Agreement): Account {
  const rules = rulesUnder(agreement, facts.readings, facts.customer);
  const ledger = ledgerOf(facts, rules.terms.zone);
  const judged = judgeAll(rules, ledger.maintenances);
  const counted = judged.filter((_one, index) => ledger.maintenances[index]?.counts === true);
  return { facts, rules, ledger, judged, counted, buckets: bucketsOf(rules, ledger, counted) };
}
