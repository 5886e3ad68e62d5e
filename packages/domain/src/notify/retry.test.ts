import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterSend, backoff, DOUBT_WAIT_MS, reasonText, type DeliverySoFar } from './retry.ts';
import type { SendResult } from './send.ts';

const HOUR = 3_600_000;
const so = (over: Partial<DeliverySoFar> = {}): DeliverySoFar => ({
  attempts: 1,
  inDoubt: false,
  canAsk: false,
  expiresAt: 6 * HOUR,
  now: 0,
  random: 0.5,
  ...over,
});
const failed = (retry: 'later' | 'never' | 'unknown', retryAfterMs?: number): SendResult => ({
  ok: false,
  retry,
  reason: 'refused-for-now',
  detail: '451 try later',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

describe('after a send', () => {
  it('what was sent is sent, with its receipt', () => {
    assert.deepEqual(afterSend({ ok: true, receipt: '250 queued' }, so()), {
      state: 'sent',
      receipt: '250 queued',
    });
  });

  it('what may pass is tried again, and waits as long as it is told to', () => {
    assert.deepEqual(afterSend(failed('later', HOUR), so()), {
      state: 'pending',
      availableAt: HOUR,
      reason: 'refused-for-now: 451 try later',
    });
  });

  it('what will not pass is given up at once, with its reason', () => {
    assert.deepEqual(afterSend(failed('never'), so()), {
      state: 'dead',
      reason: 'refused-for-now: 451 try later',
    });
  });

  it('a mail of unknown outcome is repeated once, and then given up', () => {
    const first = afterSend(failed('unknown'), so());
    assert.ok(first.state === 'ambiguous' && first.availableAt === DOUBT_WAIT_MS);
    assert.equal(afterSend(failed('unknown'), so({ inDoubt: true })).state, 'dead');
  });

  it('what can be asked after is asked again and again while it is worth telling', () => {
    const again = afterSend(failed('unknown'), so({ inDoubt: true, canAsk: true }));
    assert.equal(again.state, 'ambiguous');
  });

  it('the age decides when to give up, to the millisecond', () => {
    const wait = backoff(1, 0.5);
    assert.equal(afterSend(failed('later'), so({ expiresAt: wait + 1 })).state, 'pending');
    assert.equal(afterSend(failed('later'), so({ expiresAt: wait })).state, 'dead');
    assert.equal(afterSend(failed('later'), so({ attempts: 900 })).state, 'pending');
  });

  it('the wait lies between ten seconds and half an hour, and its bound grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, random) => {
          const wait = backoff(attempts, random);
          assert.ok(wait >= 10_000 && wait <= 30 * 60_000);
          assert.ok(wait <= backoff(attempts + 1, random));
        },
      ),
    );
  });

  it('the reason stays on one line and short, whatever the other side says', () => {
    assert.equal(
      reasonText('refused', '550 no\r\nsuch\u0085user\u2028'),
      'refused: 550 no such user',
    );
    assert.equal(reasonText('refused', ' '), 'refused');
    assert.ok(reasonText('refused', 'x'.repeat(5000)).length < 600);
  });
});
