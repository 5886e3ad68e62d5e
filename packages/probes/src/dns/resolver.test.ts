import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { createResolver } from './resolver.ts';

/** A system resolver that answers when the test says so. */
function heldSystem() {
  const asked: string[] = [];
  const answers = new Map<string, (addresses: readonly LookupAddress[]) => void>();
  return {
    asked,
    answer: (name: string) => answers.get(name)?.([{ address: '93.184.216.34', family: 4 }]),
    lookup: (name: string) =>
      new Promise<readonly LookupAddress[]>((resolve) => {
        asked.push(name);
        answers.set(name, resolve);
      }),
  };
}

test('one thread is always left, and who waits is not counted as begun', async () => {
  const system = heldSystem();
  const resolver = createResolver(system.lookup);
  const lookups = ['a', 'b', 'c', 'd'].map((name) => resolver.lookUp(name));
  assert.deepEqual(system.asked, ['a', 'b', 'c']);
  assert.deepEqual(
    lookups.map((lookup) => lookup.started),
    [true, true, true, false],
  );
  system.answer('b');
  await lookups[1]?.addresses;
  await new Promise(setImmediate);
  assert.deepEqual(system.asked, ['a', 'b', 'c', 'd']);
  assert.equal(lookups[3]?.started, true);
});

test('a name that is being looked up is not asked for again; afterwards it is', async () => {
  const system = heldSystem();
  const resolver = createResolver(system.lookup);
  const [first, second] = [resolver.lookUp('a'), resolver.lookUp('a')];
  system.answer('a');
  assert.deepEqual(await first.addresses, await second.addresses);
  await new Promise(setImmediate);
  void resolver.lookUp('a');
  assert.deepEqual(system.asked, ['a', 'a']);
});

test('names that were slow hold one thread together, and the others go on', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const system = heldSystem();
  const resolver = createResolver(system.lookup);
  const slow = ['slow-1', 'slow-2', 'slow-3'];
  const first = slow.map((name) => resolver.lookUp(name));
  now += 5000;
  slow.forEach(system.answer);
  await Promise.all(first.map((lookup) => lookup.addresses));
  await new Promise(setImmediate);
  system.asked.length = 0;
  for (const name of [...slow, 'quick-1', 'quick-2']) resolver.lookUp(name);
  assert.deepEqual(system.asked, ['slow-1', 'quick-1', 'quick-2']);
});

test('what the system refuses is given on, and frees the thread', async () => {
  const error = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  const resolver = createResolver(() => Promise.reject(error));
  for (let n = 0; n < 10; n += 1)
    await assert.rejects(resolver.lookUp(`n${n}`).addresses, { code: 'ENOTFOUND' });
});
