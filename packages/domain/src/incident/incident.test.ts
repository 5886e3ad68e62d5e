import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyIn } from './history.ts';
import { INCIDENT_STATUSES } from './incident.ts';
import { decideUpdate } from './status.ts';

describe('an update', () => {
  it('may follow any other while the incident is open', () => {
    for (const current of INCIDENT_STATUSES.slice(0, 3))
      for (const next of INCIDENT_STATUSES.slice(0, 3))
        assert.deepEqual(decideUpdate(current, next, true), { kind: 'goes-on' });
  });

  it('resolves the incident unless the probes still see it fail', () => {
    assert.deepEqual(decideUpdate('identified', 'resolved', false), { kind: 'resolves' });
    assert.deepEqual(decideUpdate('monitoring', 'resolved', true), {
      kind: 'refused',
      because: 'outage-open',
    });
  });

  it('after the end is a note, or opens the incident again', () => {
    assert.deepEqual(decideUpdate('resolved', 'resolved', false), { kind: 'adds-note' });
    assert.deepEqual(decideUpdate('resolved', 'investigating', false), { kind: 'reopens' });
  });
});

describe('a history', () => {
  const span = { from: 10, to: 20 };

  it('begins with what was said before, and ends before its end', () => {
    const said = [
      { value: 'b', from: 5 },
      { value: 'c', from: 15 },
      { value: 'd', from: 20 },
    ];
    assert.deepEqual(historyIn(said, span, 'a'), [
      { value: 'b', from: 10 },
      { value: 'c', from: 15 },
    ]);
    assert.deepEqual(historyIn([], span, 'a'), [{ value: 'a', from: 10 }]);
  });

  it('lets the later said of two win that begin at the same moment', () => {
    const said = [
      { value: 'b', from: 12 },
      { value: 'c', from: 12 },
    ];
    assert.deepEqual(historyIn(said, span, 'a'), [
      { value: 'a', from: 10 },
      { value: 'c', from: 12 },
    ]);
  });

  it('goes on without end while nothing ended', () => {
    assert.deepEqual(historyIn([{ value: 'b', from: 1000 }], { from: 10, to: null }, 'a'), [
      { value: 'a', from: 10 },
      { value: 'b', from: 1000 },
    ]);
  });

  it('gives at every instant what was said last to hold from then or before', () => {
    const said = fc.array(
      fc.record({ value: fc.constantFrom('b', 'c', 'd'), from: fc.integer({ min: 5, max: 25 }) }),
    );
    fc.assert(
      fc.property(said, (list) => {
        const pieces = historyIn(list, span, 'a');
        assert.equal(pieces[0]?.from, span.from);
        for (const [index, piece] of pieces.entries()) {
          const before = pieces[index - 1];
          if (before) assert.ok(before.from < piece.from && before.value !== piece.value);
        }
        for (let at = span.from; at < span.to; at += 1) {
          const begun = list.filter(({ from }) => from <= at);
          const latest = Math.max(...begun.map(({ from }) => from));
          const holds = begun.findLast(({ from }) => from === latest)?.value ?? 'a';
          assert.equal(pieces.findLast(({ from }) => from <= at)?.value, holds);
        }
      }),
    );
  });
});
