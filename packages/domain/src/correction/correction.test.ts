import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CORRECTION_KINDS, standings, type CorrectionEntry } from './correction.ts';

const entry = (id: string, more: Partial<CorrectionEntry> = {}): CorrectionEntry => ({
  id,
  outageId: 'outage-1',
  kind: 'cause',
  agreement: null,
  withdraws: null,
  ...more,
});
const withdrawal = (id: string, withdraws: string): CorrectionEntry =>
  entry(id, { kind: 'withdrawn', withdraws });
const stands = (entries: CorrectionEntry[]): Record<string, string> =>
  Object.fromEntries(standings(entries));

describe('which correction holds', () => {
  it('is the last one of an outage and kind', () => {
    assert.deepEqual(stands([entry('1'), entry('2'), entry('3', { kind: 'false-alarm' })]), {
      1: 'replaced',
      2: 'holds',
      3: 'holds',
    });
  });

  it('is the one before it when the last is withdrawn', () => {
    assert.deepEqual(stands([entry('1'), entry('2'), withdrawal('3', '2')]), {
      1: 'holds',
      2: 'withdrawn',
    });
  });

  it('is none when all are withdrawn, in whatever order', () => {
    assert.deepEqual(stands([entry('1'), entry('2'), withdrawal('3', '1'), withdrawal('4', '2')]), {
      1: 'withdrawn',
      2: 'withdrawn',
    });
  });

  it('is one for each agreement whose scale a severity is a level of', () => {
    const severity = (id: string, agreement: string): CorrectionEntry =>
      entry(id, { kind: 'severity', agreement });
    assert.deepEqual(stands([severity('1', 'a'), severity('2', 'b'), severity('3', 'a')]), {
      1: 'replaced',
      2: 'holds',
      3: 'holds',
    });
  });

  it('is at most one of any matter, and never a withdrawn one', () => {
    const entries = fc
      .array(
        fc.record({
          outageId: fc.constantFrom('x', 'y'),
          kind: fc.constantFrom(...CORRECTION_KINDS),
          agreement: fc.constantFrom('a', 'b', null),
          takesBack: fc.option(fc.nat({ max: 20 }), { nil: null }),
        }),
        { maxLength: 20 },
      )
      .map((list) =>
        list.map(({ takesBack, ...rest }, index) =>
          takesBack !== null && takesBack < index
            ? withdrawal(String(index), String(takesBack))
            : entry(String(index), rest),
        ),
      );
    fc.assert(
      fc.property(entries, (list) => {
        const found = standings(list);
        const holding = list.filter(({ id }) => found.get(id) === 'holds');
        const matters = holding.map(({ outageId, kind, agreement }) =>
          [outageId, kind, agreement].join(' '),
        );
        assert.equal(new Set(matters).size, matters.length);
        const takenBack = new Set(list.map(({ withdraws }) => withdraws));
        assert.ok(holding.every(({ id }) => !takenBack.has(id)));
      }),
    );
  });
});
