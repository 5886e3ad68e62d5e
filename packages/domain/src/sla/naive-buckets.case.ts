import type { Facts, FactsOutage } from './facts.ts';
import { naiveMaintenances, type NaiveMaintenance } from './naive-maintenance.case.ts';
import { STEP, deskHours, isPart, ms, periodOf, reading, wall } from './naive-time.case.ts';

/* Where each moment lands, and the interruptions that a walk through the period meets. */

const EXCLUDED: Record<string, readonly string[]> = {
  spotonmedics: [
    'force-majeure',
    'internet',
    'third-party-software',
    'customer-request',
    'customer-act',
    'customer-software',
    'customer-infrastructure',
    'suspension',
  ],
  flexkids: [
    'force-majeure',
    'internet',
    'datacentre',
    'customer-request',
    'customer-act',
    'customer-software',
    'customer-infrastructure',
    'suspension',
  ],
  'infravision-cloud': ['internet', 'customer-software'],
  'infravision-onpremise': [
    'internet',
    'customer-act',
    'customer-software',
    'customer-infrastructure',
  ],
  intramed: ['customer-act', 'customer-software', 'customer-infrastructure'],
  'intramed-online': ['customer-act', 'customer-software', 'customer-infrastructure'],
  'fundament-it': [
    'force-majeure',
    'internet',
    'third-party-software',
    'customer-request',
    'customer-act',
    'customer-software',
    'customer-infrastructure',
    'suspension',
  ],
};
const DOWN: Record<string, string> = {
  spotonmedics: 'a',
  flexkids: '1',
  'infravision-cloud': 'top',
  'infravision-onpremise': 'top',
  intramed: '1',
  'intramed-online': '1',
  'fundament-it': 'standstill',
};

function levelAt(outage: FactsOutage, at: number): string {
  if (typeof outage.severity === 'string') return outage.severity;
  return outage.severity.findLast((change) => ms(change.from) <= at)?.level ?? '';
}

export type NaiveBucket = 'excluded' | 'maintenance' | 'down' | 'degraded' | 'unmeasured' | 'up';

/** The bucket of a moment. */
export function bucketAt(
  facts: Facts,
  maintenances: readonly NaiveMaintenance[],
  at: number,
): NaiveBucket {
  const on = (facts.outages ?? []).filter(
    (outage) => isPart(facts, outage.customers) && goesOn(facts, outage, at),
  );
  const isDown = (outage: FactsOutage): boolean => levelAt(outage, at) === DOWN[facts.agreement];
  const excluded = EXCLUDED[facts.agreement] ?? [];
  if (on.some((o) => isDown(o) && excluded.includes(o.cause ?? 'internal'))) return 'excluded';
  const parts = new Set(
    (facts.maintenances ?? []).filter((m) => isPart(facts, m.customers)).map((m) => m.id),
  );
  if (maintenances.some((m) => parts.has(m.id) && m.takes(at))) return 'maintenance';
  if (on.some(isDown)) return 'down';
  if (on.length > 0) return 'degraded';
  const blind = (facts.unmeasured ?? []).some((gap) => ms(gap.from) <= at && at < ms(gap.to));
  return blind ? 'unmeasured' : 'up';
}

export type NaiveSeconds = Record<'total' | NaiveBucket, number>;

/** Seconds in each bucket for each part of time that the agreement knows. */
export function naiveSeconds(facts: Facts): Record<string, NaiveSeconds> {
  const { from, end } = periodOf(facts);
  const maintenances = naiveMaintenances(facts);
  const desk = deskHours(facts);
  const split = facts.agreement.startsWith('infravision');
  const none = (): NaiveSeconds => ({
    total: 0,
    excluded: 0,
    maintenance: 0,
    down: 0,
    degraded: 0,
    unmeasured: 0,
    up: 0,
  });
  const sums: Record<string, NaiveSeconds> = split
    ? { office: none(), 'outside-office': none() }
    : { all: none() };
  for (let at = from; at < end; at += STEP) {
    const part = split ? (desk.open(at) ? 'office' : 'outside-office') : 'all';
    const sum = sums[part];
    if (!sum) continue;
    sum[bucketAt(facts, maintenances, at)] += STEP / 1000;
    sum.total += STEP / 1000;
  }
  return sums;
}

/** Months of the period with the number of interruptions that start in them. */
export function naiveInterruptions(facts: Facts): Record<string, number> {
  const { from, end } = periodOf(facts);
  const maintenances = naiveMaintenances(facts);
  const byGap = reading(facts, 'I6', 'incident') === 'gap';
  const starts: number[] = [];
  const seen = new Set<string>();
  let before = false;
  const since = (facts.outages ?? []).map((outage) => ms(outage.from));
  for (let at = Math.min(from, ...since); at < end; at += STEP) {
    const down = bucketAt(facts, maintenances, at) === 'down';
    if (byGap && down && !before) starts.push(at);
    for (const incident of byGap || !down ? [] : incidentsDownAt(facts, at)) {
      if (!seen.has(incident)) starts.push(at);
      seen.add(incident);
    }
    before = down;
  }
  const months: Record<string, number> = {};
  for (const start of starts.filter((one) => one >= from)) {
    const month = wall(start, 'amsterdam').slice(0, 7);
    months[month] = (months[month] ?? 0) + 1;
  }
  return months;
}

function incidentsDownAt(facts: Facts, at: number): string[] {
  return (facts.outages ?? [])
    .filter((outage) => isPart(facts, outage.customers) && goesOn(facts, outage, at))
    .filter((outage) => levelAt(outage, at) === DOWN[facts.agreement])
    .map((outage) => outage.incident ?? outage.id);
}

function goesOn(facts: Facts, outage: FactsOutage, at: number): boolean {
  const { asOf } = periodOf(facts);
  return ms(outage.from) <= at && at < (outage.to === undefined ? asOf : ms(outage.to));
}
