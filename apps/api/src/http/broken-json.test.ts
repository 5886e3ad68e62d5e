import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whereBroken } from './broken-json.ts';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('where a text stops being JSON', () => {
  it('is named by its line and column', () => {
    assert.equal(whereBroken('{"a": x}'), '"x" at line 1, column 7 does not belong there');
    assert.equal(whereBroken('{\n "a": 1,\n}'), '"}" at line 3, column 1 does not belong there');
    assert.equal(whereBroken('[1 2]'), '"2" at line 1, column 4 does not belong there');
    assert.equal(whereBroken('{"a":1}}'), '"}" at line 1, column 8 does not belong there');
    assert.equal(whereBroken("{'a': 1}"), '"\'" at line 1, column 2 does not belong there');
  });

  it('is the end where only more would make it whole', () => {
    for (const text of ['{', '{"a"', '[1,', 'tru', '"a', '-'])
      assert.equal(whereBroken(text), `it ends too early, at line 1, column ${text.length + 1}`);
    assert.equal(whereBroken(''), 'it is empty');
  });

  it('is where a character was put that no JSON has outside a text', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, at) => {
        const text = json.replaceAll(/\s/g, '');
        const index = at % (text.length + 1);
        const broken = `${text.slice(0, index)}\u0001${text.slice(index)}`;
        if (parses(broken) || !parses(text)) return;
        assert.equal(
          whereBroken(broken),
          `"\\u0001" at line 1, column ${index + 1} does not belong there`,
        );
      }),
    );
  });
});
