import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideDelivery, MOST_AN_HOUR, type DeliveryFacts } from './decide.ts';
import type { ChallengeNotification, IncidentNotification } from './message.ts';

const HOUR = 3_600_000;
const both = (text: string) => ({ nl: text, en: text });

const incident = (over: Partial<IncidentNotification> = {}): IncidentNotification => ({
  kind: 'incident',
  event: 'opened',
  incidentId: 'i1',
  title: both('FysioOne'),
  status: 'investigating',
  body: both('x'),
  components: [],
  startedAt: 0,
  at: 0,
  ...over,
});
const challenge: ChallengeNotification = {
  kind: 'challenge',
  subscriberId: 's1',
  nonce: 'n1',
  choice: { language: 'nl', componentIds: null },
};
const facts = (over: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  channel: 'email',
  content: incident(),
  createdAt: 0,
  expiresAt: 6 * HOUR,
  inDoubt: false,
  lastReason: null,
  subscriber: { state: 'confirmed', challengeNonce: null },
  newerWaits: false,
  lastSent: null,
  sentThisHour: [],
  ...over,
});
const settled = (state: string, reason: string) => ({ act: 'settle', state, reason });

describe('a message whose turn it is', () => {
  it('is sent', () => {
    assert.deepEqual(decideDelivery(facts(), 1000), { act: 'send' });
  });

  it('is not sent to whom unsubscribed or has not confirmed', () => {
    for (const state of ['unsubscribed', 'pending'] as const)
      assert.deepEqual(
        decideDelivery(facts({ subscriber: { state, challengeNonce: null } }), 1000),
        settled('suppressed', 'unsubscribed'),
      );
  });

  it('gives way to a newer one when it is late, and only then', () => {
    const waiting = facts({ newerWaits: true });
    assert.deepEqual(decideDelivery(waiting, 59_999), { act: 'send' });
    assert.deepEqual(decideDelivery(waiting, 60_000), settled('suppressed', 'superseded'));
  });

  it('expires to the millisecond, with why it was not sent before', () => {
    const old = facts({ lastReason: 'not-reached: ECONNREFUSED' });
    assert.deepEqual(decideDelivery(old, 6 * HOUR - 1), { act: 'send' });
    assert.deepEqual(
      decideDelivery(old, 6 * HOUR),
      settled('expired', 'too-late: not-reached: ECONNREFUSED'),
    );
  });

  it('is given up as unknown, not as expired, when it may have gone out', () => {
    const decision = decideDelivery(facts({ inDoubt: true }), 6 * HOUR);
    assert.ok(decision.act === 'settle' && decision.state === 'dead');
    assert.match(decision.reason, /^outcome-unknown: /);
  });

  it('goes by text only when the status changed', () => {
    const last = incident();
    const update = incident({ event: 'updated', body: both('still looking') });
    const sms = facts({ channel: 'sms', content: update, lastSent: last });
    assert.deepEqual(decideDelivery(sms, 1000), settled('suppressed', 'nothing-new'));
    assert.deepEqual(decideDelivery({ ...sms, channel: 'email' }, 1000), { act: 'send' });
    const resolved = { ...sms, content: incident({ event: 'resolved', status: 'resolved' }) };
    assert.deepEqual(decideDelivery(resolved, 1000), { act: 'send' });
  });

  it('waits for room when so many went out this hour; a confirmation does not', () => {
    for (const channel of ['email', 'sms'] as const) {
      const most = MOST_AN_HOUR[channel];
      const sent = Array.from({ length: most }, (_, i) => 1000 * (i + 1));
      const full = facts({ channel, sentThisHour: sent, expiresAt: 60 * HOUR });
      const now = 60_000;
      assert.deepEqual(decideDelivery({ ...full, sentThisHour: sent.slice(1) }, now), {
        act: 'send',
      });
      assert.deepEqual(decideDelivery(full, now), {
        act: 'wait',
        until: 1000 + HOUR,
        reason: `too-many: ${most} an hour`,
      });
      // The moment that was named does make room.
      assert.deepEqual(decideDelivery(full, 1000 + HOUR), { act: 'send' });
      const asked = { ...full, content: challenge };
      const subscriber = { state: 'pending' as const, challengeNonce: 'n1' };
      assert.deepEqual(decideDelivery({ ...asked, subscriber }, now), { act: 'send' });
    }
  });

  it('is a confirmation only while it is the last one asked for', () => {
    const asked = facts({ content: challenge });
    const pending = { state: 'pending' as const, challengeNonce: 'n1' };
    assert.deepEqual(decideDelivery({ ...asked, subscriber: pending }, 1), { act: 'send' });
    assert.deepEqual(
      decideDelivery({ ...asked, subscriber: { ...pending, challengeNonce: 'n2' } }, 1),
      settled('suppressed', 'superseded'),
    );
  });
});
