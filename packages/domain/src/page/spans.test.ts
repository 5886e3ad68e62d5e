import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inWholeSeconds, merged, overlap, without, type Span } from './spans.ts';

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]): Span => ({ from, to: from + length }));
const spans = fc.array(span, { maxLength: 12 });
const holds = (list: readonly Span[], at: number): boolean =>
  list.some(({ from, to }) => from <= at && at < to);
const instants = Array.from({ length: 90 }, (_, at) => at - 5);

describe('stretches of time', () => {
  it('merged hold the same instants, in order, with a hole between any two', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const out = merged(list);
        for (const at of instants) assert.equal(holds(out, at), holds(list, at));
        for (const [index, one] of out.entries()) {
          assert.ok(one.from < one.to);
          assert.ok(one.from > (out[index - 1]?.to ?? -Infinity));
        }
      }),
    );
  });

  it('without others hold what the others do not', () => {
    fc.assert(
      fc.property(span, spans, (whole, others) => {
        const left = without(whole, others);
        for (const at of instants)
          assert.equal(holds(left, at), holds([whole], at) && !holds(others, at));
      }),
    );
  });

  it('overlap in what both hold', () => {
    fc.assert(
      fc.property(span, span, (a, b) => {
        const both = overlap(a, b);
        for (const at of instants)
          assert.equal(holds(both ? [both] : [], at), holds([a], at) && holds([b], at));
      }),
    );
  });

  it('are changed by none of these', () => {
    const list = Object.freeze([
      Object.freeze({ from: 1, to: 3 }),
      Object.freeze({ from: 2, to: 5 }),
    ]);
    assert.deepEqual(merged(list), [{ from: 1, to: 5 }]);
    assert.deepEqual(without({ from: 0, to: 9 }, list), [
      { from: 0, to: 1 },
      { from: 5, to: 9 },
    ]);
  });

  it('in whole seconds lose no part of a second', () => {
    assert.deepEqual(inWholeSeconds({ from: 1999, to: 2001 }), { from: 1000, to: 3000 });
    assert.deepEqual(inWholeSeconds({ from: 1000, to: 2000 }), { from: 1000, to: 2000 });
  });
});
