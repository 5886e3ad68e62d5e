import {
  CHANNELS,
  DELIVERY_CHANNELS,
  DELIVERY_STATES,
  SUBSCRIBER_STATES,
} from '@upheld/domain/notify/delivery.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Recipient } from '@upheld/domain/notify/recipient.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { sql } from '../query.ts';
import type { Kit } from '../kit.ts';

export function notificationTables(k: Kit) {
  const subscribers = k.table(
    'subscribers',
    {
      id: k.id('id').primaryKey(),
      channel: k.oneOf('channel', CHANNELS).notNull(),
      /** As typed (e-mail) or E.164 (SMS). Emptied when unsubscribed. */
      address: k.text('address').notNull(),
      /** What makes two addresses the same: lower-cased, or E.164; a keyed hash once unsubscribed. */
      addressKey: k.text('address_key').notNull(),
      language: k.oneOf('language', LANGUAGES).notNull(),
      state: k.oneOf('state', SUBSCRIBER_STATES).notNull(),
      /** Component ids; null means all, also those to come. */
      componentIds: k.json<string[]>('component_ids'),
      /** Which reminders of a maintenance it wants; null: those of the channel's default. */
      reminders: k.json<string[]>('reminders'),
      /** Random; the confirmation token or code is an HMAC of it, so none is ever stored. Null: none is out. */
      challengeNonce: k.text('challenge_nonce'),
      challengeExpiresAt: k.instant('challenge_expires_at'),
      challengeTries: k.int('challenge_tries').notNull(),
      challengeSentAt: k.instant('challenge_sent_at'),
      createdAt: k.instant('created_at').notNull(),
      confirmedAt: k.instant('confirmed_at'),
      unsubscribedAt: k.instant('unsubscribed_at'),
      version: k.int('version').notNull(),
    },
    (t) => [
      k.uniqueIndex('subscribers_address').on(t.channel, t.addressKey),
      k.index('subscribers_state').on(t.state),
    ],
  );

  // What there is to tell, once, in every language; the outbox says to whom. See domain/notify/message.ts.
  const notifications = k.table(
    'notifications',
    {
      id: k.id('id').primaryKey(),
      /** The incident, maintenance or subscriber it is about. */
      subjectId: k.id('subject_id').notNull(),
      content: k.json<NotificationContent>('content').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('notifications_subject').on(t.subjectId)],
  );

  // Written in the transaction of the fact it tells of. The dedupe key makes a second insert a no-op.
  const outbox = k.table(
    'outbox',
    {
      id: k.id('id').primaryKey(),
      dedupeKey: k.text('dedupe_key').notNull(),
      channel: k.oneOf('channel', DELIVERY_CHANNELS).notNull(),
      notificationId: k
        .id('notification_id')
        .notNull()
        .references(() => notifications.id),
      /** To whom: a subscriber, or a recipient that is none. */
      subscriberId: k.id('subscriber_id').references(() => subscribers.id),
      recipient: k.json<Recipient>('recipient'),
      /** Rows of one lane are sent in the order of their ids: subscriber and incident or maintenance. */
      lane: k.text('lane').notNull(),
      state: k.oneOf('state', DELIVERY_STATES).notNull(),
      availableAt: k.instant('available_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      leasedBy: k.text('leased_by'),
      leaseUntil: k.instant('lease_until'),
      attempts: k.int('attempts').notNull(),
      /** When the first send began of which nobody knows whether it went out; null: there is no such send. */
      doubtSince: k.instant('doubt_since'),
      /** Why it stands where it stands: a closed reason, then the other side's words. */
      reason: k.text('reason'),
      receipt: k.text('receipt'),
      createdAt: k.instant('created_at').notNull(),
      settledAt: k.instant('settled_at'),
      version: k.int('version').notNull(),
    },
    (t) => [
      k.uniqueIndex('outbox_dedupe').on(t.dedupeKey),
      k
        .index('outbox_due')
        .on(t.availableAt)
        .where(sql`${t.settledAt} is null`),
      k
        .index('outbox_lane')
        .on(t.lane, t.id)
        .where(sql`${t.settledAt} is null`),
      k.index('outbox_subscriber').on(t.subscriberId, t.id),
      k.index('outbox_notification').on(t.notificationId),
      k
        .index('outbox_settled')
        .on(t.channel, t.state, t.settledAt)
        .where(sql`${t.settledAt} is not null`),
    ],
  );

  // The calls to people on call, numbered: two that are made at the same moment cannot both be the next one.
  const calls = k.table(
    'calls',
    {
      /** The message that it is. */
      id: k
        .id('id')
        .primaryKey()
        .references(() => outbox.id),
      /** The person in the configuration. */
      personId: k.text('person_id').notNull(),
      channel: k.oneOf('channel', DELIVERY_CHANNELS).notNull(),
      number: k.int('number').notNull(),
      madeAt: k.instant('made_at').notNull(),
      /** Whether it said that it was the last one for now. */
      isLast: k.bool('is_last').notNull(),
    },
    (t) => [k.uniqueIndex('calls_number').on(t.personId, t.channel, t.number)],
  );

  return { subscribers, notifications, outbox, calls };
}
