import type { Instant } from '../ports.ts';
import { firstEndingAfter } from '../time/calendar.ts';
import { union, type Interval, type IntervalSet } from '../time/interval.ts';
import { localMonth } from '../time/zoned.ts';
import type { Account } from './account.ts';
import { bucketsOf } from './buckets.ts';
import { decimal, percent, reaches } from './fraction.ts';
import type { Ledger, LedgerOutage } from './ledger.ts';
import type { Rules } from './rules.ts';
import {
  CLOCKS,
  type StatementAttainment,
  type StatementClock,
  type StatementInterruptions,
  type StatementPerformance,
} from './statement-types.ts';

const PERCENTILE = 95;

/**
 * Interruptions of each month of the period that has any, counted in the month in which their down time
 * starts: one that was down before the period began belongs to a month before it.
 */
export function interruptionsOf(account: Account): StatementInterruptions[] {
  const { rules, ledger, buckets } = account;
  const rule = rules.terms.interruptions;
  if (!rule) return [];
  const down = union(downBefore(account), buckets.down);
  const starts =
    rule.counted === 'stretch'
      ? down.map((stretch) => stretch.from)
      : incidentStarts(rules, ledger.outages, down);
  const counts = new Map<string, number>();
  for (const start of starts) {
    if (start < ledger.looked.from) continue;
    const month = localMonth(start, rules.terms.zone);
    counts.set(month, (counts.get(month) ?? 0) + 1);
  }
  const limit = rule.limitPerMonth ?? null;
  return [...counts.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, count]) => ({ month, count, limit, verdict: withinLimit(count, limit) }));
}

/** Down time before the period, of the outages that the facts tell of. */
function downBefore({ rules, ledger, counted }: Account): IntervalSet {
  const { from: to } = ledger.looked;
  const from = ledger.outages.reduce(
    (first, { spells }) => Math.min(first, spells[0]?.from ?? first),
    to,
  );
  return from < to ? bucketsOf(rules, { ...ledger, looked: { from, to } }, counted).down : [];
}

function withinLimit(count: number, limit: number | null): StatementInterruptions['verdict'] {
  if (limit === null) return 'no-norm';
  return count <= limit ? 'met' : 'missed';
}

/** When the down time of each incident that has any starts. */
function incidentStarts(
  rules: Rules,
  outages: readonly LedgerOutage[],
  down: IntervalSet,
): Instant[] {
  const first = new Map<string, Instant>();
  for (const { incident, spells } of outages)
    for (const spell of spells) {
      if (!rules.downLevels.has(spell.level)) continue;
      const start = firstCommon(down, spell);
      if (start !== null) first.set(incident, Math.min(first.get(incident) ?? start, start));
    }
  return [...first.values()];
}

function firstCommon(set: IntervalSet, span: Interval): Instant | null {
  const found = set[firstEndingAfter(set, span.from)];
  if (!found || found.from >= span.to) return null;
  return Math.max(found.from, span.from);
}

/** The share of tickets within target, for each group of levels: first response, then recovery. */
export function attainmentOf(
  rules: Rules,
  ledger: Ledger,
  clocks: readonly StatementClock[],
): StatementAttainment[] {
  const rule = rules.terms.attainment;
  if (!rule) return [];
  const groupOf = new Map<string, string>();
  for (const { id, kind, level, events } of ledger.tickets) {
    const at = events.get(rule.counted) ?? -Infinity;
    if (!rule.kinds.includes(kind) || at < ledger.looked.from || at >= ledger.looked.to) continue;
    const group = Object.entries(rule.groups).find(([, { levels }]) =>
      levels.includes(level ?? ''),
    );
    if (group) groupOf.set(id, group[0]);
  }
  return Object.entries(rule.groups).flatMap(([group, { norm }]) =>
    CLOCKS.map((clock) => {
      const verdicts = clocks
        .filter((one) => one.clock === clock && groupOf.get(one.ticket) === group)
        .map((one) => one.verdict);
      const within = verdicts.filter((verdict) => verdict === 'met').length;
      const of = within + verdicts.filter((verdict) => verdict === 'missed').length;
      return {
        group,
        clock,
        within,
        of,
        percent: percent(within, of),
        norm,
        verdict: share(within, of, norm),
      };
    }),
  );
}

function share(within: number, of: number, norm: string): StatementAttainment['verdict'] {
  if (of === 0) return 'no-data';
  return reaches(within, of, decimal(norm)) ? 'met' : 'missed';
}

/** Response times against the limit; the percentile is the nearest rank. */
export function performanceOf(
  rules: Rules,
  times: readonly number[] | undefined,
): StatementPerformance | null {
  const rule = rules.terms.performance;
  if (!rule || !times) return null;
  const ordered = [...times].sort((a, b) => a - b);
  const within = ordered.filter((ms) => ms <= rule.limitMs).length;
  const rank = Math.ceil((PERCENTILE * ordered.length) / 100);
  return {
    limitMs: rule.limitMs,
    within,
    of: ordered.length,
    percent: percent(within, ordered.length),
    p95Ms: ordered[rank - 1] ?? null,
    maxMs: ordered.at(-1) ?? null,
  };
}
