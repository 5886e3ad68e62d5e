import { lengthOf } from '../time/interval.ts';
import { downTimeBy } from './buckets.ts';
import type { Facts } from './facts.ts';
import {
  cutTo,
  decimal,
  floor,
  fraction,
  minus,
  reaches,
  times,
  add,
  type Fraction,
} from './fraction.ts';
import type { Ledger } from './ledger.ts';
import type { Rules } from './rules.ts';
import type { StatementAvailability, StatementCompensation } from './statement-types.ts';

const SECONDS_AN_HOUR = 3600;

/**
 * What is due for a missed norm: (A - B - C) x D / E, never less than nothing. null where the
 * agreement has no compensation, for another kind of period, or when no fees are given.
 */
export function compensationOf(
  rules: Rules,
  facts: Facts,
  ledger: Ledger,
  availability: readonly StatementAvailability[],
): StatementCompensation | null {
  const rule = rules.terms.compensation;
  const figure = availability.find(({ part }) => part === rule?.part);
  if (!rule || !facts.feesPaid || facts.period.kind !== rule.period || !figure) return null;
  const deducted = lengthOf(downTimeBy(rules, ledger, rule.deducted)) / 1000;
  const counted = figure.seconds.down + (rule.gross ? deducted : 0);
  const hours = minus(fraction(counted - deducted, SECONDS_AN_HOUR), decimal(rule.allowedHours));
  const value = divided(times(hours, decimal(facts.feesPaid.amount)), decimal(rule.yearHours));
  const { numeratorSeconds: up, denominatorSeconds: whole } = figure;
  const due = whole > 0 && !reaches(up, whole, decimal(rule.below));
  const positive = value.n > 0n;
  return {
    due,
    amount: due && positive ? money(value) : '0.00',
    currency: facts.feesPaid.currency,
    formulaValue: cutTo(6, value),
    flag: due && !positive ? 'norm-missed-formula-not-positive' : null,
  };
}

function divided(a: Fraction, b: Fraction): Fraction {
  return times(a, { n: b.d, d: b.n });
}

/** An amount of at least 0 with two decimals, half up. */
function money(value: Fraction): string {
  const cents = floor(add(times(value, fraction(100)), fraction(1, 2)));
  return cutTo(2, fraction(cents, 100));
}
