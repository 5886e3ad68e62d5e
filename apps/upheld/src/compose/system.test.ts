import { settle } from '@upheld/testkit/clock.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock, systemIds } from './system.ts';

describe('ids of the system', () => {
  it('are version 7 UUIDs that only grow, also when the clock stands still or goes back', () => {
    let now = Date.UTC(2026, 10, 21);
    const ids = systemIds({ now: () => now });
    const made: string[] = [];
    for (let i = 0; i < 20_000; i += 1) {
      if (i === 10_000) now -= 5000;
      made.push(ids.next());
    }
    for (const id of made)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(made, [...made].sort());
    assert.equal(new Set(made).size, made.length);
  });

  it('hold the moment they were made', () => {
    const now = Date.UTC(2026, 10, 21, 9);
    const id = systemIds({ now: () => now }).next();
    assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), now);
  });

  it('give codes of exactly the digits asked for, and secrets that differ', () => {
    const ids = systemIds(systemClock());
    for (let i = 0; i < 100; i += 1) assert.match(ids.code(6), /^\d{6}$/);
    assert.notEqual(ids.secret(32), ids.secret(32));
    assert.equal(Buffer.from(ids.secret(32), 'base64url').length, 32);
  });
});

describe('the clock of the system', () => {
  it('wakes a sleeper when its signal aborts, and does not sleep when it has', async () => {
    const clock = systemClock();
    const stop = new AbortController();
    let awake = false;
    const asleep = clock.sleep(3_600_000, stop.signal).then(() => (awake = true));
    await settle();
    assert.equal(awake, false);
    stop.abort();
    await asleep;
    await clock.sleep(3_600_000, stop.signal);
  });
});
