import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import {
  renderMail,
  renderSms,
  type Letterhead,
  type Reader,
} from '@upheld/domain/notify/render.ts';
import type { Outgoing } from '@upheld/domain/notify/send.ts';
import { threadOf } from '@upheld/domain/notify/thread.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { challengeCode, subscriberToken } from '../subscriber/token.ts';
import type { OutboxRow } from './row.ts';

type SubscriberRow = Handle['t']['subscribers']['$inferSelect'];

/** What a message is made of. */
export interface Parts {
  row: OutboxRow;
  subscriber: SubscriberRow;
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
  const { row, subscriber, content, now } = parts;
  const letterhead = letterheadOf(config);
  const reader = readerOf(parts);
  const to = subscriber.address;
  if (row.channel === 'sms')
    return {
      channel: 'sms',
      id: row.id,
      to,
      body: renderSms(content, letterhead, reader),
      purpose: content.kind === 'challenge' ? 'code' : 'alert',
      validForSeconds: Math.ceil((row.expiresAt - now) / 1000),
    };
  return {
    channel: 'email',
    id: row.id,
    to,
    ...renderMail(content, letterhead, reader),
    ...threadOf(row, parts.earlier, parts.host),
    listId: `${config.pages[0]?.id ?? 'status'}.${parts.host}`,
  };
}

/** Who speaks: the first page stands for all of them. */
function letterheadOf(config: Config): Letterhead {
  const { name } = config.organisation;
  return {
    organisation: name,
    page: config.pages[0]?.title ?? { nl: name, en: name },
    url: config.server.url.replace(/\/+$/, ''),
    zone: config.timezone,
  };
}

function readerOf({ subscriber, content, secret }: Parts): Reader {
  const token = subscriberToken(secret, subscriber);
  if (content.kind !== 'challenge') return { language: subscriber.language, token };
  return {
    language: content.choice?.language ?? subscriber.language,
    token,
    code: challengeCode(secret, subscriber.id, content.nonce),
  };
}
