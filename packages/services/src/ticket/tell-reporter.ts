import type { Handle } from '@upheld/db/database.ts';
import { and, eq, inArray } from '@upheld/db/query.ts';
import type { TicketMessage, TicketNotification } from '@upheld/domain/notify/desk-messages.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { PauseReason, TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Context } from '../context.ts';
import { enqueueTo } from '../outbox/enqueue.ts';
import { mailboxOf, stateOf, type TicketRow } from './ticket-row.ts';

const DAY = 86_400_000;

/** An answer is worth sending for three days. */
const WORTH_SENDING_MS = 3 * DAY;

/**
 * Mails the reporter what was said, where there is an address that is theirs: in the transaction in which it is recorded.
 * The key is that of the event, so that what went out proves it.
 */
export async function tellReporter(
  h: Handle,
  ctx: Context,
  row: TicketRow,
  message: {
    event: TicketMessage;
    eventId: string;
    text: string;
    /** What it waits for then. */
    waitsFor?: PauseReason | null;
    now: Instant;
  },
): Promise<void> {
  const { event, eventId, text, waitsFor = null, now } = message;
  const address = mailboxOf(row);
  if (address === null || !ctx.config().channels.email) return;
  await enqueueTo(
    h,
    { ids: ctx.ids, now },
    {
      subjectId: row.id,
      content: contentOf(row, waitsFor, event, text),
      to: [
        {
          channel: 'email',
          recipient: {
            kind: 'reporter',
            id: row.id,
            name: row.reporter,
            address,
            language: row.language,
          },
        },
      ],
      dedupe: keyOf(eventId),
      expiresAt: now + WORTH_SENDING_MS,
    },
  );
}

/** What a mail about a ticket that stands so is made from. */
export function contentOf(
  row: TicketRow,
  waitsFor: PauseReason | null,
  event: TicketMessage,
  text: string,
): TicketNotification {
  const { number, title, severity, messageId: inReplyTo } = row;
  const stands = { state: stateOf(row), waitsFor, type: row.type as TicketKind, severity };
  return { kind: 'ticket', event, number, title, text, stands, inReplyTo };
}

/** Keys in one query: well under what either database binds in one statement. */
const KEYS_AT_ONCE = 500;

/** When what was said of tickets went out to their reporters, by the id of the event. */
export async function sentTo(
  { q, t }: Handle,
  said: readonly { ticketId: string; eventId: string }[],
): Promise<Map<string, Instant>> {
  const keys = new Map(
    said.map(({ ticketId, eventId }) => [`${keyOf(eventId)}:${ticketId}:email`, eventId]),
  );
  const all = [...keys.keys()];
  const found = new Map<string, Instant>();
  for (let from = 0; from < all.length; from += KEYS_AT_ONCE) {
    const rows = await q
      .select({ key: t.outbox.dedupeKey, at: t.outbox.settledAt })
      .from(t.outbox)
      .where(
        and(
          eq(t.outbox.state, 'sent'),
          inArray(t.outbox.dedupeKey, all.slice(from, from + KEYS_AT_ONCE)),
        ),
      );
    for (const { key, at } of rows) {
      const id = keys.get(key);
      if (id !== undefined && at !== null) found.set(id, at);
    }
  }
  return found;
}

const keyOf = (eventId: string): string => `ticket:${eventId}`;
