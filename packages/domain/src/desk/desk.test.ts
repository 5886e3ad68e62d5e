import { loadAgreementBook } from '@upheld/config/agreements.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clocksOf } from '../sla/clocks.ts';
import { PAUSE_REASONS } from '../sla/facts.ts';
import { ticketOf } from '../sla/ledger.ts';
import { parseFacts } from '../sla/parse-facts.ts';
import { rulesUnder } from '../sla/rules.ts';
import { formatInstant, parseInstant, startOfDate } from '../time/zoned.ts';
import { deskClocks, type DeskClock } from './clocks.ts';
import { byUrgency, dutyAt, soonFrom, type Duty, type Owed } from './duties.ts';
import { ticketFacts, waits, type TicketEntry, type TicketRecord } from './ticket.ts';

const book = loadAgreementBook();
const AGREEMENTS = [
  'spotonmedics',
  'flexkids',
  'infravision-cloud',
  'infravision-onpremise',
  'intramed',
  'intramed-online',
  'fundament-it',
];
const SECOND = 1000;
const HOUR = 3_600_000;

let count = 0;
const entry = (
  kind: TicketEntry['kind'],
  at: number,
  over: Partial<TicketEntry> = {},
): TicketEntry => ({
  id: `e${(count += 1)}`,
  kind,
  at,
  type: null,
  severity: null,
  text: 'x',
  recordedAt: at,
  recordedBy: 'jan',
  ...over,
});

/** A record as the verbs make one: steps in time, waits that begin and end, recoveries that are taken back. */
const records = fc
  .record({
    agreement: fc.constantFrom(...AGREEMENTS),
    // Over both changes of the clock, a leap day, and the holidays of several years.
    start: fc.integer({
      min: parseInstant('2026-01-01T00:00:00Z'),
      max: parseInstant('2028-12-31T00:00:00Z'),
    }),
    kind: fc.constantFrom('incident', 'bug', 'question'),
    level: fc.nat({ max: 3 }),
    steps: fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 40 * HOUR }),
        kind: fc.constantFrom(
          'responded',
          'work-started',
          'root-cause-found',
          'workaround-delivered',
          'updated',
          'paused',
          'resumed',
          'recategorised',
          'recovered',
          'reopened',
        ),
        reason: fc.constantFrom(...PAUSE_REASONS),
        level: fc.nat({ max: 3 }),
      }),
      { maxLength: 12 },
    ),
    later: fc.integer({ min: 0, max: 200 * HOUR }),
  })
  .map(({ agreement, start, kind, level, steps, later }) => {
    const levels = book.get(agreement).severityLevels.map(({ id }) => id);
    const levelAt = (n: number): string => levels[n % levels.length] ?? '';
    const first = kind === 'question' ? null : levelAt(level);
    const events = [entry('reported', start, { type: kind, severity: first })];
    let at = start;
    for (const step of steps) {
      at += step.after;
      if (step.kind === 'paused') events.push(entry('paused', at, { type: step.reason }));
      else if (step.kind === 'recategorised')
        events.push(
          entry('recategorised', at, { type: 'incident', severity: levelAt(step.level) }),
        );
      else events.push(entry(step.kind, at));
    }
    const record: TicketRecord = {
      id: 't1',
      reportedAt: start,
      recordedAt: start,
      detectedAt: null,
      events,
    };
    const now = Math.floor((at + later) / SECOND) * SECOND;
    return { agreement: book.get(agreement), levels, record, now };
  });

describe('the clocks of the desk', () => {
  it('are those that the statement judges, whatever is recorded', () => {
    fc.assert(
      fc.property(records, ({ agreement, levels, record, now }) => {
        const facts = ticketFacts(record, levels, { knownAt: now });
        fc.pre(facts !== null);
        const rules = rulesUnder(agreement);
        const shown = deskClocks(rules, agreement.id, facts, now).map((clock) => ({
          ticket: 't1',
          clock: clock.name,
          startedAt: textOf(clock.startedAt),
          dueAt: textOf(clock.dueAt),
          stoppedAt: textOf(clock.stoppedAt),
          elapsedSeconds: clock.elapsedMs === null ? null : clock.elapsedMs / SECOND,
          pausedSeconds: clock.pausedMs / SECOND,
          halfTimeUpdateDueAt: textOf(clock.halfTimeAt),
          verdict: clock.verdict,
        }));
        assert.deepEqual(shown, clocksOf(rules, [ticketOf(facts, now)], now));
      }),
      { numRuns: 400 },
    );
  });

  it('are made from facts that the statement takes', () => {
    fc.assert(
      fc.property(records, ({ agreement, levels, record, now }) => {
        const facts = ticketFacts(record, levels, { knownAt: now });
        fc.pre(facts !== null && now > record.reportedAt);
        const whole = {
          agreement: agreement.id,
          component: agreement.components[0]?.id,
          period: {
            kind: 'range',
            from: formatInstant(Math.floor(record.reportedAt / SECOND) * SECOND - SECOND),
            to: formatInstant(now + SECOND),
          },
          asOf: formatInstant(now),
          tickets: [facts],
        };
        const read = parseFacts(whole, book);
        assert.equal(read.ok, true, JSON.stringify(read));
      }),
      { numRuns: 400 },
    );
  });

  it('count what is left and what has passed to the same moment', () => {
    fc.assert(
      fc.property(records, ({ agreement, levels, record, now }) => {
        const facts = ticketFacts(record, levels, { knownAt: now });
        fc.pre(facts !== null);
        for (const clock of deskClocks(rulesUnder(agreement), agreement.id, facts, now)) {
          if (clock.left === null || clock.dueAt === null) continue;
          assert.equal(now + clock.left.clockMs, clock.dueAt);
          // A clock is never in time and over at once, whichever way it is counted.
          assert.equal(clock.left.serviceMs > 0 && clock.left.clockMs <= 0, false);
          assert.ok(Math.abs(clock.left.serviceMs) <= Math.abs(clock.left.clockMs));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are late once the calendar opens again, where it closed at the due moment itself', () => {
    const agreement = book.get('spotonmedics');
    const rules = rulesUnder(agreement);
    // Level A: an answer within an hour of service, which ends at 17:30; a report of 16:30 on any day.
    const stands = (date: string, at: number): DeskClock => {
      const reportedAt = atHalfPastFour(date);
      const record: TicketRecord = {
        id: 't1',
        reportedAt,
        recordedAt: reportedAt,
        detectedAt: null,
        events: [entry('reported', reportedAt, { type: 'incident', severity: 'a' })],
      };
      const facts = ticketFacts(record, ['a', 'b', 'c'], { knownAt: at });
      const [response] = facts ? deskClocks(rules, agreement.id, facts, at) : [];
      assert.ok(response);
      return response;
    };
    const friday = '2026-11-20';
    const opens = parseInstant('2026-11-23T07:00:00Z');
    const on = (at: string): unknown[] => {
      const { verdict, lateFrom } = stands(friday, parseInstant(at));
      return [verdict, lateFrom];
    };
    assert.deepEqual(on('2026-11-20T16:30:00Z'), ['running', null]);
    assert.deepEqual(on('2026-11-21T12:00:00Z'), ['running', opens]);
    assert.deepEqual(on('2026-11-23T07:00:00Z'), ['running', opens]);
    assert.deepEqual(on('2026-11-23T07:00:01Z'), ['missed', null]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1500 }), (days) => {
        const date = formatInstant(parseInstant('2026-01-01T12:00:00Z') + days * DAY).slice(0, 10);
        const { dueAt } = stands(date, atHalfPastFour(date) + HOUR);
        assert.ok(dueAt);
        const { lateFrom } = stands(date, dueAt + SECOND);
        // On a closed day the hour is that of another morning, and service goes on after it.
        if (lateFrom !== null) assert.equal(stands(date, lateFrom).verdict, 'running');
        assert.equal(stands(date, (lateFrom ?? dueAt) + SECOND).verdict, 'missed');
      }),
    );
  });
});

const DAY = 24 * HOUR;
const atHalfPastFour = (date: string): number =>
  (startOfDate(date, 'Europe/Amsterdam') ?? 0) + 16.5 * HOUR;

const textOf = (at: number | null): string | null => (at === null ? null : formatInstant(at));

describe('a ticket as facts', () => {
  const start = parseInstant('2026-11-23T08:00:00Z');
  const record = (...events: TicketEntry[]): TicketRecord => ({
    id: 't1',
    reportedAt: start + 400,
    recordedAt: start + 90_500,
    detectedAt: null,
    events: [entry('reported', start + 400, { type: 'incident', severity: 'b' }), ...events],
  });
  const facts = (one: TicketRecord, knownAt = start + 24 * HOUR) =>
    ticketFacts(one, ['a', 'b', 'c'], { knownAt });

  it('cuts what starts a clock and carries on what stops it', () => {
    const one = facts(record(entry('responded', start + 60_001)));
    assert.deepEqual(
      one?.events.map(({ at, event }) => `${event} ${at.slice(14, 19)}`),
      ['received 00:00', 'registered 01:30', 'responded 01:01'],
    );
  });

  it('takes a pause within whole seconds, and none that is shorter', () => {
    const wait = (from: number, to: number) =>
      facts(
        record(
          entry('paused', start + from, { type: 'customer-act' }),
          entry('resumed', start + to),
        ),
      )?.pauses?.map(({ from: a, to: b }) => [a.slice(14, 19), b?.slice(14, 19)]);
    assert.deepEqual(wait(10_100, 70_900), [['00:11', '01:10']]);
    assert.equal(wait(10_100, 11_000), undefined);
  });

  it('knows nothing of what was said later, nor of a level of another scale', () => {
    const later = entry('responded', start + HOUR, { recordedAt: start + 2 * HOUR });
    assert.equal(facts(record(later), start + HOUR)?.events.length, 2);
    assert.equal(facts(record(later), start), null);
    const placed = entry('recategorised', start + HOUR, { type: 'incident', severity: 'top' });
    assert.equal(facts(record(placed)), null);
  });

  it('leaves out a recovery that was taken back', () => {
    const one = record(entry('recovered', start + HOUR), entry('reopened', start + 2 * HOUR));
    assert.equal(
      facts(one)?.events.some(({ event }) => event === 'resolved'),
      false,
    );
  });

  it('ends a wait by solving it, and begins none without a reason', () => {
    const found = waits([
      entry('paused', 1, { type: 'customer-act' }),
      entry('recovered', 5),
      entry('paused', 6, { type: 'no reason of ours' }),
    ]);
    assert.deepEqual(found, [{ from: 1, to: 5, reason: 'customer-act' }]);
  });
});

describe('a duty', () => {
  const calendar = rulesUnder(book.get('flexkids')).calendar('always');
  const owed = (over: Partial<Owed> = {}): Owed => ({
    key: 'k',
    agreement: 'a',
    clause: '1',
    what: { nl: 'x', en: 'x' },
    subject: { kind: 'ticket', id: 't', title: { nl: 'x', en: 'x' }, componentIds: [] },
    since: 0,
    due: 24 * HOUR,
    atOnce: false,
    calendar,
    proof: null,
    ...over,
  });
  const state = (now: number, over: Partial<Owed> = {}): string =>
    dutyAt(owed(over), undefined, now).state;

  it('comes due soon in the last quarter of its term, and is late a moment after it', () => {
    assert.deepEqual(
      [18 * HOUR - 1, 18 * HOUR, 24 * HOUR, 24 * HOUR + 1].map((now) => state(now)),
      ['open', 'due-soon', 'due-soon', 'late'],
    );
    assert.equal(soonFrom(0, 20 * 60_000), 5 * 60_000, 'at least a quarter of an hour before');
    assert.equal(soonFrom(0, 30 * 24 * HOUR), 29 * 24 * HOUR, 'at most a day before');
  });

  it('is never late by a number where the agreement says at once, or names no term', () => {
    assert.equal(state(99 * HOUR, { due: 0, atOnce: true }), 'due-soon');
    assert.equal(state(99 * HOUR, { due: null }), 'open');
  });

  it('is done by what came first, of what was sent and what somebody says', () => {
    const both = dutyAt(
      owed({ proof: { at: 25 * HOUR, evidence: 'mail' } }),
      { at: 23 * HOUR, evidence: 'call' },
      26 * HOUR,
    );
    assert.deepEqual([both.state, both.evidence, both.inTime], ['done', 'call', true]);
    const late = dutyAt(owed({ proof: { at: 25 * HOUR, evidence: 'mail' } }), undefined, 26 * HOUR);
    assert.deepEqual([late.state, late.inTime], ['done', false]);
  });

  it('stands in the order in which it is due', () => {
    const duty = (key: string, over: Partial<Owed>, done = false): Duty =>
      dutyAt(owed({ key, ...over }), done ? { at: 0, evidence: 'x' } : undefined, 0);
    const all = [
      duty('no term', { due: null }),
      duty('done', { due: 1 }, true),
      duty('later', { due: 20 }),
      duty('sooner', { due: 10 }),
    ];
    assert.deepEqual(
      all.sort(byUrgency).map(({ key }) => key),
      ['sooner', 'later', 'no term', 'done'],
    );
  });
});
