import type { Instant } from '../ports.ts';
import type { DeliveryChannel, SubscriberState } from './delivery.ts';
import type { NotificationContent } from './message.ts';
import { reasonText } from './retry.ts';

/** Why a message was not sent, or not any more. */
export const SUPPRESSED_REASONS = [
  'unsubscribed',
  'bounced',
  'superseded',
  'nothing-new',
  'acknowledged',
  'too-many',
] as const;
export type SuppressedReason = (typeof SUPPRESSED_REASONS)[number];

/** What is known of a message whose turn it is. */
export interface DeliveryFacts {
  channel: DeliveryChannel;
  content: NotificationContent;
  createdAt: Instant;
  expiresAt: Instant;
  /** Whether a send of it ended without anybody knowing how. */
  inDoubt: boolean;
  /** Why it was not sent before now; null where nothing was tried. */
  lastReason: string | null;
  /** Null for a recipient that is no subscriber. */
  subscriber: { state: SubscriberState; challengeNonce: string | null } | null;
  /** Of an alert: whether somebody looks at it already, or it is over. */
  acknowledged?: boolean;
  /** Whether a later message about the same thing waits for the same person. */
  newerWaits: boolean;
  /** The last one of those that was sent. */
  lastSent: NotificationContent | null;
  /** When messages went to this person in the last hour, on this channel, challenges left out. */
  sentThisHour: readonly Instant[];
}

export type Decision =
  | { act: 'send' }
  | { act: 'settle'; state: 'suppressed' | 'expired' | 'dead'; reason: string }
  | { act: 'wait'; until: Instant; reason: string };

/** Waiting so long, a message about to be followed by a newer one is old news. */
const LATE_AFTER_MS = 60_000;
/** So many messages in an hour; what is more waits, so that newer news can take its place. */
export const MOST_AN_HOUR: Readonly<Record<DeliveryChannel, number>> = {
  email: 20,
  sms: 10,
  webhook: Infinity,
};
const HOUR = 3_600_000;

/**
 * Whether a message whose turn it is, is sent, waits, or is not sent at all, and why. A late message
 * with a newer one behind it gives way: nobody wants "investigating" after they could read "resolved".
 */
export function decideDelivery(facts: DeliveryFacts, now: Instant): Decision {
  if (now >= facts.expiresAt) return tooLate(facts);
  const suppressed = suppressedBecause(facts, now);
  if (suppressed) return { act: 'settle', state: 'suppressed', reason: suppressed };
  const hour = facts.sentThisHour.filter((at) => at > now - HOUR).sort((a, b) => a - b);
  const most = MOST_AN_HOUR[facts.channel];
  const makesRoom = hour[hour.length - most];
  const isPressing = facts.content.kind === 'challenge' || facts.content.kind === 'alert';
  return isPressing || makesRoom === undefined
    ? { act: 'send' }
    : { act: 'wait', until: makesRoom + HOUR, reason: `too-many: ${most} an hour` };
}

function tooLate({ inDoubt, lastReason }: DeliveryFacts): Decision {
  return inDoubt
    ? {
        act: 'settle',
        state: 'dead',
        reason: reasonText(
          'outcome-unknown',
          'it may have gone out, and nobody could tell in time',
        ),
      }
    : { act: 'settle', state: 'expired', reason: reasonText('too-late', lastReason ?? '') };
}

function suppressedBecause(facts: DeliveryFacts, now: Instant): SuppressedReason | null {
  const { content, subscriber } = facts;
  if (content.kind === 'challenge')
    return content.nonce === subscriber?.challengeNonce ? null : 'superseded';
  if (content.kind === 'alert') return facts.acknowledged === true ? 'acknowledged' : null;
  // Each answer to a report is an answer: none of them gives way.
  return subscriber ? notForSubscriber(facts, subscriber, now) : null;
}

function notForSubscriber(
  facts: DeliveryFacts,
  subscriber: { state: SubscriberState },
  now: Instant,
): SuppressedReason | null {
  if (subscriber.state !== 'confirmed')
    return subscriber.state === 'bounced' ? 'bounced' : 'unsubscribed';
  if (facts.newerWaits && now - facts.createdAt >= LATE_AFTER_MS) return 'superseded';
  return facts.channel === 'sms' && saysNothingNew(facts.content, facts.lastSent)
    ? 'nothing-new'
    : null;
}

/** A text message tells of a change of status; the words of an update are on the page and in the mail. */
function saysNothingNew(content: NotificationContent, last: NotificationContent | null): boolean {
  return content.kind === 'incident' && last?.kind === 'incident' && content.status === last.status;
}
