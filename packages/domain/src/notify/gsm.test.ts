import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { smsSize } from './gsm.ts';

describe('the size of a text message', () => {
  it('is one segment up to 160 septets, and 153 of each from there on (GSM 03.40)', () => {
    const sizes = [0, 1, 160, 161, 306, 307].map((length) => smsSize('a'.repeat(length)).segments);
    assert.deepEqual(sizes, [1, 1, 1, 2, 2, 3]);
  });

  it('counts a character of the extension table twice', () => {
    assert.deepEqual(smsSize('€'.repeat(80)), { encoding: 'GSM-7', segments: 1 });
    assert.deepEqual(smsSize('€'.repeat(81)), { encoding: 'GSM-7', segments: 2 });
  });

  it('is less than half with one character outside the alphabet', () => {
    assert.deepEqual(smsSize('ő'.repeat(70)), { encoding: 'UCS-2', segments: 1 });
    assert.deepEqual(smsSize('ő'.repeat(71)), { encoding: 'UCS-2', segments: 2 });
  });
});
