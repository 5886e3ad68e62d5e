import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gather, within } from './gather.ts';

test('all who ask in one turn get the answer to one question, put after the last of them', async () => {
  let value = 'old';
  let questions = 0;
  const ask = gather(() => {
    questions += 1;
    return value;
  });
  const first = ask();
  value = 'new';
  assert.deepEqual(await Promise.all([first, ask()]), ['new', 'new']);
  assert.equal(questions, 1);
});

test('whoever asks while a question is under way gets one of their own', async () => {
  const answers: ((value: number) => void)[] = [];
  const ask = gather(() => new Promise<number>((resolve) => answers.push(resolve)));
  const first = ask();
  while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = ask();
  while (answers.length === 1) await new Promise((resolve) => setImmediate(resolve));
  answers[1]!(2);
  answers[0]!(1);
  assert.deepEqual(await Promise.all([first, second]), [1, 2]);
});

test('a question that fails fails for those who waited, and for nobody after them', async () => {
  let fails = true;
  const ask = gather(() => {
    if (fails) throw new Error('no');
    return 1;
  });
  await Promise.all([assert.rejects(ask()), assert.rejects(ask())]);
  fails = false;
  assert.equal(await ask(), 1);
});

test('what takes too long is an error that says what it was', async () => {
  const never = new Promise<never>(() => undefined);
  await assert.rejects(within(5, never, 'reading'), /^Error: reading took longer than 5 ms$/);
  assert.equal(await within(1000, Promise.resolve(1), 'reading'), 1);
});
