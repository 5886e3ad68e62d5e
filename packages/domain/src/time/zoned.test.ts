import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../errors.ts';
import {
  addLocalDays,
  addLocalMonths,
  formatInstant,
  instantOf,
  isZone,
  localDate,
  parseInstant,
  parseLocal,
  startOfDate,
  startOfLocalDay,
  tryParseInstant,
  wallOf,
} from './zoned.ts';

const AMSTERDAM = 'Europe/Amsterdam';
const ZONES = [
  AMSTERDAM,
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
];
const HOUR = 3_600_000;
const at = (text: string): string => formatInstant(parseLocal(text, AMSTERDAM));

suite('local times', () => {
  test('a time that occurs twice means its first occurrence', () => {
    assert.equal(at('2026-10-25 02:30'), '2026-10-25T00:30:00Z');
    assert.equal(at('2026-10-25 03:00'), '2026-10-25T02:00:00Z');
  });

  test('a time that does not occur moves on by the length of the hole', () => {
    assert.equal(at('2026-03-29 02:30'), '2026-03-29T01:30:00Z');
    assert.equal(at('2026-03-29 01:59:59'), '2026-03-29T00:59:59Z');
    assert.equal(at('2026-03-29 03:00'), '2026-03-29T01:00:00Z');
  });

  test('an offset leads over the zone', () => {
    assert.equal(at('2026-07-01T12:00:00-05:00'), '2026-07-01T17:00:00Z');
  });

  test('a text that is no moment is refused with an example', () => {
    for (const text of ['2026-02-30 10:00', '2026-01-01 24:00', '10:00', '2026-1-1 10:00'])
      assert.throws(() => parseLocal(text, AMSTERDAM), DomainError);
  });

  test('fixed offsets know no summer', () => {
    assert.equal(formatInstant(parseLocal('2026-07-01 09:00', '+01:00')), '2026-07-01T08:00:00Z');
    assert.ok(isZone('-05:30') && isZone('UTC') && !isZone('+1') && !isZone('Mars/Olympus'));
  });

  test('every wall clock time of every zone change of 2024 to 2032 is read by the policy', () => {
    const year = (n: number): number => Date.UTC(n, 0, 1);
    const times = fc.record({
      zone: fc.constantFrom(...ZONES),
      minute: fc.integer({ min: year(2024) / 60_000, max: year(2033) / 60_000 }),
    });
    fc.assert(
      fc.property(times, ({ zone, minute }) => {
        const wall = minute * 60_000;
        const instant = instantOf(wall, zone);
        const shown = wallOf(instant, zone);
        if (shown === wall) {
          // No earlier instant shows the same.
          for (const earlier of [HOUR, HOUR / 2])
            assert.notEqual(wallOf(instant - earlier, zone), wall);
          return;
        }
        assert.ok(shown > wall && shown - wall <= HOUR);
      }),
      { numRuns: 3000 },
    );
  });
});

suite('local days and months', () => {
  test('a day may have 23 or 25 hours', () => {
    const length = (date: string): number =>
      ((startOfDate(date, AMSTERDAM) ?? 0) -
        addLocalDays(startOfDate(date, AMSTERDAM) ?? 0, -1, AMSTERDAM)) /
      HOUR;
    assert.deepEqual(
      [length('2026-03-30'), length('2026-10-26'), length('2026-06-02')],
      [23, 25, 24],
    );
  });

  test('a month clamps the day to its last', () => {
    const add = (text: string, months: number): string =>
      formatInstant(addLocalMonths(parseLocal(text, AMSTERDAM), months, AMSTERDAM));
    assert.equal(add('2025-12-31 10:00', 2), '2026-02-28T09:00:00Z');
    assert.equal(add('2028-02-29 12:00', -12), '2027-02-28T11:00:00Z');
    assert.equal(add('2026-03-31 00:00', -1), '2026-02-27T23:00:00Z');
    assert.equal(add('2026-01-15 08:00', -25), '2023-12-15T07:00:00Z');
  });

  test('the same clock time five days before a change keeps its hour', () => {
    const start = parseInstant('2026-10-27T21:00:00+01:00');
    assert.equal(formatInstant(addLocalDays(start, -5, AMSTERDAM)), '2026-10-22T19:00:00Z');
  });

  test('a day begins at its first moment, also where midnight does not occur', () => {
    const instant = parseInstant('2026-09-06T12:00:00Z');
    assert.equal(
      formatInstant(startOfLocalDay(instant, 'America/Santiago')),
      '2026-09-06T04:00:00Z',
    );
    assert.equal(localDate(parseInstant('2026-12-31T23:30:00Z'), AMSTERDAM), '2027-01-01');
  });
});

suite('instants as text', () => {
  test('only whole seconds with Z or an offset are instants', () => {
    const good = ['2026-10-24T19:00:00+02:00', '2026-10-24T17:00:00Z', '2026-10-24T11:30:00-05:30'];
    assert.deepEqual(new Set(good.map(parseInstant)).size, 1);
    for (const text of [
      '2026-10-24T17:00:00',
      '2026-10-24T17:00Z',
      '2026-10-24T17:00:00.000Z',
      '2026-10-24 17:00:00Z',
      '2026-10-24T17:00:00+0200',
      '2026-10-24T17:00:00+24:00',
      '2026-10-24T17:00:60Z',
      '2026-02-29T00:00:00Z',
      ' 2026-10-24T17:00:00Z',
    ])
      assert.equal(tryParseInstant(text), null, text);
  });

  test('what is printed is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2e9, max: 1e11 }), (seconds) => {
        assert.equal(parseInstant(formatInstant(seconds * 1000)), seconds * 1000);
      }),
    );
  });
});
