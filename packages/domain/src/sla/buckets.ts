import type { Cause } from '../incident/incident.ts';
import type { IntervalSet, Interval } from '../time/interval.ts';
import { clip, intersect, lengthOf, setOf, subtract } from '../time/interval.ts';
import type { Ledger } from './ledger.ts';
import type { Judged } from './maintenance-verdict.ts';
import type { Rules } from './rules.ts';
import { BUCKETS, type Bucket } from './statement-types.ts';

/** The seconds that are looked at, each in exactly one bucket. */
export type Buckets = Readonly<Record<Bucket, IntervalSet>>;

/**
 * Lays every second of the looked-at time in the first bucket that claims it: excluded, maintenance,
 * down, degraded, unmeasured, up. `judged` are the maintenances that are part of the statement.
 */
export function bucketsOf(rules: Rules, ledger: Ledger, judged: readonly Judged[]): Buckets {
  const claims = claimsOf(rules, ledger);
  const looked: IntervalSet = setOf([ledger.looked]);
  const maintenance = setOf(judged.flatMap((one) => one.qualifying));
  let left = looked;
  const take = (claim: IntervalSet): IntervalSet => {
    const taken = intersect(left, claim);
    left = subtract(left, taken);
    return taken;
  };
  return {
    excluded: take(claims.excluded),
    maintenance: take(maintenance),
    down: take(claims.down),
    degraded: take(claims.degraded),
    unmeasured: take(setOf(ledger.unmeasured)),
    up: left,
  };
}

function claimsOf(rules: Rules, ledger: Ledger) {
  const claims = { excluded: [] as Interval[], down: [] as Interval[], degraded: [] as Interval[] };
  for (const { cause, spells } of ledger.outages)
    for (const spell of spells) claims[downClassOf(rules, cause, spell.level)].push(spell);
  const { excluded, down, degraded } = claims;
  return { excluded: setOf(excluded), down: setOf(down), degraded: setOf(degraded) };
}

/** The bucket that an outage by a cause claims while it is at a level. */
export function downClassOf(
  rules: Rules,
  cause: Cause,
  level: string,
): 'excluded' | 'down' | 'degraded' {
  if (!rules.downLevels.has(level)) return 'degraded';
  return rules.terms.causes.excluded[cause] === undefined ? 'down' : 'excluded';
}

/** Time in which outages by any of the causes would count as down, within the looked-at time. */
export function downTimeBy(rules: Rules, ledger: Ledger, causes: readonly string[]): IntervalSet {
  const spells = ledger.outages
    .filter((outage) => causes.includes(outage.cause))
    .flatMap((outage) => outage.spells)
    .filter((spell) => rules.downLevels.has(spell.level));
  return clip(setOf(spells), ledger.looked);
}

/** Seconds in each bucket, of a part of time or of all of it. */
export function secondsIn(
  buckets: Buckets,
  part: IntervalSet | null,
): Record<'total' | Bucket, number> {
  const seconds = {
    total: 0,
    excluded: 0,
    maintenance: 0,
    down: 0,
    degraded: 0,
    unmeasured: 0,
    up: 0,
  };
  for (const bucket of BUCKETS) {
    const set = part ? intersect(buckets[bucket], part) : buckets[bucket];
    seconds[bucket] = lengthOf(set) / 1000;
    seconds.total += seconds[bucket];
  }
  return seconds;
}
