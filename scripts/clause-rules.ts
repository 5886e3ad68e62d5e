import { readClauses, type ClauseReference } from './clause-reference.ts';

/** A rule of an agreement with the clauses that it comes from. */
export interface NamedRule {
  agreement: string;
  path: string;
  clauses: readonly ClauseReference[];
}

type Path = readonly string[];

/**
 * Every rule of an agreement that names a clause, by its path. A reading is one rule, whatever it replaces.
 * In the words on changes and in the notes on components the clauses stand in brackets at the end.
 */
export function rulesOf(agreement: string, data: unknown): NamedRule[] {
  const rules: NamedRule[] = [];
  const walk = (value: unknown, path: Path): void => {
    const clause = clauseOf(value, path);
    if (clause !== null)
      rules.push({ agreement, path: path.join('.'), clauses: readClauses(clause) });
    if (!isObject(value) || isReading(path)) return;
    for (const [key, child] of Object.entries(value)) walk(child, [...path, nameOf(key, child)]);
  };
  walk(data, []);
  return rules;
}

function clauseOf(value: unknown, path: Path): string | null {
  if (path.join('.') === 'version.changes') return inBrackets(value);
  if (!isObject(value)) return null;
  if (typeof value['clause'] === 'string') return value['clause'];
  const isComponent = path[0] === 'components' && path.length === 2;
  return isComponent ? inBrackets(value['note']) : null;
}

function inBrackets(value: unknown): string | null {
  return typeof value === 'string' ? (/\(([^()]+)\)\.?$/.exec(value)?.[1] ?? null) : null;
}

function isReading(path: Path): boolean {
  return path[0] === 'readings' && path.length === 2;
}

/** Items of lists are called by their own names. */
function nameOf(key: string, value: unknown): string {
  if (!/^\d+$/.test(key) || !isObject(value)) return key;
  const name = value['id'] ?? value['name'];
  return typeof name === 'string' ? name : key;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
