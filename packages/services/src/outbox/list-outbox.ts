import { DELIVERY_STATES, type DeliveryChannel } from '@upheld/domain/notify/delivery.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Language, Localised } from '@upheld/domain/text.ts';
import { and, desc, eq, inArray, lt, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import type { OutboxRow } from './row.ts';

const MOST_ROWS = 500;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What nobody got although they should have: given up, or too late. */
export const UNDELIVERED = ['dead', 'expired'] as const satisfies readonly DeliveryState[];

/** A message to one person, as the operator sees it. */
export interface OutboxView {
  id: string;
  channel: DeliveryChannel;
  /** Empty where its owner left since. */
  address: string;
  kind: NotificationContent['kind'];
  /** What it is about. */
  title: string;
  subjectId: string;
  state: DeliveryState;
  /** A closed word, then the other side's own. */
  reason: string | null;
  attempts: number;
  createdAt: Instant;
  settledAt: Instant | null;
}

export interface OutboxQuery {
  /** By default all. */
  states?: readonly DeliveryState[] | undefined;
  /** Only what stands after this one in the list. */
  after?: { at: Instant; id: string } | undefined;
  limit: number;
  /** Of the titles; by default that of the site. */
  language?: Language;
}

/** Messages of the outbox, newest first. */
export async function listOutbox(
  ctx: Context,
  { states = DELIVERY_STATES, after, limit, language = ctx.config().language }: OutboxQuery,
): Promise<OutboxView[]> {
  const { outbox } = ctx.db.read.t;
  const place =
    after &&
    or(
      lt(outbox.createdAt, after.at),
      and(eq(outbox.createdAt, after.at), lt(outbox.id, after.id)),
    );
  const rows = await joined(ctx.db.read)
    .where(and(inArray(outbox.state, [...states]), place))
    .orderBy(desc(outbox.createdAt), desc(outbox.id))
    .limit(Math.min(Math.max(Math.trunc(limit), 0), MOST_ROWS));
  return rows.map((row) => viewOf(row, language));
}

/** One message; null when there is none with this id. */
export async function readOutbox(
  h: Context['db']['read'],
  id: string,
  language: Language,
): Promise<OutboxView | null> {
  const [row] = await joined(h).where(eq(h.t.outbox.id, id));
  return row ? viewOf(row, language) : null;
}

function joined({ q, t }: Context['db']['read']) {
  return q
    .select({
      row: t.outbox,
      content: t.notifications.content,
      subjectId: t.notifications.subjectId,
      address: t.subscribers.address,
    })
    .from(t.outbox)
    .innerJoin(t.notifications, eq(t.notifications.id, t.outbox.notificationId))
    .leftJoin(t.subscribers, eq(t.subscribers.id, t.outbox.subscriberId));
}

function viewOf(
  found: {
    row: OutboxRow;
    content: NotificationContent;
    subjectId: string;
    address: string | null;
  },
  language: Language,
): OutboxView {
  const { row, content, subjectId } = found;
  return {
    id: row.id,
    channel: row.channel,
    address: row.recipient?.address ?? found.address ?? '',
    kind: content.kind,
    title: titleOf(content, language),
    subjectId,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    createdAt: row.createdAt,
    settledAt: row.settledAt,
  };
}

const CHALLENGE: Localised = {
  nl: 'Bevestiging van een aanmelding',
  en: 'Confirmation of a subscription',
};

const TEST: Localised = { nl: 'Test', en: 'Test' };

function titleOf(content: NotificationContent, language: Language): string {
  if (content.kind === 'challenge') return CHALLENGE[language];
  if (content.kind === 'test') return TEST[language];
  if (!('title' in content)) return '';
  return typeof content.title === 'string' ? content.title : content.title[language];
}
