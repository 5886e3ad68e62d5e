import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueQueue } from './due-queue.ts';

test('what is due comes out in order, and nothing that is not due', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.nat(1000), (dues, now) => {
      const queue = new DueQueue<number>();
      for (const due of dues) queue.push(due, due);
      const out: number[] = [];
      for (let taken = queue.takeDue(now); taken; taken = queue.takeDue(now)) out.push(taken.item);
      assert.deepEqual(
        out,
        dues.filter((due) => due <= now).sort((a, b) => a - b),
      );
      assert.equal(queue.size, dues.length - out.length);
      assert.equal(queue.nextDue, dues.filter((due) => due > now).sort((a, b) => a - b)[0] ?? null);
    }),
  );
});

test('rescheduling keeps the order and takes out what has no moment any more', () => {
  const queue = new DueQueue<string>();
  for (const [item, due] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    queue.push(item, due);
  queue.reschedule((item, due) => (item === 'b' ? null : 10 - due));
  assert.equal(queue.takeDue(100)?.item, 'c');
  assert.equal(queue.takeDue(100)?.item, 'a');
  assert.equal(queue.takeDue(100), undefined);
});
