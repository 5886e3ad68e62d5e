import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inWholeSeconds } from './whole-seconds.ts';

describe('a span in whole seconds', () => {
  it('loses no part of a second', () => {
    assert.deepEqual(inWholeSeconds({ from: 1999, to: 2001 }), { from: 1000, to: 3000 });
    assert.deepEqual(inWholeSeconds({ from: 1000, to: 2000 }), { from: 1000, to: 2000 });
  });
});
