import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clip, intersect, lengthOf, setOf, subtract, union, type IntervalSet } from './interval.ts';

const MOST = 40;
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: MOST }), fc.integer({ min: 0, max: MOST }))
    .map(([from, to]) => ({ from, to })),
  { maxLength: 8 },
);
const sets = spans.map(setOf);
const holds = (set: IntervalSet, at: number): boolean =>
  set.some(({ from, to }) => from <= at && at < to);
const moments = Array.from({ length: MOST }, (_, index) => index);

/** In order, never empty, never touching. */
function isNormal(set: IntervalSet): boolean {
  return set.every(({ from, to }, i) => from < to && (set[i - 1]?.to ?? -1) < from);
}

test('a set of spans holds what any of them holds, written in one way', () => {
  fc.assert(
    fc.property(spans, (some) => {
      const set = setOf(some);
      assert.ok(isNormal(set));
      for (const at of moments)
        assert.equal(
          holds(set, at),
          some.some(({ from, to }) => from <= at && at < to),
        );
    }),
  );
});

test('the operations are those on sets of moments', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      const both = intersect(a, b);
      const less = subtract(a, b);
      const either = union(a, b);
      for (const set of [both, less, either]) assert.ok(isNormal(set));
      for (const at of moments) {
        const [inA, inB] = [holds(a, at), holds(b, at)];
        assert.deepEqual(
          [holds(both, at), holds(less, at), holds(either, at)],
          [inA && inB, inA && !inB, inA || inB],
        );
      }
      assert.equal(lengthOf(both) + lengthOf(less), lengthOf(a));
    }),
  );
});

test('a set is cut to a span, and to nothing by an empty one', () => {
  const set = setOf([
    { from: 0, to: 10 },
    { from: 20, to: 30 },
  ]);
  assert.deepEqual(clip(set, { from: 5, to: 25 }), [
    { from: 5, to: 10 },
    { from: 20, to: 25 },
  ]);
  assert.deepEqual(clip(set, { from: 25, to: 5 }), []);
});
