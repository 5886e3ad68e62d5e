import { parseInstant } from '../time/zoned.ts';
import type { Agreement } from './agreement.ts';
import { bucketsOf, type Buckets } from './buckets.ts';
import type { Facts } from './facts.ts';
import { ledgerOf, type Ledger } from './ledger.ts';
import { judgeAll, type Judged } from './maintenance-verdict.ts';
import { spanOf } from './period.ts';
import { rulesUnder, type Rules } from './rules.ts';
import { versionAt } from './version.ts';

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
  const rules = rulesUnder(agreementFor(facts, agreement), facts.readings, facts.customer);
  const ledger = ledgerOf(facts, rules.terms.zone);
  const judged = judgeAll(rules, ledger.maintenances);
  const counted = judged.filter((_one, index) => ledger.maintenances[index]?.counts === true);
  return { facts, rules, ledger, judged, counted, buckets: bucketsOf(rules, ledger, counted) };
}

/** The newest version that was in force in the time that is looked at judges all of it. */
function agreementFor(facts: Facts, agreement: Agreement): Agreement {
  if (agreement.document.versions.length === 0) return agreement;
  const { to } = spanOf(facts.period, agreement.document.zone);
  const end = facts.asOf === undefined ? to : Math.min(to, parseInstant(facts.asOf));
  return versionAt(agreement, end - 1);
}
