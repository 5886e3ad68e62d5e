import { DomainError } from '@upheld/domain/errors.ts';
import type { AttachmentStream, HeaderLines, Headers, MessageText } from 'mailparser';
import type { Readable } from 'node:stream';

/** A mail as it stands on the wire, without what is attached to it. */
export interface MimeMail {
  /** In the order in which they stand: the name in lower case, and the whole line. */
  headers: HeaderLines;
  senders: readonly { address?: string | undefined; name: string }[];
  subject: string;
  messageId: string;
  text: string;
  html: string;
  attached: readonly Attached[];
}

export interface Attached {
  /** As the sender called it; empty where they did not. */
  name: string;
  type: string;
  bytes: number;
}

/**
 * Reads a mail (RFC 5322, RFC 2045) part by part; what is attached is counted and never held. Throws
 * DomainError('invalid-input').
 */
export async function parseMime(body: Buffer): Promise<MimeMail> {
  if (headBytes(body) > LONGEST_HEAD) throw tooLong();
  const { MailParser } = await import('mailparser');
  const parser = new MailParser({
    skipTextToHtml: true,
    // It recurses into what somebody else wrote, for seconds on end.
    skipHtmlToText: true,
    skipImageLinks: true,
  });
  let headers: Headers = new Map();
  const found: HeaderLines[] = [];
  parser.on('headers', (read) => {
    headers = read;
  });
  parser.on('headerLines', (read) => {
    found.push(read);
  });
  parser.end(firstLines(body));
  let said: Partial<MessageText> = {};
  const attached: Attached[] = [];
  for await (const part of parser as AsyncIterable<AttachmentStream | MessageText>)
    if (part.type === 'text') said = part;
    else attached.push(await counted(part));
  // The parser gives none where they are longer than it reads.
  const [lines] = found;
  if (!lines) throw tooLong();
  return { headers: lines, ...namedIn(headers), ...textOf(said), attached };
}

/** What the headers of a mail may have in bytes: a list of addresses costs the square of its length. */
const LONGEST_HEAD = 128_000;

function headBytes(body: Buffer): number {
  const ends = [body.indexOf('\r\n\r\n'), body.indexOf('\n\n')].filter((end) => end >= 0);
  return Math.min(body.length, ...ends);
}

function tooLong(): DomainError {
  return new DomainError('invalid-input', 'this is no mail; its headers are too long to be read');
}

/** As many as 15 MB in base64 have, with room: each costs time, and nobody writes so many by hand. */
const MOST_LINES = 250_000;

function firstLines(body: Buffer): Buffer {
  let at = -1;
  for (let line = 0; line < MOST_LINES; line += 1) {
    at = body.indexOf(0x0a, at + 1);
    if (at < 0) return body;
  }
  return body.subarray(0, at + 1);
}

async function counted(part: AttachmentStream): Promise<Attached> {
  let bytes = 0;
  for await (const chunk of part.content as Readable) bytes += (chunk as Buffer).length;
  part.release();
  return { name: part.filename ?? '', type: part.contentType, bytes };
}

function namedIn(headers: Headers): Pick<MimeMail, 'senders' | 'subject' | 'messageId'> {
  const text = (name: string): string => {
    const value = headers.get(name);
    return typeof value === 'string' ? value : '';
  };
  const from = headers.get('from');
  const senders = typeof from === 'object' && 'value' in from && Array.isArray(from.value);
  return {
    senders: senders ? (from.value as MimeMail['senders']) : [],
    subject: text('subject'),
    messageId: text('message-id'),
  };
}

function textOf({ text = '', html = '' }: Partial<MessageText>): Pick<MimeMail, 'text' | 'html'> {
  return { text, html: typeof html === 'string' ? html : '' };
}
