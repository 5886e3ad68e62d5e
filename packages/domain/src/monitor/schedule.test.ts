import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDue, phaseOf } from './schedule.ts';

const interval = fc.integer({ min: 5000, max: 3_600_000 });
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });

test('the next check lies after the moment, at most one interval later, on the grid', () => {
  fc.assert(
    fc.property(fc.string(), instant, interval, (id, after, every) => {
      const phase = phaseOf(id, every);
      const due = nextDue(after, every, phase);
      assert.ok(phase >= 0 && phase < every);
      assert.ok(due > after && due <= after + every);
      assert.equal((due - phase) % every, 0);
      assert.equal(nextDue(due, every, phase), due + every);
    }),
  );
});

test('a thousand monitors spread over their interval', () => {
  const tenths = new Map<number, number>();
  for (let n = 0; n < 1000; n += 1) {
    const tenth = Math.floor(phaseOf(`m${n}`, 60_000) / 6000);
    tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
  }
  assert.equal(tenths.size, 10);
  for (const count of tenths.values()) assert.ok(count > 50 && count < 200, String(count));
});

test('ids that differ in their last character are not neighbours in time', () => {
  const phases = Array.from({ length: 10 }, (_, n) => phaseOf(`web-${n}`, 60_000));
  assert.ok(Math.max(...phases) - Math.min(...phases) > 30_000, phases.join(' '));
});
