import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { instantOf, localDate, wallOf, wallOfDate, weekdayOfWall } from '../time/zoned.ts';
import { personOnCall, turnAt, type Roster, type RosterOverride } from './roster.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe'] as const;
const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2033, 0, 1);

const wall = (date: string, hours = 0): number => (wallOfDate(date) ?? NaN) + hours * HOUR;

const roster = (over: Partial<Roster> = {}): Roster => ({
  zone: 'Europe/Amsterdam',
  people: ['anna', 'bob', 'carl'],
  begins: wall('2024-01-01', 9),
  days: 7,
  overrides: [],
  ...over,
});

const anyRoster = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    count: fc.integer({ min: 1, max: 5 }),
    days: fc.integer({ min: 1, max: 28 }),
    minutes: fc.integer({ min: 0, max: 1439 }),
    day: fc.integer({ min: 0, max: 3000 }),
    overrides: fc.array(
      fc.record({
        from: fc.integer({ min: FROM, max: TO }),
        length: fc.integer({ min: 1, max: 20 * DAY }),
        index: fc.nat({ max: 4 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ zone, count, days, minutes, day, overrides }): Roster => {
    const people = Array.from({ length: count }, (_, index) => `p${index}`);
    return {
      zone,
      people,
      days,
      begins: wall('2024-01-01') + day * DAY + minutes * 60_000,
      overrides: overrides.map(({ from, length, index }) => ({
        from,
        to: from + length,
        person: people[index % count] ?? '',
      })),
    };
  });
const anyInstant = fc.integer({ min: FROM, max: TO });

describe('who is on call', () => {
  it('is one of the people at every instant, the same for a whole turn, and handed over without a hole', () => {
    fc.assert(
      fc.property(anyRoster, anyInstant, (given, at) => {
        const turn = turnAt(given, at);
        assert.ok(given.people.includes(turn.person));
        assert.equal(personOnCall(given, at), turn.person);
        assert.ok(turn.from <= at && at < turn.until);
        // The turn is the same, from wherever in it one looks, and the next begins where it ends.
        for (const inside of [turn.from, turn.until - 1, Math.floor((turn.from + at) / 2)])
          assert.deepEqual(turnAt(given, inside), turn);
        assert.equal(turnAt(given, turn.until).from, turn.until);
        assert.equal(turnAt(given, turn.from - 1).until, turn.from);
      }),
      { numRuns: 2000 },
    );
  });

  for (const zone of ZONES)
    it(`changes at the local time of the handover in every week of 2024 to 2032 in ${zone}`, () => {
      const weekly = roster({ zone });
      let at = instantOf(weekly.begins, zone);
      let changes = 0;
      const lengths = new Set<number>();
      for (let index = 0; at < TO; index += 1) {
        const turn = turnAt(weekly, at);
        assert.equal(turn.from, at);
        assert.equal(turn.person, weekly.people[index % 3]);
        const local = wallOf(turn.from, zone);
        assert.equal(weekdayOfWall(local), 1, localDate(turn.from, zone));
        assert.equal(local % DAY, 9 * HOUR, localDate(turn.from, zone));
        lengths.add((turn.until - turn.from) / HOUR);
        at = turn.until;
        changes += 1;
      }
      // Nine years have 470 Mondays; two of the weeks of each are longer or shorter.
      assert.equal(changes, 470);
      const hour = zone === 'Australia/Lord_Howe' ? 0.5 : 1;
      assert.deepEqual([...lengths].sort(), [168, 168 - hour, 168 + hour].sort());
    });

  it('is handed over in the first of two local times that occur twice, and after one that does not occur', () => {
    const nightly = roster({ days: 1, begins: wall('2026-03-01', 2.5) });
    const spring = turnAt(nightly, Date.UTC(2026, 2, 29, 12));
    assert.equal(spring.from, Date.UTC(2026, 2, 29, 1, 30));
    const autumn = turnAt(nightly, Date.UTC(2026, 9, 25, 12));
    assert.equal(autumn.from, Date.UTC(2026, 9, 25, 0, 30));
  });

  it('is whoever takes over, until they hand back, and then whoever would have been', () => {
    const from = Date.UTC(2024, 0, 3, 20);
    const to = Date.UTC(2024, 0, 4, 8);
    const given = roster({ overrides: [{ from, to, person: 'carl' }] });
    assert.equal(personOnCall(given, from - 1), 'anna');
    assert.deepEqual(turnAt(given, from), { person: 'carl', from, until: to, isOverride: true });
    assert.deepEqual(turnAt(given, to).person, 'anna');
    assert.equal(turnAt(given, to).from, to);
    assert.equal(turnAt(given, from - 1).until, from);
  });

  it('is the last who said so where two take over', () => {
    const first: RosterOverride = {
      from: Date.UTC(2024, 0, 3),
      to: Date.UTC(2024, 0, 5),
      person: 'bob',
    };
    const second = { from: Date.UTC(2024, 0, 4), to: Date.UTC(2024, 0, 6), person: 'carl' };
    const given = roster({ overrides: [first, second] });
    assert.equal(turnAt(given, first.from).until, second.from);
    assert.equal(personOnCall(given, second.from), 'carl');
    assert.equal(turnAt(given, second.from).until, second.to);
  });

  it('was somebody before the first turn too', () => {
    assert.equal(personOnCall(roster(), Date.UTC(2023, 11, 31)), 'carl');
  });
});
