import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Recipient } from '@upheld/domain/notify/recipient.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import { eq } from '@upheld/db/query.ts';
import { hearsOf } from '../subscriber/hears-of.ts';

const HOUR = 3_600_000;
/** Rows in one insert: well under what either database binds in one statement. */
const ROWS_AT_ONCE = 500;

type SubscriberRow = Handle['t']['subscribers']['$inferSelect'];

export interface Notification {
  /** The incident or maintenance it is about. */
  subjectId: string;
  content: NotificationContent;
  /** Whoever chose one of these components is told; who chose all, of those that some page shows. */
  componentIds: readonly string[];
  /** Left out: everybody of those. */
  wantedBy?: (subscriber: SubscriberRow) => boolean;
  /** The same key, for the same subscriber, is one message however often it is enqueued. */
  dedupe: string;
}

/**
 * Writes one message to each confirmed subscriber into the outbox, in the transaction of the fact that it
 * tells of. Gives how many were written.
 */
export async function enqueueNotification(
  { q, t }: Handle,
  { ids, now, config }: { ids: Ids; now: Instant; config: Config },
  { subjectId, content, componentIds, wantedBy = () => true, dedupe }: Notification,
): Promise<number> {
  const confirmed = await q
    .select()
    .from(t.subscribers)
    .where(eq(t.subscribers.state, 'confirmed'));
  const told = confirmed.filter(
    (subscriber) => wantedBy(subscriber) && hearsOf(config, subscriber.componentIds, componentIds),
  );
  if (told.length === 0) return 0;

  const notificationId = ids.next();
  await q
    .insert(t.notifications)
    .values({ id: notificationId, subjectId, content, createdAt: now });
  const rows = told.map((subscriber) => ({
    id: ids.next(),
    dedupeKey: `${dedupe}:${subscriber.id}`,
    channel: subscriber.channel,
    notificationId,
    subscriberId: subscriber.id,
    lane: `${subscriber.id}:${subjectId}`,
    state: 'pending' as const,
    availableAt: now,
    expiresAt: worthSendingUntil(content, now),
    attempts: 0,
    createdAt: now,
    version: 1,
  }));
  let written = 0;
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const inserted = await q
      .insert(t.outbox)
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflictDoNothing()
      .returning({ id: t.outbox.id });
    written += inserted.length;
  }
  return written;
}

/** A message to people who are no subscribers. */
export interface Message {
  subjectId: string;
  content: NotificationContent;
  to: readonly { channel: DeliveryChannel; recipient: Recipient }[];
  /** The same key, for the same recipient and channel, is one message however often it is enqueued. */
  dedupe: string;
  expiresAt: Instant;
}

/** Writes one message to each of these recipients into the outbox, in the transaction of the fact. */
export async function enqueueTo(
  { q, t }: Handle,
  { ids, now }: { ids: Ids; now: Instant },
  { subjectId, content, to, dedupe, expiresAt }: Message,
): Promise<void> {
  if (to.length === 0) return;
  const notificationId = ids.next();
  await q
    .insert(t.notifications)
    .values({ id: notificationId, subjectId, content, createdAt: now });
  const rows = to.map(({ channel, recipient }) => ({
    id: ids.next(),
    dedupeKey: `${dedupe}:${recipient.id}:${channel}`,
    channel,
    notificationId,
    subscriberId: null,
    recipient,
    lane: `${recipient.id}:${channel}:${subjectId}`,
    state: 'pending' as const,
    availableAt: now,
    expiresAt,
    attempts: 0,
    createdAt: now,
    version: 1,
  }));
  await q.insert(t.outbox).values(rows).onConflictDoNothing().returning({ id: t.outbox.id });
}

/**
 * Until when news is worth a message: six hours; of a maintenance until it begins, at most three days,
 * because who could be told in time should be. A reminder says it itself.
 */
export function worthSendingUntil(content: NotificationContent, now: Instant): Instant {
  if (content.kind === 'reminder') return content.until;
  const soon = now + 6 * HOUR;
  return content.kind === 'maintenance'
    ? Math.max(soon, Math.min(content.from, now + 72 * HOUR))
    : soon;
}
