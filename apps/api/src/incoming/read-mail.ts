import { DomainError } from '@upheld/domain/errors.ts';
import { oneLine } from '@upheld/domain/notify/phrases.ts';
import { textOfHtml } from '@upheld/services/ticket/mail-text.ts';
import { isMessageId, type IncomingMail } from '@upheld/services/ticket/receive-mail.ts';
import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { automaticBy, wantsNoAnswer } from './automatic.ts';
import { parseMime, type Attached, type MimeMail } from './parse-mime.ts';
import type { Claimed } from './prove-sender.ts';

/** The form of a mail as JSON. */
export const jsonMail = z.object({
  from: z.string().max(1000),
  to: z.string().max(10_000).optional(),
  subject: z.string().max(2000).default(''),
  text: z.string().default(''),
  messageId: z.string().max(1000),
  headers: z.record(z.string(), z.string()).default({}),
});

/** A mail that a service posts as JSON. Throws DomainError('invalid-input'). */
export function readJsonMail(body: Buffer): IncomingMail {
  const parsed = jsonMail.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new DomainError(
      'invalid-input',
      'this is no mail; write from, to, subject, text and messageId',
      parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    );
  const { from, subject, text, messageId, headers } = parsed.data;
  const [, name = '', address = from] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? [];
  const values = new Map(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    from: address,
    name,
    subject,
    text,
    messageId,
    automatic: automaticBy(values),
    wantsNoAnswer: wantsNoAnswer(values, subject),
    // What it was made from would prove it, and is not here any more.
    senderProof: null,
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A mail as it came over the wire, and what is to be proven of it. */
export interface RawMail {
  mail: IncomingMail;
  claimed: Claimed;
}

/**
 * A mail as it came over the wire (RFC 5322). What is attached to it is named and left out. Throws
 * DomainError('invalid-input').
 */
export async function readRawMail(body: Buffer): Promise<RawMail> {
  const mail = await parseMime(body);
  const headers = firstOf(mail);
  const { subject, messageId, senders } = mail;
  const isFromOne = senders.length === 1 && countOf(mail, 'from') === 1;
  const from = isFromOne ? (senders[0]?.address ?? '') : '';
  return {
    mail: {
      from,
      name: senders[0]?.name ?? '',
      subject,
      text: [textOf(mail), leftOut(mail.attached)].filter(Boolean).join('\n\n'),
      messageId: isMessageId(messageId) ? messageId : idOf(body),
      automatic: automaticBy(headers),
      wantsNoAnswer: wantsNoAnswer(headers, subject),
      senderProof: null,
    },
    claimed: {
      from,
      received: mail.headers.flatMap(({ key, line }) => (key === 'received' ? [line] : [])),
      returnPath: (headers.get('return-path') ?? '').replace(/^<|>$/g, ''),
      fromLine: mail.headers.find(({ key }) => key === 'from')?.line ?? '',
      signatures: countOf(mail, 'dkim-signature'),
      ambiguous: ONCE.some((name) => countOf(mail, name) > 1),
    },
  };
}

/** Headers that may stand once: which of two a signature is about, and which one is read, may differ. */
const ONCE = ['from', 'subject', 'content-type', 'content-transfer-encoding'];

function countOf({ headers }: MimeMail, name: string): number {
  return headers.filter(({ key }) => key === name).length;
}

/** Far more than is kept. */
const LONGEST_TEXT = 200_000;

/** Its plain text; of a mail that has none, or nothing in it, what its HTML says. */
function textOf({ text, html }: MimeMail): string {
  const plain = text.slice(0, LONGEST_TEXT);
  return plain.trim() === '' ? textOfHtml(html) : plain;
}

const MOST_NAMED = 20;

/** What is not kept, so that nobody waits for what they never saw. */
function leftOut(attached: readonly Attached[]): string {
  const shown = attached.slice(0, MOST_NAMED).map(({ name, type, bytes }) => {
    const size =
      bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;
    return `[Attached, not kept: ${oneLine(name).slice(0, 100) || type}, ${size}]`;
  });
  const more = attached.length - shown.length;
  return [...shown, ...(more > 0 ? [`[Attached, not kept: ${more} more]`] : [])].join('\n');
}

/** The same bytes are the same mail, also when it has no id, or one that is none. */
function idOf(body: Buffer): string {
  return `<${createHash('sha256').update(body).digest('hex')}@upheld>`;
}

/** Headers by their lower-case names; of several the topmost, which came last. */
function firstOf({ headers }: MimeMail): ReadonlyMap<string, string> {
  return new Map(
    headers.toReversed().map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
  );
}
