import { parseAgreement } from '@upheld/config/agreements.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { parseFacts } from '@upheld/domain/sla/parse-facts.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { createHash } from 'node:crypto';
import { z } from 'zod';

const FORMAT = 'upheld-closed-period';
const VERSION = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

// Facts and statement are the formats of `upheld statement`; they are looked at by what reads those.
const documentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  component: z.string(),
  agreement: z.string(),
  period: z.string(),
  revision: z.int().min(1),
  /** SHA-256 of the document of the revision before it. */
  previous: hash.nullable(),
  closedAt: z.iso.datetime(),
  reason: z.string().nullable(),
  facts: z.custom<Facts>((value) => value !== null && typeof value === 'object'),
  agreementText: z.string(),
  statement: z.custom<Statement>((value) => value !== null && typeof value === 'object'),
});

/** One revision of a closed period: what was known, what was agreed, and what follows from both. */
export type PeriodDocument = z.infer<typeof documentSchema>;

/** What a document says of its place; the rest follows from facts and agreement. */
export type DocumentHead = Pick<
  PeriodDocument,
  'component' | 'agreement' | 'period' | 'revision' | 'previous' | 'closedAt' | 'reason'
>;

/** What is frozen: the facts and the public text of the agreement that judges them. */
export interface Frozen {
  facts: Facts;
  agreementText: string;
}

/**
 * The document of a revision as the one text that is kept, hashed and given away. The statement is made from
 * the text of the agreement itself, so that whoever has the document can make it again.
 */
export function writeDocument(head: DocumentHead, { facts, agreementText }: Frozen): string {
  const { component, agreement, period, revision, previous, closedAt, reason } = head;
  return textOf({
    format: FORMAT,
    version: VERSION,
    ...{ component, agreement, period, revision, previous, closedAt, reason },
    facts,
    agreementText,
    statement: statement(facts, agreementOf(agreement, agreementText)),
  });
}

function textOf(document: PeriodDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** SHA-256 of the bytes of a document, in hexadecimal: what `sha256sum` prints of the file. */
export function hashOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The document in a text that was kept. Throws DomainError('invalid-input') for what is none. */
export function readDocument(text: string): PeriodDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DomainError('invalid-input', `it is no JSON: ${why}`);
  }
  const parsed = documentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new DomainError(
    'invalid-input',
    `it is no document of a closed period: ${[where, issue?.message].filter(Boolean).join(': ')}`,
  );
}

const MOST_READ = 50;
const agreements = new Map<string, Agreement>();

/** The agreement in a document. Throws DomainError('invalid-input') with every fault of it. */
export function agreementOf(reference: string, text: string): Agreement {
  let agreement = agreements.get(text);
  if (!agreement) {
    agreement = parseAgreement(text, reference);
    if (agreements.size >= MOST_READ) agreements.clear();
    agreements.set(text, agreement);
  }
  return agreement;
}

export type DocumentVerdict =
  | { ok: true; hash: string; document: PeriodDocument }
  /**
   * `unreadable`: it is no such document, or what it holds is of no use. `rewritten`: it holds what such a
   * document holds, and was written down in another way. `statement`: its facts and agreement give another
   * one here.
   */
  | { ok: false; hash: string; kind: 'unreadable' | 'rewritten' | 'statement'; why: string };

/**
 * Looks at a document with nothing but the document: its facts and agreement must give its statement, byte
 * for byte, and it must be written as such documents are. Who has its hash from elsewhere compares that too.
 */
export function verifyDocument(bytes: string | Uint8Array): DocumentVerdict {
  const hash = hashOf(bytes);
  const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
  try {
    const document = readDocument(text);
    const agreement = agreementOf(document.agreement, document.agreementText);
    mustBeSound(document, agreement);
    // A text that was not UTF-8 is not the text that was hashed.
    if (textOf(document) !== text || hashOf(text) !== hash)
      return { ok: false, hash, kind: 'rewritten', why: 'it was written anew by other hands' };
    const again = JSON.stringify(statement(document.facts, agreement));
    if (again === JSON.stringify(document.statement)) return { ok: true, hash, document };
    const why = 'its facts and its agreement give another statement than the one in it';
    return { ok: false, hash, kind: 'statement', why };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, hash, kind: 'unreadable', why: error.message };
  }
}

function mustBeSound({ facts, agreement, period }: PeriodDocument, rules: Agreement): void {
  const parsed = parseFacts(facts, { ids: () => [agreement], get: () => rules });
  if (!parsed.ok) {
    const [fault] = parsed.faults;
    throw unusable(`its facts are of no use: ${fault?.path ?? ''} ${fault?.message ?? ''}`);
  }
  if (facts.agreement !== agreement) throw unusable('its facts are of another agreement');
  if (periodText(facts.period) !== period) throw unusable('its facts are of another period');
}

function unusable(message: string): DomainError {
  return new DomainError('invalid-input', message);
}
