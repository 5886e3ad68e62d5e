import type { Handle } from '@upheld/db/database.ts';
import { eq } from '@upheld/db/query.ts';
import type { SenderProof, TicketSource } from '@upheld/domain/desk/ticket.ts';
import { parseMailAddress } from '@upheld/domain/notify/address.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { TicketKind } from '@upheld/domain/sla/facts.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import { knownComponents } from '../components.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, invalidInput, noticedBy, parseInput, secondInput } from '../input.ts';
import { bumpRevision } from '../revision.ts';
import { tellingOf } from './asked-to-tell.ts';
import { auditOf } from './record-change.ts';
import { tellReporter } from './tell-reporter.ts';
import { checkLevel, textInput, typeInput } from './ticket-input.ts';
import { addEntry, nextNumber, ticketRow, type TicketRow } from './ticket-row.ts';
import { ticketViewOf, type TicketView } from './ticket-view.ts';

const LONGEST_TITLE = 200;
const line = z
  .string('is missing')
  .trim()
  .min(1, 'is empty')
  .max(LONGEST_TITLE, `is too long; write at most ${LONGEST_TITLE} characters`);

const reportInput = z.strictObject({
  componentId: idInput,
  type: typeInput,
  severity: idInput.optional(),
  title: line,
  text: textInput,
  reporter: line,
  reporterAddress: z.string().trim().optional(),
  language: z.enum(LANGUAGES).optional(),
  reportedAt: secondInput.optional(),
  incidentId: idInput.optional(),
});

export interface ReportTicket {
  componentId: string;
  type: TicketKind;
  /** A level of the component's agreements; a question has none. */
  severity?: string | undefined;
  title: string;
  text: string;
  /** Who reported it, in words. */
  reporter: string;
  /** A mailbox that answers go to. */
  reporterAddress?: string | undefined;
  language?: Language | undefined;
  /** When the customer reported it, where that is earlier than now: its clocks start from then. */
  reportedAt?: Instant | undefined;
  incidentId?: string | undefined;
}

/**
 * Records what a customer reported. Its number is mailed to the reporter where an agreement asks for that.
 * Throws DomainError('invalid-input').
 */
export async function reportTicket(
  ctx: Context,
  actor: Actor,
  input: ReportTicket,
): Promise<TicketView> {
  const given = parseInput(reportInput, input);
  const severity = checkReport(ctx, given);
  return ctx.db.transact(async (h) => {
    const now = ctx.clock.now();
    const { reportedAt = now } = given;
    noticedBy('reportedAt', reportedAt, now);
    await checkIncident(h, given.incidentId);
    const row = await writeTicket(h, ctx, actor, {
      ...given,
      severity,
      reporterAddress: given.reporterAddress ?? null,
      incidentId: given.incidentId ?? null,
      language: given.language ?? ctx.config().language,
      source: sourceOf(actor),
      reportedAt,
      messageId: null,
      now,
    });
    if (tellingOf(ctx, row, 'received', now).to !== null)
      await tellReporter(h, ctx, row, { event: 'received', eventId: row.id, text: '', now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'ticket.report',
      subject: row.id,
      after: { ...auditOf(row), title: row.title, reporter: row.reporter, text: given.text },
    });
    return ticketViewOf(h, ctx, row, now);
  });
}

function checkReport(ctx: Context, given: z.output<typeof reportInput>): string | null {
  knownComponents(ctx.config(), [given.componentId]);
  const { reporterAddress: address } = given;
  if (address !== undefined && parseMailAddress(address) === null)
    throw invalidInput([
      { path: 'reporterAddress', message: 'is no address; write one such as name@example.com' },
    ]);
  return checkLevel(ctx, given.componentId, given.type, given.severity);
}

/** Throws DomainError('invalid-input') for an incident that there is not. */
export async function checkIncident(
  { q, t }: Handle,
  incidentId: string | null | undefined,
): Promise<void> {
  if (incidentId === null || incidentId === undefined) return;
  const [row] = await q.select().from(t.incidents).where(eq(t.incidents.id, incidentId));
  if (!row)
    throw invalidInput([{ path: 'incidentId', message: `there is no incident "${incidentId}"` }]);
}

function sourceOf({ via }: Actor): TicketSource {
  return via ?? 'console';
}

/** A ticket as it is written, whichever way it came. */
export interface Written {
  componentId: string;
  type: TicketKind;
  severity: string | null;
  title: string;
  text: string;
  reporter: string;
  reporterAddress: string | null;
  language: Language;
  source: TicketSource;
  incidentId: string | null;
  reportedAt: Instant;
  messageId: string | null;
  /** Of the mail that it came by. */
  senderProof?: SenderProof | null;
  now: Instant;
}

/** Writes a ticket with its first event; a fraction of a second is not moved. */
export async function writeTicket(
  h: Handle,
  ctx: Context,
  actor: Pick<Actor, 'name'>,
  written: Written,
): Promise<TicketRow> {
  const { text, now, ...rest } = written;
  const { type, severity, messageId, senderProof = null } = rest;
  const id = ctx.ids.next();
  await h.q.insert(h.t.tickets).values({
    ...rest,
    id,
    number: await nextNumber(h),
    senderProof,
    recordedAt: now,
    recordedBy: actor.name,
    version: 1,
  });
  await addEntry(h, ctx.ids, actor, {
    ticketId: id,
    kind: 'reported',
    at: written.reportedAt,
    type,
    severity,
    text,
    messageId,
    senderProof,
    now,
  });
  return ticketRow(h, id);
}
