import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAgreement, type Agreement } from './agreement.ts';
import type { Facts } from './facts.ts';
import { judgeNotice } from './notice.ts';
import { statement } from './statement.ts';
import type { Statement } from './statement-types.ts';

/*
 * Every change of the clock in three zones, 2024 to 2032, against every unit of notice and every kind
 * of clock. What is right is worked out here minute by minute from Intl's local times alone.
 */

const ZONES = ['Europe/Amsterdam', 'Europe/London', 'America/New_York'] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  ]),
);

type Zone = (typeof ZONES)[number];

const offsets = new Map<string, number>();

/** The wall clock at an instant, as the milliseconds that it would be in UTC. These zones change on the hour. */
function wall(instant: number, zone: Zone): number {
  const hour = Math.floor(instant / HOUR) * HOUR;
  const key = `${zone} ${hour}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = askIntl(hour, zone) - hour;
    offsets.set(key, offset);
  }
  return instant + offset;
}

function askIntl(instant: number, zone: Zone): number {
  const parts = formats.get(zone)?.formatToParts(instant) ?? [];
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
}

/** Hours of the year at whose start the offset differs from an hour before. */
function transitions(zone: Zone): number[] {
  const found: number[] = [];
  let last = wall(Date.UTC(2024, 0, 1), zone) - Date.UTC(2024, 0, 1);
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2033, 0, 1); at += DAY) {
    const offset = wall(at, zone) - at;
    if (offset !== last)
      for (let hour = at - DAY; hour <= at; hour += HOUR)
        if (wall(hour, zone) - hour === offset) {
          found.push(hour);
          break;
        }
    last = offset;
  }
  return found;
}

/** The instants that show a wall clock time: two in autumn's hour, none in spring's, else one. */
function instantsOf(local: number, zone: Zone): number[] {
  const near = new Set([
    local - wall(local, zone) + local,
    ...[-14, -6, -5, -4, -2, -1, 0, 1].map((h) => local + -h * HOUR),
  ]);
  for (let h = -14; h <= 14; h += 1) near.add(local + h * HOUR);
  return [...near].filter((instant) => wall(instant, zone) === local).sort((a, b) => a - b);
}

/** By the stated policy: the first of two; in a hole, moved on by its length. */
function instantBy(local: number, zone: Zone): number {
  const [first] = instantsOf(local, zone);
  if (first !== undefined) return first;
  const [before] = instantsOf(local - 3 * HOUR, zone);
  return (before ?? Number.NaN) + 3 * HOUR;
}

const iso = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');

type Amount = Record<string, number>;

function agreementIn(
  zone: string,
  options: { notice?: Amount; target?: Amount; workingDays?: string },
): Agreement {
  const text = { nl: 'x', en: 'x' };
  const clause = '1';
  const clock = {
    all: {
      start: { earliest: ['received'] },
      stop: { earliest: ['resolved'] },
      ...(options.target ? { target: options.target } : {}),
      clause,
    },
  };
  const read = readAgreement({
    id: 'dst',
    name: 'DST',
    source: 'test',
    version: { label: '1' },
    components: 'any',
    zone,
    severity: [{ id: 'down', countsAsDown: true, means: text, clause }],
    causes: { excluded: {} },
    // Open through the night of the change, with a break, and shorter at the weekend than in the week.
    calendars: {
      nights: {
        hours: {
          'mon-fri': ['00:00-12:00', '13:30-24:00'],
          'sat-sun': ['00:30-05:30', '20:00-24:00'],
        },
        clause,
      },
    },
    availability: { clause, defaultPeriod: 'rolling-12-months', parts: { all: { clause } } },
    maintenance: {
      kinds: {
        planned: { judged: 'by-notice', clause },
        emergency: { judged: 'counts', clause },
        'customer-requested': { judged: 'free', verdict: 'not-required', clause },
      },
      notice: { ...(options.notice ? { term: options.notice } : {}), words: text, clause },
    },
    tickets: {
      calendar: 'nights',
      workingDays: options.workingDays ?? 'day-fraction',
      response: clock,
      recovery: clock,
    },
  });
  assert.ok(read.ok, JSON.stringify(read));
  return read.agreement;
}

function recovery(agreement: Agreement, received: number): Statement['clocks'][number] {
  const facts: Facts = {
    agreement: 'dst',
    component: 'x',
    period: { kind: 'range', from: iso(received - DAY), to: iso(received + 120 * DAY) },
    tickets: [
      {
        id: 'T',
        kind: 'incident',
        severity: 'down',
        events: [{ at: iso(received), event: 'received' }],
      },
    ],
  };
  const clock = statement(facts, agreement).clocks.find((one) => one.clock === 'recovery');
  assert.ok(clock);
  return clock;
}

/** Whether the calendar `nights` is open at a wall clock minute. */
function isOpen(local: number): boolean {
  const date = new Date(local);
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  const weekend = [0, 6].includes(date.getUTCDay());
  if (weekend) return (minute >= 30 && minute < 330) || minute >= 1200;
  return minute < 720 || minute >= 810;
}

/** The instant after so many open minutes, walked minute by minute. */
function afterOpenMinutes(from: number, minutes: number, zone: Zone): number {
  let left = minutes;
  let at = from;
  while (left > 0) {
    if (isOpen(wall(at, zone))) left -= 1;
    at += MINUTE;
  }
  return at;
}

/** The open minutes of each local day, in order, from the day of `from`: [day, instants of the minutes]. */
function openMinutesByDay(from: number, days: number, zone: Zone): number[][] {
  const byDay = new Map<number, number[]>();
  const start = Math.floor(wall(from, zone) / DAY) * DAY;
  for (let at = from - 26 * HOUR; at < from + (days + 2) * DAY; at += MINUTE) {
    const local = wall(at, zone);
    const day = Math.floor(local / DAY) * DAY;
    if (day < start || !isOpen(local)) continue;
    const minutes = byDay.get(day) ?? [];
    minutes.push(at);
    byDay.set(day, minutes);
  }
  return [...byDay.values()];
}

for (const zone of ZONES)
  describe(`clock changes of ${zone}`, () => {
    const changes = transitions(zone);
    const moments = changes.flatMap((change) => [
      change - 30 * HOUR,
      change - 90 * MINUTE,
      change - 30 * MINUTE,
      change + 30 * MINUTE,
      change + 90 * MINUTE,
      change + 10 * HOUR,
    ]);

    test('there are two a year', () => {
      assert.equal(changes.length, 18);
    });

    for (const hours of [12, 48])
      test(`${hours} hours of notice are elapsed hours`, () => {
        const agreement = agreementIn(zone, { notice: { hours } });
        for (const from of moments) limitIs(agreement, from, from - hours * HOUR);
      });

    test('five days of notice are the same wall clock time five days before', () => {
      const agreement = agreementIn(zone, { notice: { localDays: 5 } });
      for (const change of changes)
        for (const hour of [-26, -3, -0.5, 0.5, 3, 26, 5 * 24 - 1, 5 * 24, 5 * 24 + 1])
          limitIs(
            agreement,
            change + hour * HOUR,
            instantBy(wall(change + hour * HOUR, zone) - 5 * DAY, zone),
          );
    });

    test('two weeks of notice are the same wall clock time fourteen days before', () => {
      const agreement = agreementIn(zone, { notice: { localWeeks: 2 } });
      for (const change of changes)
        for (const hour of [-3, -0.5, 0.5, 3, 14 * 24 - 1, 14 * 24, 14 * 24 + 1])
          limitIs(
            agreement,
            change + hour * HOUR,
            instantBy(wall(change + hour * HOUR, zone) - 14 * DAY, zone),
          );
    });

    test('a month of notice is the same wall clock time, clamped to the last day', () => {
      const agreement = agreementIn(zone, { notice: { localMonths: 1 } });
      for (const from of moments) {
        const local = new Date(wall(from, zone));
        const day = local.getUTCDate();
        local.setUTCDate(1);
        local.setUTCMonth(local.getUTCMonth() - 1);
        const last = new Date(
          Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0),
        ).getUTCDate();
        local.setUTCDate(Math.min(day, last));
        limitIs(agreement, from, instantBy(local.getTime(), zone));
      }
    });

    test('hours in a calendar are its open minutes, on both sides of the change', () => {
      const agreement = agreementIn(zone, { target: { hours: 9 } });
      for (const from of moments)
        assert.equal(
          recovery(agreement, from).dueAt,
          iso(afterOpenMinutes(from, 540, zone)),
          iso(from),
        );
    });

    test('elapsed hours are hours, whatever the wall says', () => {
      const agreement = agreementIn(zone, {
        target: { hours: 30, calendar: 'always' } as unknown as Amount,
      });
      for (const from of moments)
        assert.equal(recovery(agreement, from).dueAt, iso(from + 30 * HOUR));
    });

    test('a working day is the share of the open minutes that the day really has', () => {
      const agreement = agreementIn(zone, { target: { workingDays: 2 } });
      for (const from of moments)
        assert.equal(
          recovery(agreement, from).dueAt,
          iso(dayFractionDue(from, 2, zone)),
          iso(from),
        );
    });

    test('the same clock time, and the end of the day, of the second open day', () => {
      const same = agreementIn(zone, {
        target: { workingDays: 2 },
        workingDays: 'same-clock-time',
      });
      const end = agreementIn(zone, { target: { workingDays: 2 }, workingDays: 'end-of-day' });
      for (const from of moments) {
        const local = wall(from, zone);
        assert.equal(recovery(same, from).dueAt, iso(instantBy(local + 2 * DAY, zone)));
        const second = openMinutesByDay(from, 4, zone)[2];
        assert.equal(recovery(end, from).dueAt, iso((second?.at(-1) ?? Number.NaN) + MINUTE));
      }
    });

    test('local days and weeks of a target are the same wall clock time', () => {
      for (const target of [{ localDays: 21 }, { localWeeks: 3 }]) {
        const agreement = agreementIn(zone, { target });
        for (const from of moments)
          assert.equal(
            recovery(agreement, from).dueAt,
            iso(instantBy(wall(from, zone) + 21 * DAY, zone)),
          );
      }
    });
  });

test('the control: a naive reading of five days as 120 hours differs on both changes', () => {
  const agreement = agreementIn('Europe/Amsterdam', { notice: { localDays: 5 } });
  const differing = transitions('Europe/Amsterdam').filter((change) => {
    const from = change + 24 * HOUR;
    return (
      verdictAt(agreement, from, from - 120 * HOUR).lastValidAnnouncement !== from - 120 * HOUR
    );
  });
  assert.equal(differing.length, 18);
});

function verdictAt(agreement: Agreement, from: number, at: number) {
  return judgeNotice(agreement, {
    maintenance: { kind: 'planned', announcements: [{ at, from, to: from + HOUR }] },
    now: at,
  });
}

/** In time at the limit, late one second after it, and the limit is what is printed. */
function limitIs(agreement: Agreement, from: number, limit: number): void {
  const atLimit = verdictAt(agreement, from, limit);
  assert.equal(atLimit.verdict, 'qualifies', `${iso(from)} announced at ${iso(limit)}`);
  assert.equal(atLimit.lastValidAnnouncement, limit, iso(from));
  const after = verdictAt(agreement, from, limit + SECOND);
  assert.equal(after.inTime, false, `${iso(from)} announced one second after ${iso(limit)}`);
}

/** Day-fractions in whole minutes: the first second at which `days` of them have passed. */
function dayFractionDue(from: number, days: number, zone: Zone): number {
  // Fractions over a common denominator of 1/(product of day lengths) would be exact; doubles with a
  // tolerance far below one second of the longest day are enough to name a whole second.
  let passed = 0;
  for (const minutes of openMinutesByDay(from, days + 3, zone)) {
    for (const at of minutes) {
      if (at < from) continue;
      const share = 1 / minutes.length;
      if (passed + share >= days - 1e-9) {
        const seconds = Math.ceil(((days - passed) * minutes.length - 1e-9) * 60 - 1e-6);
        return at + Math.min(60, Math.max(0, seconds)) * SECOND;
      }
      passed += share;
    }
  }
  return Number.NaN;
}
