import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Facts, FactsTicket } from './facts.ts';
import { soundFacts } from './facts-arbitrary.case.ts';
import { naiveInterruptions, naiveSeconds } from './naive-buckets.case.ts';
import {
  naiveClock,
  naiveElapsed,
  naiveOpenDay,
  naiveWorkingDays,
  type NaiveClock,
} from './naive-clocks.case.ts';
import { naiveMaintenances } from './naive-maintenance.case.ts';
import { atWall, wall } from './naive-time.case.ts';
import { parseFacts } from './parse-facts.ts';
import { statement } from './statement.ts';
import type { Statement, StatementClock } from './statement-types.ts';

const RUNS = Number(process.env['UPHELD_PROPERTY_RUNS'] ?? 60);
const book = loadAgreementBook();
const agreements = book
  .ids()
  .filter((id) => id !== 'standard')
  .map((id) => book.get(id));
const anyFacts = soundFacts(agreements);
const of = (facts: Facts): Statement => statement(facts, book.get(facts.agreement));
const seen = (at: number | null): string | null =>
  at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;

function holdsFor(check: (facts: Facts) => void): void {
  fc.assert(fc.property(anyFacts, check), { numRuns: RUNS });
}

test('facts that are sound are taken', () => {
  holdsFor((facts) => {
    const parsed = parseFacts(JSON.parse(JSON.stringify(facts)), book);
    assert.deepEqual(parsed.ok ? [] : parsed.faults, []);
  });
});

test('the buckets are those of a walk through time in small steps', () => {
  holdsFor((facts) => {
    const expected = facts.agreement === 'intramed' ? {} : naiveSeconds(facts);
    const actual = Object.fromEntries(of(facts).availability.map((one) => [one.part, one.seconds]));
    assert.deepEqual(actual, expected);
  });
});

test('maintenances are judged as a walk through their windows judges them', () => {
  holdsFor((facts) => {
    const expected = naiveMaintenances(facts).map((one) => ({
      id: one.id,
      verdict: one.verdict,
      lastValidAnnouncement: seen(one.last),
      qualifyingSeconds: one.qualifying / 1000,
      outsidePreferredSeconds: one.outside / 1000,
    }));
    const hasPreferred = /spot|flex|fundament/.test(facts.agreement);
    assert.deepEqual(
      of(facts).maintenances,
      expected.map((one) => (hasPreferred ? one : { ...one, outsidePreferredSeconds: 0 })),
    );
  });
});

test('interruptions are those that the walk meets', () => {
  holdsFor((facts) => {
    const expected = facts.agreement.startsWith('infravision') ? naiveInterruptions(facts) : {};
    const actual = of(facts).interruptions.map((one) => [one.month, one.count]);
    assert.deepEqual(Object.fromEntries(actual), expected);
  });
});

test('clocks run as the walk runs them', () => {
  holdsFor((facts) => {
    const { clocks } = of(facts);
    for (const ticket of facts.tickets ?? [])
      for (const name of ['response', 'recovery'] as const) {
        const actual = clocks.find((one) => one.ticket === ticket.id && one.clock === name);
        assert.ok(actual);
        checkClock(facts, ticket, actual);
      }
  });
});

function checkClock(facts: Facts, ticket: FactsTicket, actual: StatementClock): void {
  const clock = naiveClock(facts, ticket, actual.clock);
  assert.equal(actual.startedAt, seen(clock.start));
  if (clock.start === null) {
    assert.equal(actual.verdict, clock.target ? 'running' : 'no-target');
    return;
  }
  assert.equal(actual.stoppedAt, seen(clock.stop));
  const until = Math.max(clock.stop ?? Date.parse(facts.asOf ?? ''), clock.start);
  const { counted, paused } = naiveElapsed(facts, ticket, clock, clock.start, until);
  assert.equal(actual.elapsedSeconds, counted / 1000);
  assert.equal(actual.pausedSeconds, paused / 1000);
  if (!clock.halfTime) assert.equal(actual.halfTimeUpdateDueAt, null);
  const due = Date.parse(actual.dueAt ?? '');
  const date = dateOf(facts, clock, clock.start);
  if (!clock.target) assert.deepEqual([actual.dueAt, actual.verdict], [null, 'no-target']);
  else if (date !== null) {
    assert.deepEqual([due, actual.halfTimeUpdateDueAt], [date, null]);
    assert.equal(actual.verdict, verdictOf(until > due, clock));
  } else checkCounted(facts, ticket, clock, { actual, start: clock.start, until, due });
}

const verdictOf = (late: boolean, { stop }: NaiveClock): string =>
  late ? 'missed' : stop === null ? 'running' : 'met';

/** When a target that is a date on the wall falls; null for one that is counted. */
function dateOf(
  facts: Facts,
  { target, elapsed, ...rest }: NaiveClock,
  start: number,
): number | null {
  if (!target) return null;
  if (target.days !== undefined || target.months !== undefined)
    return later(start, target.days ?? 0, target.months ?? 0);
  const option = facts.readings?.['M10'] ?? 'day-fraction';
  if (target.workingDays === undefined || option === 'day-fraction') return null;
  const { date, closes } = naiveOpenDay({ target, elapsed, ...rest }, start, target.workingDays);
  return option === 'end-of-day'
    ? closes
    : atWall(`${date} ${wall(start, elapsed.zone).slice(11)}`);
}

interface Counted {
  actual: StatementClock;
  start: number;
  until: number;
  due: number;
}

/** A due moment is the first second at which a walk has counted the target. */
function checkCounted(facts: Facts, ticket: FactsTicket, clock: NaiveClock, one: Counted): void {
  const { actual, start, until, due } = one;
  const { hours, workingDays } = clock.target ?? {};
  const amount = hours ?? workingDays ?? 0;
  const amountAt = (at: number): number =>
    hours === undefined
      ? naiveWorkingDays(facts, ticket, clock, start, at)
      : naiveElapsed(facts, ticket, clock, start, at).counted / 3_600_000;
  const checkFirst = (at: number, wanted: number): void => {
    assert.ok(amountAt(at) >= wanted - 1e-9);
    assert.ok(amountAt(at - 1000) < wanted - 1e-9);
  };
  checkFirst(due, amount);
  if (clock.halfTime) checkFirst(Date.parse(actual.halfTimeUpdateDueAt ?? ''), amount / 2);
  assert.equal(actual.verdict, verdictOf(amountAt(until) > amount + 1e-9, clock));
}

function later(start: number, days: number, months: number): number {
  const [date = '', time = ''] = wall(start, 'amsterdam').split(' ');
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const moved = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last) + days));
  return atWall(`${moved.toISOString().slice(0, 10)} ${time}`);
}

test('the buckets of each part add up to its total, and the totals to the looked-at time', () => {
  holdsFor((facts) => {
    const { availability, period, asOf } = of(facts);
    for (const { seconds } of availability) {
      const { total, ...buckets } = seconds;
      assert.equal(
        Object.values(buckets).reduce((sum, one) => sum + one, 0),
        total,
      );
    }
    const end = Math.min(Date.parse(period.to), Date.parse(asOf));
    const looked = (end - Date.parse(period.from)) / 1000;
    const totals = availability.reduce((sum, { seconds }) => sum + seconds.total, 0);
    assert.equal(totals, availability.length === 0 ? 0 : looked);
  });
});

test('the order of the lists in the facts changes nothing but the order of what is listed', () => {
  const byId = <T extends { id?: string; ticket?: string; clock?: string }>(list: T[]): T[] =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const sorted = (one: Statement): Statement => ({
    ...one,
    maintenances: byId(one.maintenances),
    clocks: byId(one.clocks),
  });
  holdsFor((facts) => {
    const turned: Facts = {
      ...facts,
      outages: (facts.outages ?? []).toReversed(),
      maintenances: (facts.maintenances ?? []).toReversed(),
      unmeasured: (facts.unmeasured ?? []).toReversed(),
      tickets: (facts.tickets ?? []).toReversed().map((ticket) => ({
        ...ticket,
        events: ticket.events.toReversed(),
        pauses: (ticket.pauses ?? []).toReversed(),
      })),
    };
    assert.deepEqual(sorted(of(turned)), sorted(of(facts)));
  });
});

test('one more outage that counts as down never raises availability', () => {
  holdsFor((facts) => {
    const [extra, ...others] = facts.outages ?? [];
    if (!extra) return;
    const agreement = book.get(facts.agreement);
    const severity = agreement.severityLevels.find((level) => level.countsAsDown)?.id ?? '';
    const counting = { ...extra, severity, cause: 'internal' as const };
    const without = of({ ...facts, outages: others }).availability;
    const withIt = of({ ...facts, outages: [...others, counting] }).availability;
    for (const [index, before] of without.entries()) {
      const after = withIt[index];
      assert.ok(after);
      const left = BigInt(after.numeratorSeconds) * BigInt(before.denominatorSeconds);
      const right = BigInt(before.numeratorSeconds) * BigInt(after.denominatorSeconds);
      assert.ok(before.denominatorSeconds === 0 || left <= right);
    }
  });
});

test('the parts of a period add up to the whole of it', () => {
  holdsFor((facts) => {
    assert.ok(facts.period.kind === 'range');
    const from = Date.parse(facts.period.from);
    const to = Date.parse(facts.period.to);
    const middle = seen(from + Math.floor((to - from) / 2000) * 1000) ?? '';
    const secondsOf = (period: Facts['period']) => of({ ...facts, period }).availability;
    const first = secondsOf({ kind: 'range', from: facts.period.from, to: middle });
    const second = secondsOf({ kind: 'range', from: middle, to: facts.period.to });
    for (const [index, whole] of of(facts).availability.entries())
      for (const [bucket, seconds] of Object.entries(whole.seconds)) {
        const key = bucket as keyof typeof whole.seconds;
        // What begins after asOf has nothing to look at.
        const add = (one: typeof whole | undefined): number => Math.max(0, one?.seconds[key] ?? 0);
        assert.equal(add(first[index]) + add(second[index]), seconds);
      }
  });
});
