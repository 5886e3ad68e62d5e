import type { Fault } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import type { ZodError, ZodType } from 'zod';
import { keysAt, requiredAt, type Path } from './shape.ts';

type Issue = ZodError['issues'][number];

/** What was held against a schema. */
interface Given {
  schema: ZodType;
  input: unknown;
}

/**
 * What a schema refused, each with its path in the input, `text.nl` or `componentIds[1]`, and with what
 * would be right there. The one place where what zod says becomes what people read.
 */
export function faultsOf(error: ZodError, given: Given): Fault[] {
  const found = error.issues.flatMap((issue) => faultsOfIssue(issue, [], given));
  const meant = new Set(found.flatMap((fault) => fault.meant ?? []));
  // A misspelt key is one fault: that the right one is missing follows from it.
  return found
    .filter(({ missing, path }) => !missing || !meant.has(pathText(path)))
    .map(({ path, message }) => ({ path: pathText(path), message }));
}

interface Found {
  path: Path;
  message: string;
  missing?: boolean;
  /** The path of the key that was probably meant. */
  meant?: string;
}

function faultsOfIssue(issue: Issue, above: Path, given: Given): Found[] {
  const path: Path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(key, path, given));
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors;
    if (first && first.length > 0)
      return first.flatMap((inner) => faultsOfIssue(inner, path, given));
  }
  const missing = valueAt(given.input, path) === undefined;
  return [
    { path, message: missing ? absent(issue, path, given) : words(issue, path, given), missing },
  ];
}

function unknownKey(key: string, path: Path, { schema }: Given): Found {
  const known = keysAt(schema, path);
  const meant = nearest(key, known);
  const found = { path: [...path, key] };
  if (meant !== null)
    return {
      ...found,
      message: `is no known key; did you mean "${meant}"?`,
      meant: pathText([...path, meant]),
    };
  const advice = known.length === 0 ? 'leave it out' : `the keys here are ${known.join(', ')}`;
  return { ...found, message: `is no known key; ${advice}` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function absent(issue: Issue, path: Path, given: Given): string {
  const own = ownWords(issue);
  if (own !== null)
    return /^is /.test(own) ? own : `is missing; ${own.replace(/^must be/, 'write')}`;
  if (issue.code === 'invalid_value') return `is missing; write ${oneOf(issue.values)}`;
  if (issue.code !== 'invalid_type') return 'is missing';
  return `is missing; write ${example(path, given) ?? TYPES[issue.expected] ?? issue.expected}`;
}

function words(issue: Issue, path: Path, given: Given): string {
  const own = ownWords(issue);
  if (own !== null) return own;
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, path, given);
    case 'invalid_value':
      return wrongValue(issue.values, valueAt(given.input, path));
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'is empty; write a text'
        : bound(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, 'at most', issue.maximum);
    default:
      return issue.message;
  }
}

function wrongType(expected: string, path: Path, given: Given): string {
  const shape = expected === 'object' ? example(path, given) : null;
  const right = TYPES[expected] ?? expected;
  return shape === null ? `must be ${right}` : `must be ${right}; write ${shape}`;
}

function wrongValue(values: readonly unknown[], value: unknown): string {
  const meant = typeof value === 'string' ? nearest(value, values.map(String)) : null;
  return `must be ${oneOf(values)}${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}

/** A message that one of our schemas gave; zod's own are for programmers. */
function ownWords(issue: Issue): string | null {
  return /^(Invalid|Too |Unrecognized|Expected)/.test(issue.message) ? null : issue.message;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

/** An object as it would be written, with the keys that it must have; null where it has none. */
function example(path: Path, { schema }: Given): string | null {
  const keys = requiredAt(schema, path);
  return keys.length === 0 ? null : `{${keys.map((key) => `"${key}": …`).join(', ')}}`;
}

function bound(origin: string, how: string, amount: unknown): string {
  const count = `${how} ${String(amount)}`;
  if (origin === 'string') return `must have ${count} characters`;
  if (origin !== 'array') return `must be ${count}`;
  return `must have ${count} ${Number(amount) === 1 ? 'entry' : 'entries'}`;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined,
    input,
  );
}

/** `text.nl`, `componentIds[1]` */
export function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
