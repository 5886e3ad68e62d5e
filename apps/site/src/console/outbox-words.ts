import type { DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { DeliveryState, OutboxView } from '@upheld/services/outbox/list-outbox.ts';

export const CHANNEL_WORDS: Readonly<Record<DeliveryChannel, string>> = {
  email: 'by e-mail',
  sms: 'by text message',
  webhook: 'by webhook',
};

export const KIND_WORDS: Readonly<Record<OutboxView['kind'], string>> = {
  incident: 'incident',
  maintenance: 'maintenance',
  reminder: 'reminder of maintenance',
  challenge: 'to confirm an address',
  alert: 'call of someone on duty',
  ticket: 'answer to a report',
  invitation: 'invitation to the console',
  test: 'test message',
  account: 'change of how somebody signs in',
};

export const STATE_WORDS: Readonly<Partial<Record<DeliveryState, string>>> = {
  dead: 'Given up',
  expired: 'Too late',
};

/** The closed words of domain/notify, for people. */
const WORDS: Readonly<Record<string, string>> = {
  'bad-address': 'The address does not exist.',
  bounced: 'It came back: nobody is at this address.',
  'bounced-softly': 'It came back for now.',
  'not-delivered': 'The provider could not deliver it.',
  'not-reached': 'The server could not be reached.',
  'not-secure': 'The connection was not secure.',
  'not-authorised': 'Our account was refused.',
  'refused-for-now': 'It was refused for now.',
  'rate-limited': 'Too many were sent at once.',
  refused: 'It was refused.',
  'unsubscribed-there': 'The number has opted out at the provider.',
  'outcome-unknown': 'Whether it arrived is not known.',
  'channel-off': 'The channel is not configured.',
  'too-late': 'It was no news any more.',
};

/** A reason as the outbox keeps it, in words for people and in those of the other side. */
export function reasonWords(reason: string | null): { word: string; said: string } {
  const [word = '', ...said] = (reason ?? '').split(': ');
  return { word: WORDS[word] ?? word, said: said.join(': ') };
}
