import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  afterOpen,
  allOf,
  always,
  anyOf,
  openBetween,
  openMs,
  outside,
  touches,
  weekly,
  type Calendar,
} from './calendar.ts';
import { lengthOf } from './interval.ts';
import { formatInstant, parseLocal } from './zoned.ts';

const AMSTERDAM = 'Europe/Amsterdam';
const HOUR = 3_600_000;
const hours = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });
const workdays = (...spans: { from: number; to: number }[]) =>
  Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, spans]));
const practice = weekly(AMSTERDAM, workdays(hours(8, 12), hours(14, 17.5)), { set: 'official' });
const at = (text: string): number => parseLocal(text, AMSTERDAM);
const openHours = (calendar: Calendar, from: string, to: string): number =>
  openMs(calendar, at(from), at(to)) / HOUR;

suite('opening hours', () => {
  test('a break is closed', () => {
    assert.equal(openHours(practice, '2026-06-01 08:00', '2026-06-01 17:30'), 7.5);
    assert.equal(openHours(practice, '2026-06-01 11:00', '2026-06-01 14:30'), 1.5);
    assert.equal(openHours(practice, '2026-06-01 12:00', '2026-06-01 14:00'), 0);
  });

  test('a week has 37.5 hours, one with Good Friday 30', () => {
    assert.equal(openHours(practice, '2026-06-01 00:00', '2026-06-08 00:00'), 37.5);
    assert.equal(openHours(practice, '2026-03-30 00:00', '2026-04-06 00:00'), 30);
  });

  test('a year is counted over its borders', () => {
    assert.equal(openHours(practice, '2025-12-31 16:30', '2026-01-02 09:00'), 2);
    assert.equal(openHours(practice, '2026-06-02 00:00', '2026-06-01 00:00'), 0);
  });

  test('a list of closed days replaces the set in its year alone', () => {
    const listed = weekly(AMSTERDAM, workdays(hours(8, 18)), {
      set: 'atw',
      lists: { '2026': ['2026-06-02'] },
    });
    assert.equal(openHours(listed, '2026-06-02 00:00', '2026-06-03 00:00'), 0);
    assert.equal(openHours(listed, '2026-04-06 00:00', '2026-04-07 00:00'), 10);
    assert.equal(openHours(listed, '2027-03-29 00:00', '2027-03-30 00:00'), 0);
  });

  test('a day around the clock has 23 or 25 hours when the clocks change', () => {
    const sundays = weekly(AMSTERDAM, { 7: [hours(0, 24)] }, { set: 'none' });
    assert.equal(openHours(sundays, '2026-03-29 00:00', '2026-03-30 00:00'), 23);
    assert.equal(openHours(sundays, '2026-10-25 00:00', '2026-10-26 00:00'), 25);
  });

  test('opening hours in a fixed offset shift against summer time', () => {
    const fixed = weekly('+01:00', workdays(hours(8, 17)), { set: 'none' });
    assert.equal(openHours(fixed, '2026-07-01 08:00', '2026-07-01 09:00'), 0);
    assert.equal(openHours(fixed, '2026-07-01 17:00', '2026-07-01 18:00'), 1);
  });
});

suite('calendars made of calendars', () => {
  test('outside is what is left of all time', () => {
    const rest = outside(practice);
    const [from, to] = [at('2026-03-01 00:00'), at('2026-11-01 00:00')];
    assert.equal(openMs(practice, from, to) + openMs(rest, from, to), to - from);
    assert.ok(!touches(rest, { from: at('2026-06-01 09:00'), to: at('2026-06-01 10:00') }));
  });

  test('any and all join what their parts have', () => {
    const nights = weekly(AMSTERDAM, workdays(hours(0, 7), hours(21, 24)), { set: 'atw' });
    const weekend = weekly(AMSTERDAM, { 6: [hours(0, 24)], 7: [hours(0, 24)] }, { set: 'none' });
    const any = anyOf(AMSTERDAM, [nights, weekend]);
    assert.equal(openHours(any, '2026-06-05 21:00', '2026-06-08 07:00'), 58);
    const all = allOf(AMSTERDAM, [always(AMSTERDAM), weekend]);
    assert.equal(openHours(all, '2026-06-01 00:00', '2026-06-08 00:00'), 48);
  });
});

suite('time counted forward', () => {
  test('what ends with the opening hours is reached at their end', () => {
    const due = afterOpen(practice, at('2026-06-01 16:30'), HOUR);
    assert.equal(due && formatInstant(due), '2026-06-01T15:30:00Z');
  });

  test('from a closed moment counting starts at the next opening', () => {
    const due = afterOpen(practice, at('2026-03-27 17:00'), 48 * HOUR);
    assert.equal(due && formatInstant(due), '2026-04-09T08:30:00Z');
  });

  test('a calendar that never opens is never through', () => {
    assert.equal(afterOpen(outside(always(AMSTERDAM)), at('2026-01-01 00:00'), 1000), null);
  });

  test('counting on and counting between are each other’s reverse', () => {
    const start = fc.integer({
      min: at('2024-01-01 00:00') / 1000,
      max: at('2032-01-01 00:00') / 1000,
    });
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 3_000_000 }), (second, seconds) => {
        const from = second * 1000;
        const due = afterOpen(practice, from, seconds * 1000);
        assert.ok(due !== null);
        assert.equal(openMs(practice, from, due), seconds * 1000);
        assert.ok(openMs(practice, from, due - 1000) < seconds * 1000);
        assert.equal(lengthOf(openBetween(practice, from, due)), seconds * 1000);
      }),
    );
  });
});
