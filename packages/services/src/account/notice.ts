import type { Handle } from '@upheld/db/database.ts';
import type { AccountEvent } from '@upheld/domain/notify/account-words.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '../context.ts';
import { enqueueTo } from '../outbox/enqueue.ts';
import type { PersonRow } from './people.ts';

const WORTH_SENDING_MS = 86_400_000;

export interface Notice {
  event: AccountEvent;
  person: Pick<PersonRow, 'id' | 'name' | 'email'>;
  now: Instant;
  /** From where, when it was the person. */
  address?: string;
  /** Who did it, when it was somebody else. */
  by?: string;
}

/** Tells a person by mail, where there is mail, that their way of signing in has changed. */
export async function mailNotice(
  h: Handle,
  ctx: Pick<Context, 'ids' | 'config'>,
  { event, person, now, address, by }: Notice,
): Promise<void> {
  const { channels, language } = ctx.config();
  if (channels.email === undefined) return;
  const { id, name, email } = person;
  // Each is a thread of its own: none waits for another, or takes its place.
  const noticeId = ctx.ids.next();
  await enqueueTo(
    h,
    { ids: ctx.ids, now },
    {
      subjectId: noticeId,
      content: { kind: 'account', event, at: now, address: address ?? null, by: by ?? null },
      to: [
        { channel: 'email', recipient: { kind: 'account', id, name, address: email, language } },
      ],
      dedupe: `account:${noticeId}`,
      expiresAt: now + WORTH_SENDING_MS,
    },
  );
}
