import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TICKET_MESSAGES } from '../notify/desk-messages.ts';
import { askedToTell, isMailed } from './asked-to-tell.ts';

const notification = (clause: string, channels: ('email' | 'phone' | 'ticket')[]) => ({
  event: 'something happens',
  audience: 'reporter' as const,
  channels,
  clause,
});

test('an agreement that asks for a mail at every change of a status gets one at each', () => {
  const flexkids = { notifications: { 'ticket-status': notification('6.2.2', ['email']) } };
  const mailed = TICKET_MESSAGES.filter((message) =>
    isMailed(message, askedToTell(flexkids, message)),
  );
  assert.deepEqual(
    mailed,
    TICKET_MESSAGES.filter((message) => message !== 'received'),
  );
  assert.deepEqual(askedToTell(flexkids, 'paused'), [
    { word: 'ticket-status', clause: '6.2.2', channels: ['email'] },
  ]);
});

test('without such an agreement a wait is not mailed, an answer is', () => {
  const none = { notifications: {} };
  for (const message of ['paused', 'resumed', 'reopened', 'received'] as const)
    assert.equal(isMailed(message, askedToTell(none, message)), false, message);
  for (const message of ['responded', 'updated', 'recovered', 'closed'] as const)
    assert.equal(isMailed(message, askedToTell(none, message)), true, message);
});

test('what is asked for by telephone is said to be asked for, and is not mailed', () => {
  const phoned = { notifications: { 'ticket-status': notification('6.5', ['phone', 'ticket']) } };
  assert.equal(isMailed('paused', askedToTell(phoned, 'paused')), false);
  assert.deepEqual(
    askedToTell(phoned, 'paused').map(({ clause }) => clause),
    ['6.5'],
  );
});

test('what an agreement tells others than the reporter is no message to the reporter', () => {
  const customer = {
    notifications: {
      restored: { ...notification('4.6', ['email']), audience: 'customer' as const },
    },
  };
  assert.deepEqual(askedToTell(customer, 'recovered'), []);
});
