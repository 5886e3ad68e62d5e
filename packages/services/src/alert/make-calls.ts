import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq } from '@upheld/db/query.ts';
import type { AlertAbout, AlertNotification } from '@upheld/domain/notify/desk-messages.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import { won } from '../race.ts';
import type { Call } from './escalation.ts';

const HOUR = 3_600_000;
/** A call that could not be made in this time is not made any more: the next ones were. */
const WORTH_CALLING_MS = HOUR;
/** More than there may be in an hour, so that the last ones show the whole of it. */
const MOST_LOOKED_BACK = 61;

/** One person, by one way. */
export type Way = Call['to'][number];

/** What one person is to be told by one way. */
export interface Planned {
  way: Way;
  about: readonly AlertAbout[];
}

/** The calls that one person had by one way, the last one first. */
export interface WayBefore {
  calls: readonly { number: number; madeAt: Instant; isLast: boolean }[];
}

export const wayKey = ({ channel, recipient }: Way): string => `${recipient.id}:${channel}`;

/** The last calls by each of these ways. */
export async function waysBefore(
  { q, t }: Handle,
  ways: readonly Way[],
): Promise<Map<string, WayBefore>> {
  const { number, madeAt, isLast, personId, channel } = t.calls;
  const found = new Map<string, WayBefore>();
  for (const [key, way] of new Map(ways.map((one) => [wayKey(one), one])))
    found.set(key, {
      calls: await q
        .select({ number, madeAt, isLast })
        .from(t.calls)
        .where(and(eq(personId, way.recipient.id), eq(channel, way.channel)))
        .orderBy(desc(number))
        .limit(MOST_LOOKED_BACK),
    });
  return found;
}

/**
 * Writes one message for each person and way. Of text messages no more than `most` go to one person in an
 * hour: one more says that it is the last, and what comes after it is kept as withheld. Loses the race where
 * somebody else called the same person meanwhile (`transactUntilWon`). Gives how many will be sent.
 */
export async function makeCalls(
  h: Handle,
  { ids, now, most }: { ids: Ids; now: Instant; most: number },
  planned: readonly Planned[],
  before: ReadonlyMap<string, WayBefore>,
): Promise<number> {
  const notifications = new Map<string, string>();
  let made = 0;
  for (const { way, about } of planned) {
    const calls = before.get(wayKey(way))?.calls ?? [];
    const verdict = way.channel === 'sms' ? ofTexts(calls, most, now) : 'call';
    const content = contentOf(about, verdict === 'last');
    // Who is told the same reads the same message.
    const key = `${verdict === 'last'} ${about.map(({ alertId }) => alertId).join(' ')}`;
    const notificationId = notifications.get(key) ?? (await notificationOf(h, content, ids, now));
    notifications.set(key, notificationId);
    const row = { id: ids.next(), notificationId, subjectId: content.alertId, now };
    if (verdict === 'withheld') await withhold(h, way, { ...row, step: content.step });
    else {
      const number = (calls[0]?.number ?? 0) + 1;
      await call(h, way, { ...row, number, isLast: verdict === 'last' });
      made += 1;
    }
  }
  return made;
}

/** Whether a text message goes, goes and says that it is the last, or does not. */
function ofTexts(
  calls: WayBefore['calls'],
  most: number,
  now: Instant,
): 'call' | 'last' | 'withheld' {
  const hour = calls.filter(({ madeAt }) => madeAt > now - HOUR);
  if (hour.length < most) return 'call';
  return hour.some(({ isLast }) => isLast) ? 'withheld' : 'last';
}

function contentOf(about: readonly AlertAbout[], isLast: boolean): AlertNotification {
  const [first, ...others] = about;
  if (!first) throw new Error('a call is about nothing');
  return {
    kind: 'alert',
    ...first,
    ...(others.length > 0 ? { others } : {}),
    ...(isLast ? { isLast } : {}),
  };
}

async function notificationOf(
  { q, t }: Handle,
  content: AlertNotification,
  ids: Ids,
  now: Instant,
): Promise<string> {
  const id = ids.next();
  await q
    .insert(t.notifications)
    .values({ id, subjectId: content.alertId, content, createdAt: now });
  return id;
}

interface Written {
  id: string;
  notificationId: string;
  subjectId: string;
  now: Instant;
}

async function call(
  { q, t }: Handle,
  { channel, recipient }: Way,
  { number, isLast, now, ...row }: Written & { number: number; isLast: boolean },
): Promise<void> {
  won(
    await q
      .insert(t.outbox)
      .values({
        ...outboxRow({ channel, recipient }, { ...row, now }),
        dedupeKey: `call:${recipient.id}:${channel}:${number}`,
        state: 'pending',
      })
      .onConflictDoNothing()
      .returning({ id: t.outbox.id }),
  );
  won(
    await q
      .insert(t.calls)
      .values({ id: row.id, personId: recipient.id, channel, number, madeAt: now, isLast })
      .onConflictDoNothing()
      .returning({ id: t.calls.id }),
  );
}

/** Evidence that somebody was not called, and why. */
async function withhold(
  { q, t }: Handle,
  way: Way,
  { step, ...row }: Written & { step: number },
): Promise<void> {
  await q
    .insert(t.outbox)
    .values({
      ...outboxRow(way, row),
      dedupeKey: `withheld:${row.subjectId}:${step}:${wayKey(way)}`,
      state: 'suppressed',
      reason: 'too-many',
      settledAt: row.now,
    })
    .onConflictDoNothing()
    .returning({ id: t.outbox.id });
}

function outboxRow({ channel, recipient }: Way, { id, notificationId, subjectId, now }: Written) {
  return {
    id,
    channel,
    notificationId,
    subscriberId: null,
    recipient,
    lane: `${recipient.id}:${channel}:${subjectId}`,
    availableAt: now,
    expiresAt: now + WORTH_CALLING_MS,
    attempts: 0,
    createdAt: now,
    version: 1,
  };
}
