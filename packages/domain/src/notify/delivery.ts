/** By which customers can be told: what a subscriber chooses from. */
export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Every way in which a message leaves: a webhook is for people on call alone. */
export const DELIVERY_CHANNELS = [...CHANNELS, 'webhook'] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

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

/** `bounced`: it was confirmed, and mail to it comes back. */
export const SUBSCRIBER_STATES = ['pending', 'confirmed', 'bounced', 'unsubscribed'] as const;
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];
