import { DomainError } from '@upheld/domain/errors.ts';
import { textOfHtml } from '@upheld/services/ticket/mail-text.ts';
import { isMessageId, type IncomingMail } from '@upheld/services/ticket/receive-mail.ts';
import type { HeaderLines, ParsedMail } from 'mailparser';
import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';

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
  return { from: address, name, subject, text, messageId, automatic: automaticBy(values) };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * A mail as it came over the wire (RFC 5322). What is attached to it is left out. Throws
 * DomainError('invalid-input').
 */
export async function readRawMail(body: Buffer): Promise<IncomingMail> {
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(body, {
    skipTextToHtml: true,
    // It recurses into what somebody else wrote, for seconds on end.
    skipHtmlToText: true,
    skipImageLinks: true,
  });
  const automatic = automaticBy(headersOf(mail));
  const { subject = '', text, html, messageId = '' } = mail;
  const senders = mail.from?.value ?? [];
  const sender = senders[0] ?? { address: '', name: '' };
  return {
    from: senders.length === 1 ? (sender.address ?? '') : '',
    name: sender.name,
    subject,
    text: text || textOfHtml(html || ''),
    messageId: isMessageId(messageId) ? messageId : idOf(body),
    automatic,
  };
}

/** The same bytes are the same mail, also when it has no id, or one that is none. */
function idOf(body: Buffer): string {
  return `<${createHash('sha256').update(body).digest('hex')}@upheld>`;
}

/** Headers by their lower-case names. */
function headersOf(mail: ParsedMail): ReadonlyMap<string, string> {
  // The parser gives none where they are longer than it reads.
  const lines = mail.headerLines as HeaderLines | undefined;
  if (lines === undefined)
    throw new DomainError('invalid-input', 'this is no mail; its headers are too long to be read');
  return new Map(
    lines.map(({ key, line }) => [key.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** Why headers say that nobody wrote this to us (RFC 3834, RFC 2919, and what is in use); null: nothing does. */
function automaticBy(headers: ReadonlyMap<string, string>): string | null {
  const value = (name: string): string => headers.get(name)?.toLowerCase() ?? '';
  const submitted = value('auto-submitted').split(';')[0]?.trim() ?? '';
  if (submitted !== '' && submitted !== 'no') return `Auto-Submitted: ${submitted}`;
  if (/^(bulk|junk|list|auto_reply)$/.test(value('precedence')))
    return `Precedence: ${value('precedence')}`;
  for (const name of ['list-id', 'list-unsubscribe', 'x-autoreply', 'x-autorespond', 'feedback-id'])
    if (headers.has(name)) return `there is a ${name} header`;
  if (value('return-path') === '<>') return 'it is a notice of a mail server';
  return value('content-type').startsWith('multipart/report') ? 'it is a report on a mail' : null;
}
