import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NEW_MONITOR,
  step,
  type DetectorEvent,
  type DetectorState,
  type Seen,
  type Step,
} from './step.ts';

const policy = { failures: 3, successes: 2 };
const UP: DetectorState = { state: 'up', streak: null };
const DOWN: DetectorState = { state: 'down', streak: null };

/** Runs checks a minute apart, from minute 1 on, and gives every step. */
function run(from: DetectorState, events: readonly (Seen | 'gap')[], confirm = policy): Step[] {
  let state = from;
  return events.map((event, index) => {
    const taken = step(state, event === 'gap' ? { kind: 'gap' } : check(index + 1, event), confirm);
    state = taken.next;
    return taken;
  });
}

const check = (at: number, seen: Seen): DetectorEvent => ({ kind: 'check', at, seen });
const transitions = (steps: readonly Step[]) => steps.flatMap((taken) => taken.transition ?? []);

test('an outage opens after N failures in a row, dated back to the first', () => {
  const steps = run(UP, ['up', 'down', 'down', 'down', 'down']);
  assert.deepEqual(transitions(steps), [{ from: 'up', to: 'down', at: 2 }]);
  assert.deepEqual(
    steps.map((taken) => taken.reason),
    ['steady', 'confirming', 'confirming', 'confirmed', 'steady'],
  );
});

test('a good check breaks the streak, and the next failure is a first one again', () => {
  const steps = run(UP, ['down', 'down', 'up', 'down', 'down', 'down']);
  assert.equal(steps[2]?.reason, 'streak-broken');
  assert.deepEqual(transitions(steps), [{ from: 'up', to: 'down', at: 4 }]);
});

test('it closes after M good checks, at the first of them', () => {
  assert.deepEqual(transitions(run(DOWN, ['down', 'up', 'down', 'up', 'up'])), [
    { from: 'down', to: 'up', at: 4 },
  ]);
});

test('a new monitor is up at its first good check, and down only when that is confirmed', () => {
  assert.deepEqual(transitions(run(NEW_MONITOR, ['up'])), [{ from: 'unknown', to: 'up', at: 1 }]);
  assert.deepEqual(transitions(run(NEW_MONITOR, ['down', 'down', 'down'])), [
    { from: 'unknown', to: 'down', at: 1 },
  ]);
});

test('a mixed streak is as bad as its mildest check, from its first one on', () => {
  assert.deepEqual(transitions(run(UP, ['down', 'degraded', 'down'])), [
    { from: 'up', to: 'degraded', at: 1 },
  ]);
  assert.deepEqual(transitions(run(DOWN, ['up', 'degraded'])), [
    { from: 'down', to: 'degraded', at: 1 },
  ]);
});

test('slow that becomes failing is degraded first and down from its first failure', () => {
  const steps = run(UP, ['degraded', 'degraded', 'degraded', 'down', 'down', 'down']);
  assert.deepEqual(transitions(steps), [
    { from: 'up', to: 'degraded', at: 1 },
    { from: 'degraded', to: 'down', at: 4 },
  ]);
});

test('a gap ends a streak but not an outage', () => {
  assert.deepEqual(transitions(run(UP, ['down', 'down', 'gap', 'down', 'down'])), []);
  const [gap] = run(DOWN, ['gap']);
  assert.equal(gap?.next.state, 'down');
});

const seen = fc.constantFrom<Seen>('up', 'degraded', 'down');
const event = fc.oneof(
  { weight: 9, arbitrary: seen },
  { weight: 1, arbitrary: fc.constant('gap' as const) },
);
const confirm = fc.record({
  failures: fc.integer({ min: 1, max: 5 }),
  successes: fc.integer({ min: 1, max: 5 }),
});

test('transitions follow each other: each starts from where the one before ended, and later', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), confirm, (events, counts) => {
      const found = transitions(run(NEW_MONITOR, events, counts));
      for (const [index, transition] of found.entries()) {
        const before = found[index - 1];
        assert.notEqual(transition.from, transition.to);
        assert.equal(transition.from, before?.to ?? 'unknown');
        if (before) assert.ok(transition.at > before.at);
      }
    }),
  );
});

test('nothing is invented: from its start to its confirmation every check saw at least that much, without a gap', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), confirm, (events, counts) => {
      const bad = { up: 0, degraded: 1, down: 2 };
      run(UP, events, counts).forEach(({ transition }, index) => {
        if (!transition || transition.to === 'up') return;
        const within = events.slice(transition.at - 1, index + 1);
        if (bad[transition.to] > bad[transition.from === 'unknown' ? 'up' : transition.from])
          assert.ok(within.every((e) => e !== 'gap' && bad[e] >= bad[transition.to]));
      });
    }),
  );
});

test('nothing is lost: N failures in a row without a gap always end in an outage', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), confirm, (events, counts) => {
      const steps = run(
        UP,
        [...events, ...Array.from({ length: counts.failures }, () => 'down' as const)],
        counts,
      );
      assert.notEqual(steps.at(-1)?.next.state, 'up');
    }),
  );
});
