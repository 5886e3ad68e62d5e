import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from '../time/zoned.ts';
import { contractYearAt, spanOf } from './period.ts';

const ZONE = 'Europe/Amsterdam';
const at = (text: string) => parseInstant(text);
const yearAt = (start: string, text: string) => contractYearAt(start, at(text), ZONE)?.nth ?? null;

test('a contract year begins at midnight of its first day, in the zone of the contract', () => {
  assert.equal(yearAt('2024-03-01', '2026-02-28T22:59:59Z'), 2);
  assert.equal(yearAt('2024-03-01', '2026-02-28T23:00:00Z'), 3);
});

test('a contract that begins on the 29th of February has years of its own after common years', () => {
  assert.equal(yearAt('2024-02-29', '2025-02-27T22:59:59Z'), 1);
  assert.equal(yearAt('2024-02-29', '2025-02-27T23:00:00Z'), 2);
  assert.equal(yearAt('2024-02-29', '2028-02-28T22:59:59Z'), 4);
  assert.equal(yearAt('2024-02-29', '2028-02-28T23:00:00Z'), 5);
});

test('there is no contract year before the contract began', () => {
  assert.equal(yearAt('2024-03-01', '2024-02-29T22:59:59Z'), null);
  assert.equal(yearAt('2024-03-01', '2020-05-01T00:00:00Z'), null);
});

test('every moment of a contract lies in the contract year that is given for it', () => {
  const date = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10));
  fc.assert(
    fc.property(date, fc.nat(40 * 365 * 86_400), (start, seconds) => {
      const moment = at(`${start}T00:00:00Z`) + seconds * 1000;
      const year = contractYearAt(start, moment, ZONE);
      assert.ok(year);
      const { from, to } = spanOf(year, ZONE);
      assert.ok(from <= moment && moment < to);
    }),
  );
});
