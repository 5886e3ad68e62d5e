import type { Handle } from '@upheld/db/database.ts';
import { and, count, eq, gt, isNull, ne, or, sql, type SQL } from '@upheld/db/query.ts';
import type { SenderProof } from '@upheld/domain/desk/ticket.ts';
import { parseMailAddress } from '@upheld/domain/notify/address.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { withoutHistory } from './mail-text.ts';
import { auditOf } from './record-change.ts';
import { writeTicket } from './report-ticket.ts';
import { tellReporter } from './tell-reporter.ts';
import { addEntry, mailboxOf, setTicket, type TicketRow } from './ticket-row.ts';

/** A mail as far as it is a report. */
export interface IncomingMail {
  from: string;
  /** As the mail shows the sender; may be empty. */
  name: string;
  subject: string;
  text: string;
  /** In angle brackets: the same mail twice is one report. */
  messageId: string;
  /** Why it was not written by a person to us; null where nothing says so. */
  automatic: string | null;
  /** It may be a report, but nothing automatic is to answer it. */
  wantsNoAnswer: boolean;
  /** Whether it comes from whom it says; null where nobody could tell. */
  senderProof: SenderProof | null;
}

export type Received =
  { taken: 'new' | 'added' | 'before'; number: number } | { taken: 'ignored'; reason: string };

const HOUR = 3_600_000;
const LONGEST_TITLE = 200;
const LONGEST_TEXT = 10_000;
/** Receipts to one address in an hour: two machines that answer each other stop here. */
const MOST_RECEIPTS = 5;
const MESSAGE_ID = /^<[^<>\s\p{Cc}\p{Surrogate}\ufffe\uffff]{1,250}>$/u;

/** Whether a mail can be told from others by it, and an answer refer to it. */
export function isMessageId(text: string): boolean {
  return MESSAGE_ID.test(text);
}

const MAIL: Actor = { name: 'incoming mail' };

/**
 * Takes a mail as a report, or adds it to the ticket whose reference [#12] is in its subject, where it comes
 * from whoever reported that. One whose sender is refuted is always a report of its own, and gets no answer:
 * it would go to somebody who never wrote. What a machine sent is ignored, and so is what comes from our own
 * address, so that no two machines answer each other. Throws DomainError('invalid-input') where it cannot be told from another mail.
 */
export async function receiveMail(ctx: Context, mail: IncomingMail): Promise<Received> {
  if (!isMessageId(mail.messageId))
    throw invalidInput([
      { path: 'messageId', message: 'is no Message-ID; write one such as <abc@example.com>' },
    ]);
  if (mail.automatic !== null) return { taken: 'ignored', reason: mail.automatic };
  const from = parseMailAddress(mail.from);
  if (from === null) return { taken: 'ignored', reason: 'there is no one sender' };
  if (/^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@/i.test(from))
    return { taken: 'ignored', reason: 'the sender is a machine' };
  if (isOurs(ctx, from)) return { taken: 'ignored', reason: 'it comes from our own address' };
  return transactUntilWon(ctx.db, async (h) => {
    const before = await receivedBefore(h, mail.messageId);
    if (before !== null) return { taken: 'before' as const, number: before };
    const now = ctx.clock.now();
    const known = mail.senderProof === 'refuted' ? null : await referredTo(h, mail.subject, from);
    const row = known
      ? await add(h, ctx, known, mail, now)
      : await report(h, ctx, { ...mail, from }, now);
    await bumpRevision(h);
    await recordAudit(h, ctx, MAIL, {
      action: known ? 'ticket.customer-said' : 'ticket.report',
      subject: row.id,
      before: known ? auditOf(known) : null,
      after: {
        ...auditOf(row),
        from,
        messageId: mail.messageId,
        senderProof: mail.senderProof,
        title: oneLine(mail.subject, LONGEST_TITLE),
      },
    });
    return { taken: known ? ('added' as const) : ('new' as const), number: row.number };
  });
}

/** Whether mail of ours went in a circle: from what we send from, or answer to. */
function isOurs(ctx: Context, from: string): boolean {
  const email = ctx.config().channels.email;
  return [email?.from, email?.replyTo, email?.bounces].some((own) => {
    const address = own === undefined ? null : (/<([^<>]+)>/.exec(own)?.[1] ?? own);
    return address !== null && address.trim().toLowerCase() === from.toLowerCase();
  });
}

async function receivedBefore({ q, t }: Handle, messageId: string): Promise<number | null> {
  const [row] = await q
    .select({ number: t.tickets.number })
    .from(t.ticketEvents)
    .innerJoin(t.tickets, eq(t.tickets.id, t.ticketEvents.ticketId))
    .where(eq(t.ticketEvents.messageId, messageId));
  return row?.number ?? null;
}

/** The open ticket that a subject refers to, where the sender is who reported it. */
async function referredTo(
  { q, t }: Handle,
  subject: string,
  from: string,
): Promise<TicketRow | null> {
  const number = /\[#(\d{1,9})\]/.exec(subject)?.[1];
  if (number === undefined) return null;
  const [row] = await q
    .select()
    .from(t.tickets)
    .where(eq(t.tickets.number, Number(number)));
  const isTheirs = row !== undefined && mailboxOf(row)?.toLowerCase() === from.toLowerCase();
  return isTheirs && row.closedAt === null ? row : null;
}

async function add(
  h: Handle,
  ctx: Context,
  row: TicketRow,
  mail: IncomingMail,
  now: Instant,
): Promise<TicketRow> {
  await addEntry(h, ctx.ids, MAIL, {
    ticketId: row.id,
    kind: 'customer-said',
    at: now,
    text: textOf({ text: withoutHistory(mail.text) }),
    messageId: mail.messageId,
    senderProof: mail.senderProof,
    now,
  });
  await setTicket(h, row, {});
  return { ...row, version: row.version + 1 };
}

async function report(
  h: Handle,
  ctx: Context,
  mail: IncomingMail,
  now: Instant,
): Promise<TicketRow> {
  const config = ctx.config();
  const row = await writeTicket(h, ctx, MAIL, {
    componentId: config.incoming?.mail?.component ?? '',
    // Until somebody has read it, it is a question: what it is told to be later holds from its receipt.
    type: 'question',
    severity: null,
    title: oneLine(mail.subject, LONGEST_TITLE) || '(no subject)',
    text: textOf(mail),
    reporter: oneLine(mail.name, LONGEST_TITLE) || mail.from,
    reporterAddress: mail.from,
    language: config.language,
    source: 'mail',
    incidentId: null,
    reportedAt: now,
    messageId: mail.messageId,
    senderProof: mail.senderProof,
    now,
  });
  if (!mail.wantsNoAnswer && (await mayHaveReceipt(h, mail.from, now)))
    await tellReporter(h, ctx, row, { event: 'received', eventId: row.id, text: '', now });
  return row;
}

async function mayHaveReceipt({ q, t }: Handle, from: string, now: Instant): Promise<boolean> {
  const [recent] = await q
    .select({ n: count() })
    .from(t.tickets)
    .where(
      and(
        isMailbox(sql`lower(${t.tickets.reporterAddress})`, from),
        gt(t.tickets.recordedAt, now - HOUR),
        // Who forges somebody's mail does not use up the receipts of theirs.
        or(isNull(t.tickets.senderProof), ne(t.tickets.senderProof, 'refuted')),
      ),
    );
  return (recent?.n ?? 0) <= MOST_RECEIPTS;
}

/** Whether a column in lower case is a mailbox, by any spelling and with any tag that leads to the same one. */
function isMailbox(column: SQL, address: string): SQL {
  const at = address.lastIndexOf('@');
  const [local = '', domain = ''] = [address.slice(0, at), address.slice(at)].map((part) =>
    part.toLowerCase(),
  );
  const plain = local.replace(/(?<=.)\+.*$/, '');
  const tagged = [plain, domain].map((part) => part.replaceAll(/[%_!]/g, '!$&')).join('+%');
  return sql`(${column} = ${plain + domain} or ${column} like ${tagged} escape '!')`;
}

function textOf({ text }: Pick<IncomingMail, 'text'>): string {
  const plain = storable(text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n'))
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  return cut(plain, LONGEST_TEXT) || '(no text)';
}

function oneLine(text: string, longest: number): string {
  const plain = storable(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return cut(plain, longest);
}

/** Without what a database or a feed cannot carry: what is left of a half character is marked. */
function storable(text: string): string {
  return text.toWellFormed().replace(/[\ufffe\uffff]/g, '');
}

/** The beginning of a text, without half a character at its end. */
function cut(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}
