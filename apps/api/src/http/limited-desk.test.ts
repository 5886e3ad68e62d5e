import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { limitedDesk } from './limited-desk.ts';
import { apiLimits } from './limits.ts';

const yes: SubscriptionDesk = {
  subscribe: () => Promise.resolve({ ok: true }),
  confirm: () => Promise.resolve({ ok: true }),
  confirmCode: () => Promise.resolve({ ok: true }),
  choose: () => Promise.resolve({ ok: true }),
  unsubscribe: () => Promise.resolve({ ok: true }),
  look: () => Promise.resolve(null),
};

const bySms = (ip: string) => ({
  channel: 'sms' as const,
  address: '0612345678',
  language: 'nl' as const,
  componentIds: null,
  ip,
});

test('one visitor asks for ten text messages in four hours and no more, another is not held up', async () => {
  const desk = limitedDesk(yes, apiLimits());
  for (let n = 0; n < 10; n += 1)
    assert.deepEqual(await desk.subscribe(bySms('192.0.2.1')), { ok: true });
  assert.deepEqual(await desk.subscribe(bySms('192.0.2.1')), {
    ok: false,
    reason: 'too-many-requests',
  });
  assert.deepEqual(await desk.subscribe(bySms('192.0.2.2')), { ok: true });
});

test('codes are not guessed without end from one network, whatever the number', async () => {
  const desk = limitedDesk(yes, apiLimits());
  const guess = (n: number) =>
    desk.confirmCode({ address: `06${n}`, code: '000000', ip: `2001:db8::${n.toString(16)}` });
  const answers = await Promise.all(Array.from({ length: 61 }, (_, n) => guess(n)));
  assert.equal(answers.filter((answer) => answer.ok).length, 60);
});
