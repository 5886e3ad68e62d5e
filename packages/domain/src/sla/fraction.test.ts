import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  ceil,
  compare,
  cutTo,
  decimal,
  floor,
  fraction,
  minus,
  percent,
  reaches,
  times,
} from './fraction.ts';

test('percentages are cut, never rounded up to a norm', () => {
  assert.equal(percent(98_999_999_999, 100_000_000_000), '98.999999');
  assert.equal(percent(2, 3), '66.666666');
  assert.equal(percent(1, 1), '100.000000');
  assert.equal(percent(0, 5), '0.000000');
  assert.equal(percent(0, 0), null);
});

test('a norm is reached exactly, not by what is shown', () => {
  assert.ok(reaches(99, 100, decimal('99')));
  assert.ok(reaches(995, 1000, decimal('99.5')));
  assert.ok(!reaches(98_999_999_999, 100_000_000_000, decimal('99')));
});

test('a cut is toward zero and a zero has no sign', () => {
  assert.equal(cutTo(6, decimal('-0.0000009')), '0.000000');
  assert.equal(cutTo(2, decimal('-1.239')), '-1.23');
  assert.equal(cutTo(0, decimal('12.9')), '12');
  assert.throws(() => decimal('1,5'), RangeError);
});

test('sums, differences and products are exact', () => {
  const some = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(some, some, ([a, b], [c, d]) => {
      const [x, y] = [fraction(a, b), fraction(c, d)];
      assert.equal(compare(add(x, y), fraction(a * d + c * b, b * d)), 0);
      assert.equal(compare(minus(x, y), fraction(a * d - c * b, b * d)), 0);
      assert.equal(compare(times(x, y), fraction(a * c, b * d)), 0);
      assert.equal(Number(floor(x)), Math.floor(a / b));
      assert.equal(Number(ceil(x)), Math.ceil(a / b) + 0);
      assert.equal(Math.sign(compare(x, y)), Math.sign(a * d - c * b));
    }),
  );
});
