export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * Where an outbox row stands. `sending` is written just before the network is touched, so that a
 * crash leaves evidence; `ambiguous` is a send whose outcome nobody knows.
 */
export const DELIVERY_STATES = [
  'pending',
  'leased',
  'sending',
  'ambiguous',
  'sent',
  'suppressed',
  'expired',
  'dead',
] as const;

export const SUBSCRIBER_STATES = ['pending', 'confirmed', 'unsubscribed'] as const;
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];
