import type { Fault } from '@upheld/domain/errors.ts';
import { readFileSync } from 'node:fs';
import type { Variables } from './environment.ts';
import type { Path, PathFault } from './path.ts';

interface Interpolated {
  data: unknown;
  faults: readonly PathFault[];
  /** Paths, joined by a line end, whose whole text came from the environment. */
  fromEnvironment: ReadonlySet<string>;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/**
 * Replaces `${NAME}` in every text by the variable NAME, or by what the file holds that NAME_FILE
 * names (without its last line end); `$${` stands for a literal `${`.
 */
export function interpolate(data: unknown, variables: Variables): Interpolated {
  const faults: PathFault[] = [];
  const fromEnvironment = new Set<string>();

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') {
      const { text, problems } = fill(value, variables);
      faults.push(...problems.map((message) => ({ path, message })));
      if (/^\$\{[^}]*\}$/.test(value)) fromEnvironment.add(path.join('\n'));
      return text;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, walk(inner, [...path, key])]),
      );
    return value;
  };

  return { data: walk(data, []), faults, fromEnvironment };
}

function fill(text: string, variables: Variables): { text: string; problems: string[] } {
  const problems: string[] = [];
  const filled = text.replace(REFERENCE, (match, name: string | undefined, end: string) => {
    if (name === undefined) return '${';
    if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push('holds a "${" that names no variable; write ${NAME}, or $${ for a literal ${');
      return match;
    }
    const found = lookUp(name, variables);
    if (found.ok) return found.value;
    problems.push(found.message);
    return match;
  });
  return { text: filled, problems };
}

function lookUp(
  name: string,
  variables: Variables,
): { ok: true; value: string } | { ok: false; message: Fault['message'] } {
  const value = variables[name];
  if (value !== undefined && value !== '') return { ok: true, value };
  const file = variables[`${name}_FILE`];
  if (file === undefined || file === '')
    return {
      ok: false,
      message: `needs the environment variable ${name}, which is not set; set it, or set ${name}_FILE to a file that holds it`,
    };
  try {
    return { ok: true, value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return {
      ok: false,
      message: `needs the file ${file} that ${name}_FILE names, which cannot be read (${why})`,
    };
  }
}
