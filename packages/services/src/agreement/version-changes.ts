import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Replacements } from '@upheld/domain/sla/replace.ts';
import { isWhole, spaced, valueWords } from './value-words.ts';

/** One thing that a version says otherwise. */
export interface VersionChange {
  /** Where it stands in the file. */
  path: string;
  /** The same in words. */
  what: string;
  /** Null where there was nothing, and where nothing is left. */
  before: string | null;
  after: string | null;
  /** Where the contract says it. */
  clause: string | null;
}

/** What differs under the pieces that a version replaces, in words, with every default filled in. */
export function versionChanges(
  before: Agreement,
  after: Agreement,
  replaces: Replacements,
): VersionChange[] {
  const found = new Map<string, VersionChange>();
  for (const piece of Object.keys(replaces)) {
    const path = piece.split('.');
    const [was, is] = [leavesAt(before.document, path), leavesAt(after.document, path)];
    for (const name of new Set([...was.keys(), ...is.keys()])) {
      const [first, then] = [was, is].map((leaves) => told(name, leaves.get(name)));
      if (first === undefined || then === undefined || first === then) continue;
      const clause = clauseAt(after.document, name) ?? clauseAt(before.document, name);
      found.set(name, { path: name, what: pathWords(name), before: first, after: then, clause });
    }
  }
  return [...found.values()];
}

/** Keys whose values are percentages. */
const SHARES = ['norm', 'below'];

function told(path: string, value: unknown): string | null {
  const words = valueWords(value);
  return words !== null && SHARES.some((key) => path.endsWith(`.${key}`)) ? `${words}%` : words;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A list is known by the ids of its entries, where they have one. */
function stepInto(node: unknown, step: string): unknown {
  if (Array.isArray(node))
    return node.find((one: unknown, index) => keyOf(one, index) === step) as unknown;
  return isTree(node) && Object.hasOwn(node, step) ? node[step] : undefined;
}

function keyOf(entry: unknown, index: number): string {
  return isTree(entry) && typeof entry['id'] === 'string' ? entry['id'] : String(index);
}

function leavesAt(document: object, path: readonly string[]): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const node = path.reduce<unknown>(stepInto, document);
  const walk = (value: unknown, at: readonly string[]): void => {
    if (value === undefined) return;
    if (isWhole(value)) leaves.set(at.join('.'), value);
    else if (Array.isArray(value))
      value.forEach((one: unknown, index) => walk(one, [...at, keyOf(one, index)]));
    else for (const [key, one] of Object.entries(value as object)) walk(one, [...at, key]);
  };
  walk(node, path);
  return leaves;
}

/** The clause of the rule that a path belongs to: its own, or that of the nearest above it. */
function clauseAt(document: object, name: string): string | null {
  const path = name.split('.');
  for (let length = path.length; length > 0; length -= 1) {
    const node = path.slice(0, length).reduce<unknown>(stepInto, document);
    const clause = isTree(node) ? node['clause'] : undefined;
    if (typeof clause === 'string') return clause === '-' ? null : clause;
  }
  return null;
}

function pathWords(path: string): string {
  const words = path.split('.').map(spaced).join(' › ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
