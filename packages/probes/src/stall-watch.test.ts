import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchStalls } from './stall-watch.ts';

test('time in which the process could not run is known, and only to checks that it touched', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const watch = watchStalls();
  const tick = (ms: number): void => {
    now += ms;
    t.mock.timers.tick(100);
  };
  tick(100);
  tick(120);
  assert.equal(watch.lagSince(1000), 0);
  const before = now;
  tick(900);
  const after = now;
  tick(100);
  assert.equal(watch.lagSince(before), 800);
  assert.equal(watch.lagSince(after), 0);
  assert.equal(watch.lagSince(after - 300), 300);
  watch.stop();
  await Promise.resolve();
});

test('a stall counts before the watch itself could run again', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const watch = watchStalls();
  now = 1100;
  assert.equal(watch.lagSince(0), 1000);
  watch.stop();
});
