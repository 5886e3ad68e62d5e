import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { aboutsOf } from '@upheld/domain/notify/desk-messages.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import type { Letterhead, Reader } from '@upheld/domain/notify/letter.ts';
import { renderMail, renderSms } from '@upheld/domain/notify/render.ts';
import type { Outgoing } from '@upheld/domain/notify/send.ts';
import type { Recipient } from '@upheld/domain/notify/recipient.ts';
import { threadOf, type Thread } from '@upheld/domain/notify/thread.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { invitationToken } from '../account/links.ts';
import { alertToken, callToken } from '../alert/token.ts';
import { asKnownTo } from '../subscriber/hears-of.ts';
import { challengeCode, subscriberToken } from '../subscriber/token.ts';
import { returnPath } from './return-path.ts';
import type { OutboxRow } from './row.ts';

type SubscriberRow = Handle['t']['subscribers']['$inferSelect'];

/** Whom it goes to: a subscriber, or a recipient that is none, with the secret of their webhook. */
export type Addressee =
  | { kind: 'subscriber'; subscriber: SubscriberRow }
  | { kind: 'recipient'; recipient: Recipient; webhookSecret: string | null };

/** What a message is made of. */
export interface Parts {
  row: OutboxRow;
  to: Addressee;
  content: NotificationContent;
  /** Ids of the messages of the same lane that went out before it, or may have, in their order. */
  earlier: readonly string[];
  secret: string;
  /** The host in Message-IDs. */
  host: string;
  now: Instant;
}

/** A message as it goes to its channel: the same for every attempt, as far as the configuration is. */
export function outgoingOf(config: Config, parts: Parts): Outgoing {
  const { row, now } = parts;
  const content =
    parts.to.kind === 'subscriber'
      ? asKnownTo(config, parts.to.subscriber.componentIds, parts.content)
      : parts.content;
  const letterhead = letterheadOf(config);
  const reader = readerOf(parts);
  const to = addressOf(parts.to);
  if (row.channel === 'webhook') return webhookOf(parts, letterhead, to, reader);
  if (row.channel === 'sms')
    return {
      channel: 'sms',
      id: row.id,
      to,
      body: renderSms(content, letterhead, reader),
      purpose: content.kind === 'challenge' ? 'code' : 'alert',
      validForSeconds: Math.ceil((row.expiresAt - now) / 1000),
    };
  const bounces = config.channels.email?.bounces;
  return {
    channel: 'email',
    id: row.id,
    to,
    ...renderMail(content, letterhead, reader),
    ...threadIn(parts),
    returnPath: bounces === undefined ? null : returnPath(parts.secret, bounces, row.id),
    listId:
      parts.to.kind === 'subscriber' ? `${config.pages[0]?.id ?? 'status'}.${parts.host}` : null,
  };
}

/** Who speaks: the first page stands for all of them. */
export function letterheadOf(config: Config): Letterhead {
  const { name } = config.organisation;
  return {
    organisation: name,
    page: config.pages[0]?.title ?? { nl: name, en: name },
    url: config.server.url.replace(/\/+$/, ''),
    zone: config.timezone,
  };
}

function addressOf(to: Addressee): string {
  return to.kind === 'subscriber' ? to.subscriber.address : to.recipient.address;
}

/** An answer to a report goes on the thread of whoever reported it. */
function threadIn({ row, earlier, host, content }: Parts): Thread {
  const thread = threadOf(row, earlier, host);
  const before = content.kind === 'ticket' ? content.inReplyTo : null;
  return before === null ? thread : { ...thread, references: [before, ...thread.references] };
}

/** What a webhook is told: what it is about, and where somebody can say that they are on it. */
function webhookOf(
  { row, content, now, to }: Parts,
  { url }: Letterhead,
  address: string,
  { language, token }: Reader,
): Outgoing {
  if (content.kind !== 'alert') throw new Error(`no webhook is told of a ${content.kind}`);
  return {
    channel: 'webhook',
    id: row.id,
    to: address,
    secret: (to.kind === 'recipient' && to.webhookSecret) || '',
    at: now,
    body: JSON.stringify({
      type: 'alert',
      alertId: content.alertId,
      about: content.about,
      title: content.title[language],
      components: content.components.map(({ id }) => id),
      raisedAt: new Date(content.raisedAt).toISOString(),
      step: content.step,
      alerts: aboutsOf(content).map((one) => ({
        alertId: one.alertId,
        about: one.about,
        title: one.title[language],
        components: one.components.map(({ id }) => id),
        raisedAt: new Date(one.raisedAt).toISOString(),
        step: one.step,
      })),
      // Where there are several, its page takes one or all of them.
      acknowledgeUrl: `${url}/alert?token=${encodeURIComponent(token)}`,
    }),
  };
}

function readerOf({ to, content, secret, row }: Parts): Reader {
  if (to.kind === 'recipient') {
    const { recipient } = to;
    const token = recipientToken(secret, { content, recipient, messageId: row.id });
    return { language: recipient.language, token };
  }
  const { subscriber } = to;
  const token = subscriberToken(secret, subscriber);
  if (content.kind !== 'challenge') return { language: subscriber.language, token };
  return {
    language: content.choice?.language ?? subscriber.language,
    token,
    code: challengeCode(secret, subscriber.id, content.nonce),
  };
}

/** What the link in a message to somebody who is no subscriber carries; nothing where there is none. */
function recipientToken(
  secret: string,
  {
    content,
    recipient,
    messageId,
  }: { content: NotificationContent; recipient: Recipient; messageId: string },
): string {
  if (content.kind === 'alert')
    return aboutsOf(content).length === 1
      ? alertToken(secret, content.alertId, recipient.id)
      : callToken(secret, messageId, recipient.id);
  return content.kind === 'invitation' ? invitationToken(secret, content.invitationId) : '';
}
