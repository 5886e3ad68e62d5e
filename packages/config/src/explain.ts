import { nearest } from '@upheld/domain/nearest.ts';
import type { core } from 'zod';
import type { Path, PathFault } from './path.ts';
import { knownKeys } from './json-schema.ts';

type Issue = core.$ZodIssue;
type KeysAt = (path: Path) => readonly string[];

const SECRET_KEYS = new Set(['password', 'authToken', 'secret', 'headers', 'body']);
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

/**
 * Turns what the schema refused into faults that say what would be right. `keysAt` gives the keys that
 * may stand at a path; by default those of upheld.yaml.
 */
export function explain(issues: readonly Issue[], keysAt: KeysAt = knownKeys): PathFault[] {
  const faults = issues.flatMap((issue) => explainIssue(issue, [], keysAt));
  const suggested = new Set(
    faults.flatMap((fault) =>
      fault.meant === undefined ? [] : [key(fault.path.slice(0, -1), fault.meant)],
    ),
  );
  // A misspelt key is one fault: that the right one is missing follows from it.
  return faults.filter((fault) => !(fault.missing === true && suggested.has(key(fault.path))));
}

type Working = PathFault & { missing?: true; meant?: string };

const key = (path: Path, last?: string): string =>
  [...path, ...(last === undefined ? [] : [last])].join('\n');

function explainIssue(issue: Issue, above: Path, keysAt: KeysAt): Working[] {
  const path: Path = [...above, ...issue.path.map((step) => plain(step))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((unknown) => unknownKey(path, unknown, keysAt));
    case 'invalid_union':
      return explainUnion(issue, path, keysAt);
    case 'invalid_type':
      return [wrongType(issue, path)];
    case 'invalid_value':
      return [{ path, message: oneOf(shown(path, issue.input), issue.values.map(String), issue) }];
    case 'too_small':
    case 'too_big':
      return [{ path, message: outOfRange(issue) }];
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => explainIssue(inner, path, keysAt));
    case 'invalid_format':
    case 'not_multiple_of':
    case 'custom':
      return [{ path, message: `${shown(path, issue.input)} is not right; ${issue.message}` }];
  }
}

function plain(step: PropertyKey): string | number {
  return typeof step === 'symbol' ? step.toString() : step;
}

function unknownKey(path: Path, unknown: string, keysAt: KeysAt): Working {
  const known = keysAt(path);
  if (known.includes(unknown))
    return { path: [...path, unknown], message: 'cannot stand beside the other keys here' };
  const meant = nearest(unknown, known);
  const advice =
    meant === null ? `the keys here are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return {
    path: [...path, unknown],
    message: `is no known key; ${advice}`,
    ...(meant === null ? {} : { meant }),
  };
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>, path: Path): Working {
  const right = ownWords(issue) ?? `write ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.input === undefined) return { path, missing: true, message: `is missing; ${right}` };
  return { path, message: `is ${typeInWords(issue.input)}; ${right}` };
}

/** A message of our own schema; zod's own words are for programmers. */
function ownWords(issue: Issue): string | null {
  return /^(Invalid|Too |Unrecognized)/.test(issue.message) ? null : issue.message;
}

function typeInWords(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : (TYPES[typeof value] ?? typeof value);
}

function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  keysAt: KeysAt,
): Working[] {
  if ('options' in issue) {
    const given: unknown =
      typeof issue.input === 'object' && issue.input !== null
        ? (issue.input as Record<string, unknown>)[String(path.at(-1))]
        : undefined;
    if (given === undefined)
      return [{ path, missing: true, message: `is missing; write ${issue.options.join(' or ')}` }];
    return [{ path, message: oneOf(shown(path, given), issue.options.map(String), issue) }];
  }
  const meant = meantBranch(issue);
  // Without one, every branch's type is right.
  if (meant) return meant.flatMap((inner) => explainIssue(inner, path, keysAt));
  const types = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) =>
      inner.code === 'invalid_type' ? [TYPES[inner.expected] ?? inner.expected] : [],
    ),
  );
  const state = issue.input === undefined ? 'is missing' : `is ${typeInWords(issue.input)}`;
  return [{ path, message: `${state}; write ${[...new Set(types)].join(' or ')}` }];
}

/** The branch of the right type is the one that was meant, and of several the one that knows every key. */
function meantBranch({
  errors,
  input,
}: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | undefined {
  const isWord = typeof input !== 'object';
  const atTop = (branch: readonly Issue[]): string[] =>
    branch.filter((inner) => inner.path.length === 0).map(({ code }) => code);
  const fits = (errors as readonly (readonly Issue[])[]).filter((branch) =>
    atTop(branch).every((code) => code !== 'invalid_type' && (isWord || code !== 'invalid_value')),
  );
  return fits.find((branch) => !atTop(branch).includes('unrecognized_keys')) ?? fits[0];
}

function oneOf(given: string, options: readonly string[], issue: Issue): string {
  if (issue.code === 'invalid_value' && issue.input === undefined)
    return `is missing; write ${options.join(', ')}`;
  const meant = nearest(given.replaceAll('"', ''), options);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  return `${given} is not known; write one of ${options.join(', ')}${hint}`;
}

function outOfRange(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const bound = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'string')
    return issue.code === 'too_small' && limit === 1
      ? 'is empty; write a text'
      : `must have ${bound} ${String(limit)} characters`;
  if (issue.origin === 'array')
    return `must have ${bound} ${String(limit)} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `${String(issue.input)} is out of range; write ${bound} ${String(limit)}`;
}

/** The value as the operator wrote it, unless it may be a secret. */
function shown(path: Path, value: unknown): string {
  if (path.some((step) => SECRET_KEYS.has(String(step)))) return 'the given value';
  if (value === undefined) return 'nothing';
  const text = typeof value === 'object' ? typeInWords(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}
