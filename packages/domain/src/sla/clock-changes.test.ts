import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant } from '../time/zoned.ts';
import { readAgreement, type Agreement } from './agreement.ts';
import type { Facts } from './facts.ts';
import { judgeNotice } from './notice.ts';
import { statement } from './statement.ts';

/*
 * Every clock change of 2024 to 2032 in three zones, for every unit of notice and of a target. What is
 * expected is worked out from Intl alone.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['Europe/Amsterdam', 'Europe/London', 'America/New_York'];
const standard = loadAgreementBook().get('standard');

const formatters = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);
const wall = (at: number, zone: string): string => formatters.get(zone)?.format(at) ?? '';
const asUtc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);
const offset = (at: number, zone: string): number => asUtc(wall(at, zone)) - at;

/** The first moment that shows a wall clock time; in a hole, read with the offset before it. */
function moment(text: string, zone: string): number {
  const before = offset(asUtc(text) - DAY, zone);
  const after = offset(asUtc(text) + DAY, zone);
  const [early, late] = [asUtc(text) - before, asUtc(text) - after];
  return wall(early, zone) === text || wall(late, zone) !== text ? early : late;
}

function changesOf(zone: string): number[] {
  const changes: number[] = [];
  for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2033, 0, 1); at += HOUR)
    if (offset(at, zone) !== offset(at - HOUR, zone)) changes.push(at);
  return changes;
}

/** Moments around each change, at odd hours of the day. */
function* momentsAround(zone: string): Generator<number> {
  for (const change of changesOf(zone))
    for (let hours = -60; hours <= 60; hours += 7) yield change + hours * HOUR;
}

function shifted(at: number, zone: string, days: number, months: number): number {
  const [date = '', time = ''] = wall(at, zone).split(' ');
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const then = Date.UTC(year, month - 1 + months, Math.min(day, last) + days);
  return moment(`${new Date(then).toISOString().slice(0, 10)} ${time}`, zone);
}

function workingDaysBefore(at: number, zone: string, days: number): number {
  let left = days;
  for (let back = 1; ; back += 1) {
    const start = shifted(at, zone, -back, 0);
    const weekday = new Date(asUtc(wall(start, zone))).getUTCDay();
    if (weekday >= 1 && weekday <= 5) left -= 1;
    if (left === 0) return start;
  }
}

function variant(zone: string, more: object): Agreement {
  const office = { hours: { 'mon-fri': ['09:00-17:00'] }, clause: '1' };
  const read = readAgreement({ ...standard.source, zone, calendars: { office }, ...more });
  assert.ok(read.ok, JSON.stringify(read));
  return read.agreement;
}

const TERMS: [term: object, last: (start: number, zone: string) => number][] = [
  [{ hours: 36 }, (start) => start - 36 * HOUR],
  [{ localDays: 5 }, (start, zone) => shifted(start, zone, -5, 0)],
  [{ localMonths: 1 }, (start, zone) => shifted(start, zone, 0, -1)],
  [{ workingDays: 3, calendar: 'office' }, (start, zone) => workingDaysBefore(start, zone, 3)],
];

for (const zone of ZONES)
  test(`notice in every unit through the clock changes of ${zone}`, () => {
    for (const [term, last] of TERMS) {
      const words = { nl: 'vooraf', en: 'before' };
      const { maintenance } = standard.document;
      const agreement = variant(zone, {
        maintenance: { ...maintenance, notice: { term, words, clause: '1' } },
      });
      for (const start of momentsAround(zone)) {
        const verdictAt = (at: number): string =>
          judgeNotice(agreement, {
            maintenance: {
              kind: 'planned',
              announcements: [{ at, from: start, to: start + HOUR }],
            },
            now: at,
          }).verdict;
        assert.deepEqual(
          [verdictAt(last(start, zone)), verdictAt(last(start, zone) + 1000)],
          ['qualifies', 'late-notice'],
          `${JSON.stringify(term)} before ${formatInstant(start)}`,
        );
      }
    }
  });

const TARGETS: [target: object, due: (start: number, zone: string) => number][] = [
  [{ hours: 30, calendar: 'always' }, (start) => start + 30 * HOUR],
  [{ localDays: 21 }, (start, zone) => shifted(start, zone, 21, 0)],
  [{ localMonths: 2 }, (start, zone) => shifted(start, zone, 0, 2)],
  [{ hours: 20 }, (start, zone) => officeHoursAfter(start, zone, 20)],
  [{ workingDays: 5 }, (start, zone) => officeHoursAfter(start, zone, 40)],
];

/** Office hours counted quarter by quarter; no change of clocks falls into them. */
function officeHoursAfter(start: number, zone: string, hours: number): number {
  const quarter = HOUR / 4;
  let left = hours * 4;
  for (let at = start; ; at += quarter) {
    const shown = new Date(asUtc(wall(at, zone)));
    const isWeekday = shown.getUTCDay() >= 1 && shown.getUTCDay() <= 5;
    if (isWeekday && shown.getUTCHours() >= 9 && shown.getUTCHours() < 17) left -= 1;
    if (left === 0) return at + quarter;
  }
}

for (const zone of ZONES)
  test(`targets in every unit through the clock changes of ${zone}`, () => {
    for (const [target, due] of TARGETS) {
      const rule = {
        start: { earliest: ['received'] },
        stop: { earliest: ['responded'] },
        target,
        clause: '1',
      };
      const tickets = { calendar: 'office', response: { all: rule }, recovery: {} };
      const agreement = variant(zone, { tickets });
      for (const start of momentsAround(zone)) {
        const expected = due(start, zone);
        const verdictAt = (stop: number) => {
          const facts: Facts = {
            agreement: 'standard',
            component: 'shop',
            period: { kind: 'range', from: '2024-01-01T00:00:00Z', to: '2033-01-01T00:00:00Z' },
            tickets: [
              {
                id: 'T',
                kind: 'question',
                events: [
                  { at: formatInstant(start), event: 'received' },
                  { at: formatInstant(stop), event: 'responded' },
                ],
              },
            ],
          };
          const [clock] = statement(facts, agreement).clocks;
          return [clock?.dueAt, clock?.verdict];
        };
        const shown = formatInstant(expected);
        const late = 'calendar' in target || !('hours' in target || 'workingDays' in target);
        assert.deepEqual(verdictAt(expected), [shown, 'met'], JSON.stringify(target));
        if (late) assert.deepEqual(verdictAt(expected + 1000), [shown, 'missed']);
      }
    }
  });
