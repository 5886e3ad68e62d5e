import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodyInput, parseInput } from './input.ts';

describe('the text of an input', () => {
  it('is whatever people write, in lines, in any script', () => {
    const text = { nl: 'Regel één\r\n\tregel twee', en: 'ünïcode 😀 عربى 漢字' };
    assert.deepEqual(parseInput(bodyInput, text), text);
  });

  it('has nothing that a database or a feed cannot keep, and says where', () => {
    for (const bad of ['\u0000', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\ufffe', '\ud800'])
      assert.throws(
        () => parseInput(bodyInput, { nl: `a${bad}b`, en: 'fine' }),
        (error) =>
          error instanceof DomainError &&
          error.code === 'invalid-input' &&
          error.faults[0]?.path === 'nl',
        JSON.stringify(bad),
      );
  });
});
