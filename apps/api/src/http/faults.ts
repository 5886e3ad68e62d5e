import type { Fault } from '@upheld/domain/errors.ts';
import type { ZodError } from 'zod';

type Issue = ZodError['issues'][number];

/** What a schema refused, each with its path in the request: `text.nl`, `componentIds[1]`. */
export function faultsOf(error: ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, []));
}

function faultsOfIssue(issue: Issue, above: readonly PropertyKey[]): Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: pathText([...path, key]),
      message: 'is no known key',
    }));
  if (issue.code === 'invalid_union') {
    const [first] = issue.errors;
    if (first && first.length > 0) return first.flatMap((inner) => faultsOfIssue(inner, path));
  }
  return [{ path: pathText(path), message: words(issue) }];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function words(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const right = TYPES[issue.expected] ?? issue.expected;
      if (/received undefined/.test(issue.message)) return `is missing; write ${right}`;
      return ownWords(issue) ?? `must be ${right}`;
    }
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'is empty; write a text'
        : bound(issue.origin, `at least ${String(issue.minimum)}`);
    case 'too_big':
      return bound(issue.origin, `at most ${String(issue.maximum)}`);
    default:
      return issue.message;
  }
}

/** A message that one of our schemas gave; zod's own are for programmers. */
function ownWords(issue: Issue): string | null {
  return /^(Invalid|Too |Unrecognized|Expected)/.test(issue.message) ? null : issue.message;
}

function bound(origin: string, amount: string): string {
  if (origin === 'string') return `must have ${amount} characters`;
  return origin === 'array' ? `must have ${amount} entries` : `must be ${amount}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
