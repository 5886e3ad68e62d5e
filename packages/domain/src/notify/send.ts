import type { Instant } from '../ports.ts';
import type { DeliveryChannel } from './delivery.ts';

/** One mail, ready to go to one mailbox. */
export interface OutgoingMail {
  channel: 'email';
  /** The outbox row. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Where a mail server reports that it could not be delivered; null: to the sender. */
  returnPath?: string | null;
  /** In angle brackets; the same for every attempt, so that a second copy can be told from a second message. */
  messageId: string;
  /** The root of the thread, then the message before this one; empty for a root. */
  references: readonly string[];
  /** Null for a mail to one person that is no part of a list. */
  listId: string | null;
  /** Null for a confirmation: there is nothing to unsubscribe from yet. */
  unsubscribeUrl: string | null;
}

/** One text message, ready to go to one number. */
export interface OutgoingSms {
  channel: 'sms';
  id: string;
  /** E.164. */
  to: string;
  body: string;
  /** A code is what fraudsters ask for; an alert goes to whom we know. */
  purpose: 'code' | 'alert';
  /** After so many seconds it is better not delivered at all. */
  validForSeconds: number;
}

/** One call of a webhook, ready to be signed and sent. */
export interface OutgoingWebhook {
  channel: 'webhook';
  /** The same for every attempt, so that a second copy can be told from a second call. */
  id: string;
  to: string;
  /** What it is signed with. */
  secret: string;
  /** JSON. */
  body: string;
  at: Instant;
}

export type Outgoing = OutgoingMail | OutgoingSms | OutgoingWebhook;

export const FAILURE_REASONS = [
  'not-reached',
  'not-secure',
  'not-authorised',
  'refused-for-now',
  'rate-limited',
  'refused',
  'bad-address',
  'unsubscribed-there',
  'outcome-unknown',
  'channel-off',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export interface SendFailure {
  ok: false;
  /** `unknown`: it may have gone out. */
  retry: 'later' | 'never' | 'unknown';
  reason: FailureReason;
  /** The other side's words, without secrets. */
  detail: string;
  /** How long the other side asks us to wait. */
  retryAfterMs?: number;
}

/** What a channel says of one send. */
export type SendResult = { ok: true; receipt: string } | SendFailure;

/** What a channel found of a message that may have gone out. */
export type Reconciled =
  | { found: true; receipt: string }
  | { found: false }
  /** It could not be asked now. */
  | { found: null; detail: string };

/** A way to reach people. It never throws for what the other side does, nor for what the network does. */
export interface Notifier {
  /** Sends once. When `signal` aborts, it gives up at once and says whether the message may have gone out. */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<SendResult>;
  /** Whether a send that began at `since` or later did go out; absent where nobody can be asked. */
  reconcile?(outgoing: Outgoing, since: Instant, signal: AbortSignal): Promise<Reconciled>;
}

export type Notifiers = Partial<Record<DeliveryChannel, Notifier>>;
