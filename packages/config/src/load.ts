import type { Fault } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import { readFileSync } from 'node:fs';
import type { core } from 'zod';
import { checkConfig, type NamedAgreements } from './check.ts';
import type { Variables } from './environment.ts';
import { explain } from './explain.ts';
import { interpolate } from './interpolate.ts';
import { pathText, type PathFault } from './path.ts';
import { configSchema, type Config } from './schema.ts';
import { FILE_BOUNDS } from './yaml-bounds.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** One thing to mend in the configuration: where it stands, and what would be right. */
export interface ConfigFault extends Fault {
  /** From 1; 0 where the fault is of the file as a whole. */
  line: number;
}

/** A configuration, and what it was made from. */
export interface LoadedConfig {
  config: Config;
  /** What the file says, before variables were filled in and defaults added. It may hold secrets. */
  given: unknown;
  text: string;
}

export type Loaded = ({ ok: true } & LoadedConfig) | { ok: false; faults: readonly ConfigFault[] };

/**
 * Reads upheld.yaml whole and gives it frozen, or every fault in it at once. With `agreements`, the
 * agreements, components and severities that it names must exist there.
 */
export function loadConfig(
  path: string,
  variables: Variables,
  agreements?: NamedAgreements,
): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    return { ok: false, faults: [{ path, line: 0, message: why }] };
  }
  return parseConfig(text, variables, agreements);
}

/** The same for a text; by default as long as a file may be. */
export function parseConfig(
  text: string,
  variables: Variables,
  agreements?: NamedAgreements,
  bounds = FILE_BOUNDS,
): Loaded {
  const yaml = parseYaml(text, bounds);
  if (!yaml.ok)
    return {
      ok: false,
      faults: yaml.faults.map((fault) => ({ path: pathText([]), ...fault })),
    };

  const { source } = yaml;
  const filled = interpolate(source.data, variables);
  const parsed = parseFilled(filled.data, filled.fromEnvironment);
  const unset = new Set(filled.faults.map((fault) => pathText(fault.path)));
  const faults: PathFault[] = [...filled.faults];
  if (parsed.success) {
    const config = deepFreeze(parsed.data);
    faults.push(...checkConfig(config, agreements));
    if (faults.length === 0) return { ok: true, config, given: source.data, text };
  } else {
    // A value that could not be filled in is one fault, not also one of form.
    const { unread, data, issues } = asMeant(filled.data, parsed.error.issues);
    const ofForm = explain([...unread, ...issues]);
    faults.push(...ofForm.filter((fault) => !unset.has(pathText(fault.path))));
    const rest = withoutFaults(data, issues);
    if (rest) faults.push(...checkConfig(rest, agreements));
  }
  return { ok: false, faults: located(faults, source) };
}

/** Variables are texts: where the schema wants a number or a boolean, the text of one will do. */
function parseFilled(data: unknown, fromEnvironment: ReadonlySet<string>) {
  const first = configSchema.safeParse(data, { reportInput: true });
  if (first.success || fromEnvironment.size === 0) return first;
  let converted = 0;
  for (const issue of first.error.issues) {
    if (issue.code !== 'invalid_type' || !fromEnvironment.has(issue.path.join('\n'))) continue;
    const value = asType(String(issue.input), issue.expected);
    if (value === undefined) continue;
    replaceAt(data, issue.path, value);
    converted += 1;
  }
  return converted === 0 ? first : configSchema.safeParse(data, { reportInput: true });
}

/**
 * The schema does not look into what is of no kind that it knows. What that was meant to be is looked at
 * instead, so that one slip does not hide the others: `unread` are those issues, `issues` all the rest.
 */
function asMeant(
  data: unknown,
  issues: readonly core.$ZodIssue[],
): { unread: core.$ZodIssue[]; data: unknown; issues: readonly core.$ZodIssue[] } {
  const unread: core.$ZodIssue[] = [];
  const meant = structuredClone(data);
  for (const issue of issues) {
    if (issue.code !== 'invalid_union' || !('options' in issue)) continue;
    const options = issue.options.map(String);
    const given = valueAt(data, issue.path);
    unread.push(issue);
    replaceAt(meant, issue.path, nearest(String(given), options) ?? options[0]);
  }
  if (unread.length === 0) return { unread, data, issues };
  const parsed = configSchema.safeParse(meant, { reportInput: true });
  return { unread, data: meant, issues: parsed.success ? [] : parsed.error.issues };
}

/**
 * What is sound of a configuration with faults of form, so that what is wrong with its meaning is told in
 * the same go: without the keys and values that are at fault. Null where it cannot do without them.
 */
function withoutFaults(data: unknown, issues: readonly core.$ZodIssue[]): Config | null {
  const rest = structuredClone(data);
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.at(-1)];
    const holder = issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1);
    const node = valueAt(rest, holder);
    // Without one element the others of a list would stand in the place of another.
    if (!isTree(node) || Array.isArray(node)) return null;
    for (const key of keys) if (key !== undefined) Reflect.deleteProperty(node, key);
  }
  const parsed = configSchema.safeParse(rest);
  return parsed.success ? parsed.data : null;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (isTree(at) ? at[step] : undefined), data);
}

function isTree(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function asType(text: string, expected: string): number | boolean | undefined {
  if (expected === 'boolean') return { true: true, false: false }[text];
  const isNumber = ['number', 'int'].includes(expected) && /^-?\d+(\.\d+)?$/.test(text);
  return isNumber ? Number(text) : undefined;
}

function replaceAt(data: unknown, path: readonly PropertyKey[], value: unknown): void {
  let node = data as Record<PropertyKey, unknown>;
  for (const step of path.slice(0, -1)) node = node[step] as Record<PropertyKey, unknown>;
  const last = path.at(-1);
  if (last !== undefined) node[last] = value;
}

function located(faults: readonly PathFault[], source: YamlSource): ConfigFault[] {
  return faults
    .map((fault) => ({
      path: pathText(fault.path),
      line: source.lineOf(fault.path),
      message: fault.message,
    }))
    .sort((a, b) => a.line - b.line);
}

/** One fault as a line for the operator. */
export function faultLine(file: string, fault: ConfigFault): string {
  return fault.line === 0
    ? `${file}: ${fault.message}`
    : `${file}:${fault.line}: ${fault.path} ${fault.message}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Texts that no log line and no message may hold. */
export function secretsOf(config: Config): readonly string[] {
  const { email, sms } = config.channels;
  const ofOnCall = config.onCall?.people.map(({ webhook }) => webhook?.secret) ?? [];
  const ofMail = config.incoming?.mail?.secret;
  const headers = config.groups.flatMap((group) =>
    group.components.flatMap((component) =>
      component.monitors.flatMap((monitor) =>
        Object.entries(monitor.headers).flatMap(([name, value]) =>
          /auth|cookie|key|token|secret/i.test(name) ? [value] : [],
        ),
      ),
    ),
  );
  return [email?.smtp.password, sms?.authToken, ofMail, ...ofOnCall, ...headers].filter(
    (secret): secret is string => secret !== undefined && secret.length >= 4,
  );
}
