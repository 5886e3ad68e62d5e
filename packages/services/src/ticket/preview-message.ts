import type { TicketMessage } from '@upheld/domain/notify/desk-messages.ts';
import { renderMail } from '@upheld/domain/notify/render.ts';
import { PAUSE_REASONS, type PauseReason, type TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Language } from '@upheld/domain/text.ts';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { letterheadOf } from '../outbox/outgoing.ts';
import { tellingOf, type Telling } from './asked-to-tell.ts';
import { contentOf } from './tell-reporter.ts';
import { textInput, ticketChange, typeInput } from './ticket-input.ts';
import { entriesOf, ticketRow, waitsForOf } from './ticket-row.ts';

/** What the reporter can be told by a verb: of all messages only the receipt is none of them. */
export const TOLD_BY_VERB = [
  'responded',
  'updated',
  'paused',
  'resumed',
  'recategorised',
  'recovered',
  'reopened',
  'closed',
] as const satisfies readonly TicketMessage[];
export type ToldByVerb = (typeof TOLD_BY_VERB)[number];

const previewInput = z.strictObject({
  ticketId: ticketChange.ticketId,
  message: z.enum(TOLD_BY_VERB, `is no message; write one of ${TOLD_BY_VERB.join(', ')}`),
  text: textInput,
  reason: z.enum(PAUSE_REASONS).optional(),
  type: typeInput.optional(),
  severity: idInput.optional(),
});

export interface PreviewTicketMessage {
  /** Its id, or its number. */
  ticketId: string;
  message: ToldByVerb;
  text: string;
  /** Of `paused`. */
  reason?: PauseReason | undefined;
  /** Of `recategorised`. */
  type?: TicketKind | undefined;
  severity?: string | undefined;
}

export interface PreviewedTicketMessage extends Telling {
  language: Language;
  /** Null where nothing is mailed. */
  mail: { subject: string; text: string; html: string } | null;
}

/**
 * What the reporter of a ticket would be mailed if this were said now, and what agreements ask of it. Stores
 * nothing and tells nobody. Throws DomainError: 'not-found'; 'invalid-input'.
 */
export async function previewTicketMessage(
  ctx: Context,
  input: PreviewTicketMessage,
): Promise<PreviewedTicketMessage> {
  const given = parseInput(previewInput, input);
  const h = ctx.db.read;
  const now = ctx.clock.now();
  const row = await ticketRow(h, given.ticketId);
  const events = (await entriesOf(h, [row.id])).get(row.id) ?? [];
  const telling = tellingOf(ctx, row, given.message, now);
  const { language } = row;
  if (telling.to === null) return { ...telling, language, mail: null };
  const then = { ...row, ...changedBy(given, row, now) };
  const waitsFor = given.message === 'paused' ? (given.reason ?? null) : waitsForOf(then, events);
  const content = contentOf(then, waitsFor, given.message, given.text);
  const mail = renderMail(content, letterheadOf(ctx.config()), { language, token: '' });
  const { subject, text, html } = mail;
  return { ...telling, language, mail: { subject, text, html } };
}

/** How the row would stand. */
function changedBy(
  { message, type, severity }: z.output<typeof previewInput>,
  row: { type: string; severity: string | null },
  now: number,
) {
  switch (message) {
    case 'paused':
      return { pausedAt: now };
    case 'resumed':
      return { pausedAt: null };
    case 'recovered':
      return { recoveredAt: now, pausedAt: null };
    case 'closed':
      return { closedAt: now, pausedAt: null };
    case 'reopened':
      return { recoveredAt: null, closedAt: null, pausedAt: null };
    case 'recategorised':
      return { type: type ?? row.type, severity: severity ?? null };
    case 'responded':
    case 'updated':
      return {};
  }
}
