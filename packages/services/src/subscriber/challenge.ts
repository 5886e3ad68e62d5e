import type { Handle } from '@upheld/db/database.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import type { Reminder } from '@upheld/domain/notify/reminders.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Language } from '@upheld/domain/text.ts';
import { and, count, eq, gt, inArray } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { won } from '../race.ts';
import type { SubscriberRow } from './subscriber-row.ts';
import { leftKey } from './unsubscribe.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A link waits for somebody to read mail; a code is typed over at once. */
const VALID_MS: Readonly<Record<Channel, number>> = { email: 7 * DAY, sms: 15 * MINUTE };
/** Between two challenges to one address, and so many a day: nobody can fill somebody else's mailbox. */
const COOLDOWN_MS = MINUTE;
const MOST_A_DAY = 5;
const NONCE_BYTES = 16;

/** What somebody who typed an address wishes. */
export interface Wish {
  channel: Channel;
  address: string;
  key: string;
  language: Language;
  componentIds: readonly string[] | null;
  /** Null: those of the channel's default. */
  reminders: readonly Reminder[] | null;
}

/** The subscription of an address, also one that was left; undefined where there never was one. */
export async function subscriptionOf(
  { q, t }: Handle,
  secret: string,
  { channel, key }: Pick<Wish, 'channel' | 'key'>,
): Promise<SubscriberRow | undefined> {
  const rows = await q
    .select()
    .from(t.subscribers)
    .where(
      and(
        eq(t.subscribers.channel, channel),
        inArray(t.subscribers.addressKey, [key, leftKey(secret, channel, key)]),
      ),
    );
  return rows.find((row) => row.addressKey === key) ?? rows[0];
}

/**
 * Asks an address whether its owner wants this. The wish comes into force when they say yes, so that
 * typing somebody's address changes nothing for them; whether it was known before cannot be told from
 * outside. An address that was asked just now, or often today, is not asked again. Call within
 * `transactUntilWon`.
 */
export async function challenge(
  h: Handle,
  ctx: Context,
  secret: string,
  wish: Wish,
  now: Instant,
): Promise<SubscriberRow> {
  const known = await subscriptionOf(h, secret, wish);
  if (known && (await askedEnough(h, known, now))) return known;
  const asked = {
    challengeNonce: ctx.ids.secret(NONCE_BYTES),
    challengeExpiresAt: now + VALID_MS[wish.channel],
    challengeTries: 0,
    challengeSentAt: now,
  };
  const row = await write(h, ctx, known, { ...wished(wish, known, now), ...asked });
  await enqueueChallenge(h, ctx, row, { wish, nonce: asked.challengeNonce, now });
  return row;
}

async function askedEnough({ q, t }: Handle, row: SubscriberRow, now: Instant): Promise<boolean> {
  if (row.challengeSentAt !== null && now - row.challengeSentAt < COOLDOWN_MS) return true;
  const [today] = await q
    .select({ challenges: count() })
    .from(t.notifications)
    .where(and(eq(t.notifications.subjectId, row.id), gt(t.notifications.createdAt, now - DAY)));
  return (today?.challenges ?? 0) >= MOST_A_DAY;
}

/** What a row becomes by being asked: a confirmed one stays as it is until its owner says yes. */
function wished(wish: Wish, known: SubscriberRow | undefined, now: Instant) {
  if (known?.state === 'confirmed') return {};
  return {
    channel: wish.channel,
    address: wish.address,
    addressKey: wish.key,
    language: wish.language,
    componentIds: wish.componentIds && [...wish.componentIds],
    reminders: wish.reminders && [...wish.reminders],
    state: 'pending' as const,
    createdAt: known?.state === 'pending' ? known.createdAt : now,
    confirmedAt: null,
    unsubscribedAt: null,
  };
}

type Values = Partial<Handle['t']['subscribers']['$inferInsert']>;

async function write(
  { q, t }: Handle,
  ctx: Context,
  known: SubscriberRow | undefined,
  values: Values,
): Promise<SubscriberRow> {
  const rows = known
    ? await q
        .update(t.subscribers)
        .set({ ...values, version: known.version + 1 })
        .where(and(eq(t.subscribers.id, known.id), eq(t.subscribers.version, known.version)))
        .returning()
    : await q
        .insert(t.subscribers)
        .values({ ...(values as Required<Values>), id: ctx.ids.next(), version: 1 })
        .onConflictDoNothing()
        .returning();
  won(rows);
  return rows[0] as SubscriberRow;
}

async function enqueueChallenge(
  { q, t }: Handle,
  ctx: Context,
  row: SubscriberRow,
  { wish, nonce, now }: { wish: Wish; nonce: string; now: Instant },
): Promise<void> {
  const notificationId = ctx.ids.next();
  const { language, componentIds, reminders } = wish;
  await q.insert(t.notifications).values({
    id: notificationId,
    subjectId: row.id,
    content: {
      kind: 'challenge',
      subscriberId: row.id,
      nonce,
      choice: { language, componentIds, reminders },
    },
    createdAt: now,
  });
  await q.insert(t.outbox).values({
    id: ctx.ids.next(),
    dedupeKey: `challenge:${notificationId}`,
    channel: row.channel,
    notificationId,
    subscriberId: row.id,
    lane: `${row.id}:${notificationId}`,
    state: 'pending',
    availableAt: now,
    expiresAt: now + Math.min(VALID_MS[row.channel], DAY),
    attempts: 0,
    createdAt: now,
    version: 1,
  });
}
