import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Interval } from '../time/interval.ts';
import { addLocalDays, startOfDate } from '../time/zoned.ts';
import { daySeconds, dayState, type DaySeconds, type Happened } from './days.ts';

const nothing: Happened = { maintenance: [], down: [], degraded: [], unmeasured: [] };
const at = (text: string): number => Date.parse(text);
const zone = 'Europe/Amsterdam';

function daysFrom(date: string, count: number): number[] {
  const first = startOfDate(date, zone);
  assert.ok(first !== null);
  return Array.from({ length: count + 1 }, (_, index) => addLocalDays(first, index, zone));
}

const seconds = (part: Partial<DaySeconds>): DaySeconds => ({
  down: 0,
  degraded: 0,
  maintenance: 0,
  unmeasured: 0,
  total: 86_400,
  ...part,
});

describe('the seconds of days', () => {
  it('know that the day on which clocks go forward has 23 hours, and the other one 25', () => {
    const later = at('2027-01-01T00:00:00Z');
    const spring = daySeconds(daysFrom('2026-03-28', 3), later, {
      ...nothing,
      unmeasured: [{ from: at('2026-03-28T00:00:00+01:00'), to: at('2026-03-31T00:00:00+02:00') }],
    });
    assert.deepEqual(
      spring.map((day) => day.unmeasured),
      [86_400, 82_800, 86_400],
    );
    assert.deepEqual(spring.map(dayState), ['unmeasured', 'unmeasured', 'unmeasured']);
    const autumn = daySeconds(daysFrom('2026-10-24', 3), later, nothing);
    assert.deepEqual(
      autumn.map((day) => day.total),
      [86_400, 90_000, 86_400],
    );
  });

  it('give an outage over midnight to both days, and one over the change of clocks its real length', () => {
    const days = daySeconds(daysFrom('2026-10-24', 2), at('2026-12-01T00:00:00Z'), {
      ...nothing,
      down: [{ from: at('2026-10-24T23:30:00+02:00'), to: at('2026-10-25T03:30:00+01:00') }],
    });
    assert.deepEqual(
      days.map((day) => day.down),
      [1800, 4 * 3600 + 1800],
    );
  });

  it('let announced work explain a failure, and a failure stand in unmeasured time', () => {
    const [day] = daySeconds(daysFrom('2026-06-01', 1), at('2026-12-01T00:00:00Z'), {
      maintenance: [{ from: at('2026-06-01T10:00:00Z'), to: at('2026-06-01T11:00:00Z') }],
      down: [{ from: at('2026-06-01T10:30:00Z'), to: at('2026-06-01T11:30:00Z') }],
      degraded: [{ from: at('2026-06-01T11:00:00Z'), to: at('2026-06-01T12:00:00Z') }],
      unmeasured: [{ from: at('2026-06-01T09:00:00Z'), to: at('2026-06-01T13:00:00Z') }],
    });
    assert.deepEqual(
      day,
      seconds({ maintenance: 3600, down: 1800, degraded: 1800, unmeasured: 7200 }),
    );
  });

  it('look at nothing after now, and count a second that was touched', () => {
    const now = at('2026-06-01T12:00:00Z');
    const days = daySeconds(daysFrom('2026-06-01', 1), now, {
      ...nothing,
      down: [
        { from: at('2026-06-01T11:00:00.900Z'), to: at('2026-06-01T11:00:01.100Z') },
        { from: at('2026-06-01T11:59:50Z'), to: at('2026-06-01T14:00:00Z') },
      ],
    });
    assert.deepEqual(days, [seconds({ down: 12, total: 14 * 3600 })]);
  });

  it('are those of a second by second walk, whatever happened', () => {
    const boundaries = [0, 40_000, 63_000, 100_000];
    const span = fc
      .tuple(fc.integer({ min: -9, max: 109 }), fc.integer({ min: 1, max: 40 }))
      .map(([from, length]): Interval => ({ from: from * 1000, to: (from + length) * 1000 }));
    const list = fc.array(span, { maxLength: 5 });
    const happened = fc.record({ maintenance: list, down: list, degraded: list, unmeasured: list });
    fc.assert(
      fc.property(happened, fc.integer({ min: 0, max: 110 }), (given, nowSecond) => {
        const now = nowSecond * 1000;
        const naive = boundaries.slice(0, -1).map(() => seconds({ total: 0 }));
        for (let second = 0; second * 1000 < Math.min(now, 100_000); second += 1) {
          const instant = second * 1000;
          const day = naive[boundaries.findLastIndex((from) => from <= instant)]!;
          const on = (spans: readonly Interval[]): boolean =>
            spans.some(({ from, to }) => from <= instant && instant < to);
          day.total += 1;
          if (on(given.maintenance)) day.maintenance += 1;
          else if (on(given.down)) day.down += 1;
          else if (on(given.degraded)) day.degraded += 1;
          else if (on(given.unmeasured)) day.unmeasured += 1;
        }
        assert.deepEqual(daySeconds(boundaries, now, given), naive);
      }),
    );
  });
});

describe('the state of a day', () => {
  it('is the worst of it, and unmeasured only when none of it was measured', () => {
    assert.equal(dayState(seconds({})), 'up');
    assert.equal(dayState(seconds({ unmeasured: 86_399 })), 'up');
    assert.equal(dayState(seconds({ unmeasured: 86_400 })), 'unmeasured');
    assert.equal(dayState(seconds({ unmeasured: 86_399, maintenance: 1 })), 'maintenance');
    assert.equal(dayState(seconds({ degraded: 1, maintenance: 9 })), 'degraded');
    assert.equal(dayState(seconds({ degraded: 9, maintenance: 9, down: 1 })), 'down');
  });
});
