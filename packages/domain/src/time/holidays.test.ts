import assert from 'node:assert/strict';
import { test } from 'node:test';
import Holidays from 'date-holidays';
import { closedDays, nameOfHoliday, type ClosedDaySet } from './holidays.ts';

const dates = (set: ClosedDaySet, year: number): string[] =>
  closedDays(set, year).map((day) => new Date(day).toISOString().slice(0, 10));

/** The rules of the library's Dutch list that make each set; the library knows more days. */
const ATW = ['01-01', 'easter 1', '04-27', '05-05', 'easter 39', 'easter 50', '12-25', '12-26'];
const OFFICIAL = [...ATW, 'easter -2', 'easter', 'easter 49'];

test('the sets of 2026 are those that the contracts were studied with', () => {
  assert.deepEqual(dates('atw', 2026), [
    '2026-01-01',
    '2026-04-06',
    '2026-04-27',
    '2026-05-05',
    '2026-05-14',
    '2026-05-25',
    '2026-12-25',
    '2026-12-26',
  ]);
  const more = dates('official', 2026).filter((date) => !dates('atw', 2026).includes(date));
  assert.deepEqual(more, ['2026-04-03', '2026-04-05', '2026-05-24']);
  assert.deepEqual(dates('none', 2026), []);
});

test("King's Day is kept on the 26th when the 27th is a Sunday", () => {
  assert.ok(dates('atw', 2031).includes('2031-04-26'));
  assert.ok(!dates('atw', 2031).includes('2031-04-27'));
  assert.ok(dates('atw', 2030).includes('2030-04-27'));
});

test('the sets of 2024 to 2032 are those of a library of holidays', () => {
  const library = new Holidays('NL');
  for (let year = 2024; year <= 2032; year += 1)
    for (const [set, rules] of [
      ['atw', ATW],
      ['official', OFFICIAL],
    ] as const) {
      const expected = library
        .getHolidays(year, 'en')
        .filter(({ rule }) => rules.includes(rule.replace(/ if .*$/, '')))
        .map(({ date }) => date.slice(0, 10));
      assert.deepEqual(dates(set, year), [...new Set(expected)].sort(), `${set} ${year}`);
    }
});

test('every day of a set has the name that people give it, and no other day has one', () => {
  for (const year of [2026, 2027, 2031])
    for (const day of closedDays('official', year)) assert.ok(nameOfHoliday(day), String(day));
  assert.equal(nameOfHoliday(Date.parse('2031-04-26T00:00:00Z'))?.nl, 'Koningsdag');
  assert.equal(nameOfHoliday(Date.parse('2031-04-27T00:00:00Z')), null);
  assert.equal(nameOfHoliday(Date.parse('2027-05-06T00:00:00Z'))?.en, 'Ascension Day');
});
