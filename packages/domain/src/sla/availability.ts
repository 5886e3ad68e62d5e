import { openBetween, openMs } from '../time/calendar.ts';
import { secondsIn, type Buckets } from './buckets.ts';
import { decimal, floor, fraction, minus, percent, reaches, times } from './fraction.ts';
import type { Ledger } from './ledger.ts';
import type { Rules } from './rules.ts';
import type { AvailabilityVerdict, StatementAvailability } from './statement-types.ts';

type Seconds = StatementAvailability['seconds'];

/** One figure for each part of time that the agreement speaks of. */
export function availabilityOf(
  rules: Rules,
  ledger: Ledger,
  buckets: Buckets,
): StatementAvailability[] {
  const { from, to } = ledger.looked;
  return Object.entries(rules.terms.availability.parts).map(([part, { within, norm }]) => {
    const calendar = within === undefined ? null : rules.calendar(within);
    const seconds = secondsIn(buckets, calendar && openBetween(calendar, from, to));
    const whole = calendar
      ? openMs(calendar, ledger.period.from, ledger.period.to)
      : ledger.period.to - ledger.period.from;
    return figure(rules, part, seconds, whole / 1000, norm ?? null);
  });
}

function figure(
  rules: Rules,
  part: string,
  seconds: Seconds,
  wholeSeconds: number,
  norm: string | null,
): StatementAvailability {
  const { leftOut, asDown } = treated(rules, seconds);
  const denominator = seconds.total - seconds.unmeasured - leftOut;
  const numerator = denominator - seconds.down - asDown;
  const { unmeasured } = seconds;
  return {
    part,
    seconds,
    numeratorSeconds: numerator,
    denominatorSeconds: denominator,
    percent: percent(numerator, denominator),
    coveragePercent: percent(seconds.total - unmeasured, seconds.total),
    lowestPercent: percent(numerator, denominator + unmeasured),
    highestPercent: percent(numerator + unmeasured, denominator + unmeasured),
    norm,
    verdict: verdictOf(numerator, denominator, unmeasured, norm),
    budgetSeconds:
      norm === null
        ? null
        : allowed(norm, wholeSeconds - unmeasured - leftOut) - seconds.down - asDown,
  };
}

/** What excluded time and maintenance do in the figure. */
function treated(rules: Rules, seconds: Seconds): { leftOut: number; asDown: number } {
  const sum = { 'left-out': 0, 'as-up': 0, 'as-down': 0 };
  for (const bucket of ['excluded', 'maintenance'] as const)
    sum[rules.terms.availability[bucket]] += seconds[bucket];
  return { leftOut: sum['left-out'], asDown: sum['as-down'] };
}

/** A norm is met when even the lowest figure reaches it, missed when even the highest does not. */
function verdictOf(
  numerator: number,
  denominator: number,
  unmeasured: number,
  norm: string | null,
): AvailabilityVerdict {
  if (denominator === 0) return 'no-data';
  if (norm === null) return 'no-norm';
  const whole = denominator + unmeasured;
  if (reaches(numerator, whole, decimal(norm))) return 'met';
  return reaches(numerator + unmeasured, whole, decimal(norm)) ? 'not-proven' : 'missed';
}

/** Seconds that may be down under a norm, cut to whole ones. */
function allowed(norm: string, seconds: number): number {
  const share = minus(fraction(100), decimal(norm));
  return Number(floor(times(share, fraction(seconds, 100))));
}
