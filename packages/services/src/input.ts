import { DomainError, type Fault } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { faultsOf, pathText } from './faults.ts';

const LONGEST_TITLE = 200;
const LONGEST_BODY = 10_000;
const MOST_COMPONENTS = 1000;

/** A text in every language, trimmed; in the words of the person who leaves one out. */
function localisedText(longest: number) {
  const text = z
    .string('is missing; everything that customers read needs nl and en')
    .trim()
    .min(1, 'is empty; everything that customers read needs nl and en')
    .max(longest, `is too long; write at most ${longest} characters`);
  return z.strictObject({ nl: text, en: text }, 'is missing; write a text in nl and one in en');
}

export const titleInput = localisedText(LONGEST_TITLE);
export const bodyInput = localisedText(LONGEST_BODY);
export const reasonInput = z
  .string('is missing; say why, it is kept as evidence')
  .trim()
  .min(1, 'is empty; say why, it is kept as evidence')
  .max(LONGEST_BODY);
export const evidenceInput = z
  .string('is missing; say what shows it')
  .trim()
  .min(1, 'is empty; say what shows it, or leave it out')
  .max(LONGEST_BODY);
export const idInput = z.string('is missing').min(1, 'is empty').max(200);
/** Epoch milliseconds on a whole second: figures are computed in whole seconds. */
export const secondInput = z
  .int('is no instant')
  .refine((at) => at % 1000 === 0, 'is not on a whole second; leave the fraction out');
const YEAR_MS = 366 * 86_400_000;

/**
 * Refuses a moment that can only be a slip of the pen for something that people noticed: one that is still
 * to come, or more than a year ago. Throws DomainError('invalid-input').
 */
export function noticedBy(path: string, at: Instant, now: Instant): void {
  if (at > now) throw invalidInput([{ path, message: 'is in the future; leave it out for now' }]);
  if (at < now - YEAR_MS)
    throw invalidInput([
      { path, message: 'is more than a year ago; write a moment of the last 366 days' },
    ]);
}

export const componentsInput = z
  .array(idInput)
  .min(1, 'is empty; name at least one component')
  .max(MOST_COMPONENTS)
  .transform((ids) => [...new Set(ids)]);

/** The input in the form of a schema; throws DomainError('invalid-input') with every fault and its path. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    const faults = unstorable(parsed.data, []);
    if (faults.length > 0) throw invalidInput(faults);
    return parsed.data;
  }
  throw invalidInput(faultsOf(parsed.error, { schema, input }));
}

/**
 * No control characters but tab and line ends, no half surrogates, no noncharacters: a database refuses
 * some of them, XML (which feeds are) forbids the others.
 */
const UNSTORABLE = /(?![\t\n\r])[\p{Cc}\p{Surrogate}\ufffe\uffff]/u;

function unstorable(value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (typeof value === 'string')
    return UNSTORABLE.test(value)
      ? [{ path: pathText(path), message: 'has an invisible character that cannot be kept' }]
      : [];
  if (Array.isArray(value)) return value.flatMap((one, at) => unstorable(one, [...path, at]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => unstorable(one, [...path, key]));
}

/** The error for faults in an input, with the first of them as its line. */
export function invalidInput(faults: readonly Fault[]): DomainError {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const line = first ? [first.path, first.message].filter(Boolean).join(' ') : 'the input is wrong';
  return new DomainError('invalid-input', `${line}${more}`, faults);
}
