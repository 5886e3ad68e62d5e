import { configSchema, type Config } from './schema.ts';
import { branches, configSchemaNode, type Node } from './json-schema.ts';
import { secretsOf } from './load.ts';

/** Where the value of a setting comes from; `environment`: the file names variables for it. */
export const ORIGINS = ['file', 'environment', 'default', 'unset'] as const;
export type Origin = (typeof ORIGINS)[number];

/** One setting of upheld.yaml as it may be shown to whoever may see settings. */
export interface Setting {
  /** From the root; elements of lists by their id, or by their place from 1. */
  path: string;
  /** The same with * for elements and for names that the operator chose. */
  pattern: string;
  /** As the file would say it; null for what is not set, and for what is never shown. */
  value: string | null;
  /** What it is, in the words of the schema. */
  about: string | null;
  /** It may hold a secret: only whether it is set is told. */
  hidden: boolean;
  origin: Origin;
}

/** A difference between two configurations; null: it was, or is, not there at all. */
export interface SettingChange {
  path: string;
  before: string | null;
  after: string | null;
}

/** A setting with what it really is, to compare it by. */
interface Leaf {
  setting: Setting;
  raw: string;
}

interface Walked {
  leaves: Leaf[];
  /** Paths of the elements that have an id. */
  elements: string[];
}

const SECRET_KEYS = new Set(['password', 'authToken', 'secret', 'body']);
const REFERENCE = /\$\{[A-Za-z_][A-Za-z0-9_]*\}/g;
const DURATION_PATTERN = String.raw`^\d+(ms|s|m|h)$`;

/**
 * Every setting that there is, in the order of the schema, with its value and where that comes from. No
 * secret is among them, and no value that the environment gave: of that, the names of its variables.
 */
export function settingsOf(config: Config, given: unknown): Setting[] {
  return walk(config, given).leaves.map(({ setting }) => setting);
}

/** What holds for a monitor that does not say otherwise, with paths from the monitor on. */
export function monitorDefaults(): Setting[] {
  const id = 'any';
  const given = {
    organisation: { name: id },
    pages: [{ id, title: id }],
    groups: [
      {
        id,
        name: id,
        components: [{ id, name: id, monitors: [{ id, kind: 'http', url: 'http://any.invalid' }] }],
      },
    ],
  };
  const start = `groups.${id}.components.${id}.monitors.${id}.`;
  return settingsOf(configSchema.parse(given), given).flatMap((one) =>
    one.path.startsWith(start) && one.origin !== 'file'
      ? [{ ...one, path: one.path.slice(start.length) }]
      : [],
  );
}

/** What differs between two configurations, in the order of the schema. Secrets are not shown. */
export function changesOf(
  before: { config: Config; given: unknown },
  after: { config: Config; given: unknown },
): SettingChange[] {
  const was = walk(before.config, before.given);
  const is = walk(after.config, after.given);
  const gone = outermost(was.elements.filter((path) => !is.elements.includes(path)));
  const added = outermost(is.elements.filter((path) => !was.elements.includes(path)));
  const outside = ({ setting: { path } }: Leaf): boolean =>
    ![...gone, ...added].some((element) => path.startsWith(`${element}.`));
  const known = new Map(was.leaves.filter(outside).map((leaf) => [leaf.setting.path, leaf]));
  const now = new Map(is.leaves.filter(outside).map((leaf) => [leaf.setting.path, leaf]));
  const changed = [...new Set([...known.keys(), ...now.keys()])].flatMap((path) => {
    const [a, b] = [known.get(path), now.get(path)];
    if (a?.raw === b?.raw || isOnlyTheWhole(a, b)) return [];
    const [before, after] = [a ? settingText(a.setting) : null, b ? settingText(b.setting) : null];
    // What is not shown can differ all the same.
    return [
      { path, before, after: before === after ? `${after ?? ''}, to something else` : after },
    ];
  });
  return [
    ...added.map((path) => ({ path, before: null, after: 'added' })),
    ...gone.map((path) => ({ path, before: 'there', after: null })),
    ...changed,
  ];
}

/** A part that was not set and now is, or the other way round: what stands in it says so itself. */
function isOnlyTheWhole(a: Leaf | undefined, b: Leaf | undefined): boolean {
  return (!a && b?.setting.origin === 'unset') || (!b && a?.setting.origin === 'unset');
}

/** The value of a setting in words. */
export function settingText({ value, hidden, origin }: Setting): string {
  if (origin === 'unset') return 'not set';
  if (!hidden) return value ?? '';
  return value === null ? 'set' : `set by ${value}`;
}

function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
}

function walk(config: Config, given: unknown): Walked {
  const into: Walked = { leaves: [], elements: [] };
  const conceal = concealing(secretsOf(config));
  visit(configSchemaNode(), { value: config, given, path: '', pattern: '' }, into, conceal);
  return into;
}

function concealing(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
}

interface Place {
  value: unknown;
  given: unknown;
  path: string;
  pattern: string;
}

function visit(node: Node, place: Place, into: Walked, conceal: (text: string) => string): void {
  const kinds = branches(node);
  const objects = kinds.filter((kind) => kind.properties || kind.additionalProperties);
  const below = (inner: Node, next: Place): void => visit(inner, next, into, conceal);
  const list = kinds.find((kind) => kind.items && isOfObjects(kind.items));
  if (list?.items && Array.isArray(place.value)) visitList(list.items, place, into, below);
  else if (objects.length < kinds.length || !isTree(place.value))
    into.leaves.push(leafOf(node, place, conceal));
  else visitObject(objects, place, below);
}

type Below = (node: Node, place: Place) => void;

function visitList(
  items: Node,
  { value, given, path, pattern }: Place,
  into: Walked,
  below: Below,
) {
  (value as readonly unknown[]).forEach((element, index) => {
    const id = isTree(element) && typeof element['id'] === 'string' ? element['id'] : null;
    const at = `${path}.${id ?? index + 1}`;
    if (id !== null) into.elements.push(at);
    const told: unknown = Array.isArray(given) ? given[index] : undefined;
    below(items, { value: element, given: told, path: at, pattern: `${pattern}.*` });
  });
}

function visitObject(
  objects: readonly Node[],
  { value, given, path, pattern }: Place,
  below: Below,
) {
  const [tree, told] = [treeOf(value), treeOf(given)];
  const properties = objects.flatMap((kind) => Object.entries(kind.properties ?? {}));
  for (const [key, inner] of new Map(properties))
    if (key !== '$schema')
      below(inner, {
        value: tree[key],
        given: told[key],
        path: join(path, key),
        pattern: join(pattern, key),
      });
  const [free] = objects.flatMap((kind) =>
    typeof kind.additionalProperties === 'object' ? [kind.additionalProperties] : [],
  );
  if (!free) return;
  for (const key of Object.keys(tree))
    below(free, {
      value: tree[key],
      given: told[key],
      path: join(path, key),
      pattern: join(pattern, '*'),
    });
}

function leafOf(
  node: Node,
  { value, given, path, pattern }: Place,
  conceal: (text: string) => string,
): Leaf {
  const hidden = isSecret(pattern);
  const variables = variablesIn(given);
  const origin = originOf(value, given, variables);
  const raw = value === undefined ? '' : JSON.stringify(value);
  const shown = (): string | null => {
    if (value === undefined) return null;
    if (hidden) return variables.length > 0 ? variables.join(' ') : null;
    if (origin === 'environment') return conceal(valueText(node, given, pattern));
    return conceal(valueText(node, value, pattern));
  };
  return { setting: { path, pattern, about: aboutOf(node), value: shown(), hidden, origin }, raw };
}

function aboutOf(node: Node): string | null {
  return [node, ...branches(node)].find((one) => one.description)?.description ?? null;
}

function originOf(value: unknown, given: unknown, variables: readonly string[]): Origin {
  if (value === undefined) return 'unset';
  if (given === undefined) return 'default';
  return variables.length > 0 ? 'environment' : 'file';
}

/** Headers and bodies often carry a token, so that none of them is shown. */
function isSecret(pattern: string): boolean {
  const steps = pattern.split('.');
  return SECRET_KEYS.has(steps.at(-1) ?? '') || steps.includes('headers');
}

function variablesIn(given: unknown): string[] {
  if (typeof given === 'string') return [...new Set(given.match(REFERENCE))];
  return isTree(given) ? [...new Set(Object.values(given).flatMap(variablesIn))] : [];
}

function valueText(node: Node, value: unknown, pattern: string): string {
  if (Array.isArray(value))
    return value.length === 0
      ? 'none'
      : value.map((one) => valueText(node.items ?? {}, one, pattern)).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return isDuration(node) ? durationText(value) : String(value);
  if (typeof value === 'string') return URL.canParse(value) ? addressText(value, pattern) : value;
  if (!isTree(value)) return JSON.stringify(value);
  return [...new Set(Object.values(value).map((one) => valueText({}, one, pattern)))].join(' / ');
}

/** Of a query it is not known what it holds, and the path of a webhook is often what opens it. */
function addressText(text: string, pattern: string): string {
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return text;
  if (pattern.includes('webhook')) return `${url.origin}/…`;
  return url.search === '' ? text : `${url.origin}${url.pathname}?…`;
}

function isDuration(node: Node): boolean {
  return branches(node).some(({ pattern }) => pattern === DURATION_PATTERN);
}

/** A duration as the file would say it: 30s, 5m, 12h. */
export function durationText(ms: number): string {
  const [unit, length] =
    (
      [
        ['h', 3_600_000],
        ['m', 60_000],
        ['s', 1000],
      ] as const
    ).find(([, size]) => ms !== 0 && ms % size === 0) ?? (['ms', 1] as const);
  return `${ms / length}${unit}`;
}

function isOfObjects(items: Node): boolean {
  const kinds = branches(items);
  return kinds.length > 0 && kinds.every((kind) => kind.properties !== undefined);
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function treeOf(value: unknown): Readonly<Record<string, unknown>> {
  return isTree(value) ? value : {};
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
