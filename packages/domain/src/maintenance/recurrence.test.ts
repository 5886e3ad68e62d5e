import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatInstant, instantOf, wallOf } from '../time/zoned.ts';
import { faultOfRule, nextOccurrences, occurrencesBetween } from './recurrence.ts';

const zone = 'Europe/Amsterdam';
const at = (text: string): number => Date.parse(text);
const series = (rrule: string, localStart: string) => ({ rrule, zone, localStart });
const texts = (instants: readonly number[]): string[] => instants.map(formatInstant);
const DAY = 86_400_000;

describe('maintenance that comes back', () => {
  it('stays at 02:00 on the wall across both changes of the clock', () => {
    const sundays = series('FREQ=WEEKLY;BYDAY=SU', '2026-03-01T04:00:00');
    assert.deepEqual(
      texts(occurrencesBetween(sundays, at('2026-03-20T00:00:00Z'), at('2026-04-06T00:00:00Z'))),
      ['2026-03-22T03:00:00Z', '2026-03-29T02:00:00Z', '2026-04-05T02:00:00Z'],
    );
    assert.deepEqual(
      texts(occurrencesBetween(sundays, at('2026-10-18T00:00:00Z'), at('2026-11-02T00:00:00Z'))),
      ['2026-10-18T02:00:00Z', '2026-10-25T03:00:00Z', '2026-11-01T03:00:00Z'],
    );
  });

  it('moves on over the hour that does not exist, and takes the first of the one that occurs twice', () => {
    const nightly = series('FREQ=DAILY', '2026-03-27T02:30:00');
    assert.deepEqual(texts(nextOccurrences(nightly, at('2026-03-28T00:00:00Z'), 3)), [
      '2026-03-28T01:30:00Z',
      // 02:30 became 03:30.
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00Z',
    ]);
    assert.deepEqual(texts(nextOccurrences(nightly, at('2026-10-24T00:00:00Z'), 3)), [
      '2026-10-24T00:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('knows the first Sunday of a month, every other week, a number and an end', () => {
    const first = series('FREQ=MONTHLY;BYDAY=1SU', '2026-01-04T06:00:00');
    assert.deepEqual(texts(nextOccurrences(first, at('2026-02-02T00:00:00Z'), 2)), [
      '2026-03-01T05:00:00Z',
      '2026-04-05T04:00:00Z',
    ]);
    const other = series('FREQ=WEEKLY;INTERVAL=2;COUNT=3', '2026-06-02T22:00:00');
    assert.deepEqual(texts(nextOccurrences(other, at('2026-01-01T00:00:00Z'), 9)), [
      '2026-06-02T20:00:00Z',
      '2026-06-16T20:00:00Z',
      '2026-06-30T20:00:00Z',
    ]);
    for (const until of ['20260616', '20260616T200000Z']) {
      const ended = series(`FREQ=WEEKLY;INTERVAL=2;UNTIL=${until}`, '2026-06-02T22:00:00');
      assert.equal(nextOccurrences(ended, at('2026-01-01T00:00:00Z'), 9).length, 2, until);
    }
    const early = series('FREQ=WEEKLY;UNTIL=20260616T195959Z', '2026-06-02T22:00:00');
    assert.equal(nextOccurrences(early, 0, 9).length, 0);
    assert.equal(nextOccurrences(early, at('2026-06-01T00:00:00Z'), 9).length, 2);
  });

  it('is nothing when its rule fits no day', () => {
    const never = series('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01T02:00:00');
    assert.deepEqual(nextOccurrences(never, at('2026-01-01T00:00:00Z'), 1), []);
  });

  it('has a rule of which every fault is named', () => {
    const faults: [string, RegExp | null][] = [
      ['FREQ=WEEKLY;BYDAY=SU', null],
      ['', /is no RRULE/],
      ['every sunday', /is no RRULE/],
      ['FREQ=HOURLY', /needs FREQ, one of DAILY/],
      ['BYDAY=SU', /needs FREQ/],
      ['FREQ=DAILY;BYHOUR=3', /says BYHOUR; with DAILY it may say/],
      ['FREQ=DAILY;BYMONTH=2', /says BYMONTH/],
      ['FREQ=DAILY;DTSTART=20260101T000000Z', /says DTSTART/],
      ['FREQ=DAILY;COUNT=2;UNTIL=20261231', /one of them is enough/],
      ['FREQ=MONTHLY;BYDAY=SU;BYMONTHDAY=1', /one of them is enough/],
      ['FREQ=DAILY;INTERVAL=0', /at INTERVAL; write it as 2/],
      ['FREQ=DAILY;UNTIL=20261331', /at UNTIL/],
      ['FREQ=WEEKLY;BYDAY=XX', /at BYDAY; write it as SU or 1SU/],
      ['FREQ=WEEKLY;BYDAY=1SU', /that is for FREQ=MONTHLY/],
      ['FREQ=MONTHLY;BYDAY=1SU;BYSETPOS=2', /BYSETPOS without weekdays/],
      ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', null],
      ['FREQ=YEARLY;BYMONTH=6;BYDAY=-1SU', null],
      ['FREQ=DAILY;FREQ=DAILY', /is no RRULE/],
    ];
    for (const [rule, fault] of faults)
      if (fault) assert.match(faultOfRule(rule) ?? '', fault, rule);
      else assert.equal(faultOfRule(rule), null, rule);
  });

  it('has the wall clock time of its start on every day that has such a time, in any zone', () => {
    const zones = [
      zone,
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/Santiago',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 3 * 365 }),
        fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=SU,SA', 'FREQ=MONTHLY;BYMONTHDAY=29'),
        (where, minute, day, rule) => {
          const start = Date.UTC(2025, 0, 1) + minute * 60_000;
          const localStart = new Date(start).toISOString().slice(0, 19);
          const from = start + day * DAY;
          const found = nextOccurrences({ rrule: rule, zone: where, localStart }, from, 5);
          for (const one of found) {
            const wall = wallOf(one, where);
            const asked = Math.floor(wall / DAY) * DAY + minute * 60_000;
            // On the wall it stands where it was asked for, but where that time does not exist.
            assert.ok(wall === asked || instantOf(asked, where) === one || wall - DAY < asked);
            assert.equal(wall === asked || wallOf(instantOf(asked, where), where) !== asked, true);
            assert.ok(one >= from);
          }
          assert.deepEqual(
            found,
            [...new Set(found)].sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
