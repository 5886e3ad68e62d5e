import type { Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { and, desc, eq, isNotNull, lt, ne, sql } from '@upheld/db/query.ts';
import { won } from '../race.ts';
import type { SubscriberRow } from './subscriber-row.ts';

const TRIES = 5;

/** Confirms a subscription with the wish that its owner was asked about. Call within `transactUntilWon`. */
export async function confirmRow(h: Handle, row: SubscriberRow, now: Instant): Promise<void> {
  const { q, t } = h;
  won(
    await q
      .update(t.subscribers)
      .set({
        ...(await wishOf(h, row)),
        state: 'confirmed',
        confirmedAt: row.confirmedAt ?? now,
        challengeNonce: null,
        challengeExpiresAt: null,
        version: row.version + 1,
      })
      .where(and(eq(t.subscribers.id, row.id), eq(t.subscribers.version, row.version)))
      .returning({ id: t.subscribers.id }),
  );
}

async function wishOf({ q, t }: Handle, row: SubscriberRow) {
  const [asked] = await q
    .select({ content: t.notifications.content })
    .from(t.notifications)
    .where(eq(t.notifications.subjectId, row.id))
    .orderBy(desc(t.notifications.id))
    .limit(1);
  if (asked?.content.kind !== 'challenge' || !asked.content.choice) return {};
  const { language, componentIds, reminders } = asked.content.choice;
  return {
    language,
    componentIds: componentIds && [...componentIds],
    ...(reminders === undefined ? {} : { reminders: reminders && [...reminders] }),
  };
}

/**
 * Uses up one try for the code of a number, in one statement, so that many guesses at once do not share
 * one. Gives the subscription whose code it may be; undefined when there is none, or no try is left.
 */
export async function takeTry(
  { q, t }: Handle,
  addressKey: string,
): Promise<SubscriberRow | undefined> {
  const [row] = await q
    .update(t.subscribers)
    .set({
      challengeTries: sql`${t.subscribers.challengeTries} + 1`,
      version: sql`${t.subscribers.version} + 1`,
    })
    .where(
      and(
        eq(t.subscribers.channel, 'sms'),
        eq(t.subscribers.addressKey, addressKey),
        ne(t.subscribers.state, 'unsubscribed'),
        isNotNull(t.subscribers.challengeNonce),
        lt(t.subscribers.challengeTries, TRIES),
      ),
    )
    .returning();
  return row;
}

/** Whether a challenge is out and still good. */
export function isAsked(row: SubscriberRow, now: Instant): boolean {
  return row.challengeNonce !== null && (row.challengeExpiresAt ?? 0) > now;
}
