import type { Fault } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { momentOfWall } from './wall-time.ts';

/** What was sent with a form, as the verbs of a page read it. */
export interface Posted {
  /** A field, trimmed; empty when it was not sent. */
  text(name: string): string;
  /** A field as it was sent: for passwords. */
  raw(name: string): string;
  /** The same, undefined when it is empty: for what may be left out. */
  optional(name: string): string | undefined;
  /** Every value of boxes or choices of one name. */
  texts(name: string): string[];
  flag(name: string): boolean;
  /** The fields `name.nl` and `name.en` of a TextPair. */
  pair(name: string): Localised;
  /**
   * A field of type datetime-local as an instant in `zone`; undefined when it is empty. Throws
   * DomainError('invalid-input') for what is no moment, and for one that occurs twice or never.
   */
  moment(name: string, zone: string): Instant | undefined;
  has(name: string): boolean;
}

/** One form of a page: what was typed and what was wrong, when it was the one that was sent. */
export interface FormState {
  /** The verb, which is also the beginning of the ids of its fields. */
  verb: string;
  /** Whether it was sent and refused. */
  refused: boolean;
  /** What is wrong in one line; null when nothing is. */
  message: string | null;
  faults: readonly Fault[];
  /** What to show in a field: what was typed, else `initial`. */
  value(name: string, initial?: string): string;
  values(name: string, initial?: readonly string[]): readonly string[];
  checked(name: string, value: string, initial?: boolean): boolean;
  /** What is wrong with a field; null when nothing is. */
  error(name: string): string | null;
}

/** Every form of a page, after it was read or posted to. */
export interface Forms<T = never> {
  /** The form of a verb. */
  form(verb: string): FormState;
  /** What a verb gave to be shown once; null otherwise. */
  shown: T | null;
  /** The verb that was refused; null when none was. */
  refused: string | null;
}

export interface Outcome {
  verb: string;
  data: FormData;
  message: string;
  faults: readonly Fault[];
}

/** The fields of a posted form. */
export function posted(data: FormData): Posted {
  const raw = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
  // A browser sends every line break of a textarea as CR LF; in our records a line ends in LF.
  const text = (name: string): string => raw(name).replaceAll('\r\n', '\n').trim();
  return {
    text,
    raw,
    optional: (name) => text(name) || undefined,
    texts: (name) => data.getAll(name).filter((value) => typeof value === 'string'),
    flag: (name) => data.has(name),
    pair: (name) => ({ nl: text(`${name}.nl`), en: text(`${name}.en`) }),
    moment: (name, zone) => (text(name) === '' ? undefined : momentOfWall(text(name), zone, name)),
    has: (name) => data.has(name),
  };
}

/** The forms of a page; `outcome` is what became of the one that was sent, if it was refused. */
export function forms<T>(outcome: Outcome | null, shown: T | null): Forms<T> {
  return {
    form: (verb) => formState(verb, outcome?.verb === verb ? outcome : null),
    shown,
    refused: outcome?.verb ?? null,
  };
}

function formState(verb: string, outcome: Outcome | null): FormState {
  const typed = outcome?.data ?? null;
  const values = (name: string): string[] =>
    typed?.getAll(name).filter((value) => typeof value === 'string') ?? [];
  return {
    verb,
    refused: outcome !== null,
    message: outcome?.message ?? null,
    faults: outcome?.faults ?? [],
    value: (name, initial = '') => (typed ? (values(name)[0] ?? '') : initial),
    values: (name, initial = []) => (typed ? values(name) : initial),
    checked: (name, value, initial = false) => (typed ? values(name).includes(value) : initial),
    error: (name) =>
      outcome?.faults
        .filter(({ path }) => fieldOf(path) === name || path === name)
        .map(({ message }) => sentence(message))
        .join(' ') || null,
  };
}

/** The field that a path of a fault is about: without the places in a list. */
export function fieldOf(path: string): string {
  return path.replace(/\[.*$/, '');
}

/** The id of a field in the page. */
export function idOf(verb: string, name: string): string {
  return `${verb}-${name}`.replace(/[^A-Za-z0-9_-]/g, '-');
}

/** A message of a fault, such as 'is empty; write …', as a sentence of its own. */
export function sentence(message: string): string {
  const rest = message.replace(/^is (?=\S)/, 'This is ');
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}${/[.!?]$/.test(rest) ? '' : '.'}`;
}
