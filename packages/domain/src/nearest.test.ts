import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editDistance, nearest } from './nearest.ts';

describe('the nearest known word', () => {
  const known = ['interval', 'timeout', 'retryInterval', 'paused', 'url'];

  it('is found through a typing error, a swap and another case', () => {
    assert.equal(nearest('intervl', known), 'interval');
    assert.equal(nearest('timeuot', known), 'timeout');
    assert.equal(nearest('Retryinterval', known), 'retryInterval');
    assert.equal(nearest('ulr', known), 'url');
  });

  it('is none when nothing is near', () => {
    assert.equal(nearest('colour', known), null);
    assert.equal(nearest('x', []), null);
  });

  it('is the word itself when it is known', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
        const word = words[0]!;
        assert.equal(nearest(word, words)?.toLowerCase(), word.toLowerCase());
      }),
    );
  });
});

describe('the distance between words', () => {
  it('is the same both ways and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});
