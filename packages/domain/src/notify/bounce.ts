import { reasonText } from './retry.ts';

/** What a mail server tells of a mail that it could not deliver (RFC 3464), as far as we need it. */
export interface DeliveryFailure {
  /** Hard: nobody is there. Soft: it may be better tomorrow. */
  kind: 'hard' | 'soft';
  /** Its enhanced code (RFC 3463) and its own words, on one line. */
  reason: string;
}

/** Refusals that are no fault of the address: a full mailbox, no route to it, a rule against us. */
const SOFT_ALTHOUGH_5 = /^5\.(2\.2|4\.4|7\.)/;
const MOST_PARTS = 50;
const MOST_CHARACTERS = 512 * 1024;

/**
 * The first failure in a report on a mail; null where it is no report (a reply of somebody on leave), or one
 * that tells of a delay or a delivery. The text is that of the whole mail, as it came.
 */
export function readDeliveryFailure(mail: string): DeliveryFailure | null {
  const whole = split(mail.slice(0, MOST_CHARACTERS).replace(/\r\n?/g, '\n'));
  const { type, parameters } = contentType(whole.headers);
  if (type !== 'multipart/report' || parameters.get('report-type') !== 'delivery-status')
    return null;
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '') return null;
  for (const part of partsOf(whole.body, boundary)) {
    const { headers, body } = split(part);
    if (contentType(headers).type !== 'message/delivery-status') continue;
    // The first block is about the mail, the others each about one recipient.
    const blocks = body.trim().split(/\n[ \t]*\n/);
    for (const block of blocks.slice(1)) {
      const failure = failureOf(fieldsOf(block));
      if (failure) return failure;
    }
  }
  return null;
}

/** The addresses that a mail went to, by its headers; one in the envelope is not always among them. */
export function recipientsOf(mail: string): string[] {
  const { headers } = split(mail.slice(0, MOST_CHARACTERS).replace(/\r\n?/g, '\n'));
  return ['delivered-to', 'x-original-to', 'envelope-to', 'to'].flatMap(
    (name) => headers.get(name)?.match(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,255}/g) ?? [],
  );
}

type Fields = ReadonlyMap<string, string>;

function failureOf(fields: Fields): DeliveryFailure | null {
  if (fields.get('action')?.toLowerCase() !== 'failed') return null;
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? '';
  if (!/^[45]/.test(status)) return null;
  const said = (fields.get('diagnostic-code') ?? '').replace(/^[\w-]+\s*;/, '').trim();
  const kind = status.startsWith('5') && !SOFT_ALTHOUGH_5.test(status) ? 'hard' : 'soft';
  return { kind, reason: reasonText(status, said) };
}

/** Headers, unfolded, by their lower-case names (the first of each), and what comes after them. */
function split(text: string): { headers: Fields; body: string } {
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  return { headers: fieldsOf(head), body: end < 0 ? '' : text.slice(end + 2) };
}

function fieldsOf(block: string): Fields {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

function contentType(headers: Fields): { type: string; parameters: Fields } {
  const [type = '', ...rest] = (headers.get('content-type') ?? '').split(';');
  const parameters = new Map(
    rest.map((parameter) => {
      const [name = '', ...value] = parameter.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim().replace(/^"|"$/g, '')] as const;
    }),
  );
  return { type: type.trim().toLowerCase(), parameters };
}

function partsOf(body: string, boundary: string): string[] {
  const [, ...parts] = `\n${body}`.split(`\n--${boundary}`);
  return parts
    .slice(0, MOST_PARTS)
    .filter((part) => !part.startsWith('--'))
    .map((part) => part.slice(part.indexOf('\n') + 1));
}
