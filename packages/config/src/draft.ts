import type { NamedAgreements } from './check.ts';
import type { Variables } from './environment.ts';
import { parseConfig, type ConfigFault } from './load.ts';
import { pathText, type Path } from './path.ts';
import type { Config } from './schema.ts';
import { DRAFT_BOUNDS } from './yaml-bounds.ts';
import { parseYaml } from './yaml-source.ts';

export interface Draft {
  faults: readonly ConfigFault[];
  /** Null where it has faults, or where too much of it comes from the environment. */
  config: Config | null;
}

/** Stands for every variable: no value of the environment can turn up in a fault. */
const STAND_IN = 'a-value-of-the-environment';

/**
 * Every fault in a text that somebody sends to see whether it would do. The environment is asked only
 * which variables are set, so that a fault cannot be made to tell what one holds; what such a variable
 * would have to be is not checked. Reads no file.
 */
export function checkDraft(
  text: string,
  variables: Variables,
  agreements?: NamedAgreements,
): Draft {
  const loaded = parseConfig(text, standIns(variables), agreements, DRAFT_BOUNDS);
  if (loaded.ok) return { faults: [], config: loaded.config };
  const yaml = parseYaml(text, DRAFT_BOUNDS);
  const filled = new Set(yaml.ok ? referring(yaml.source.data, []).map(pathText) : []);
  const faults = loaded.faults.filter(
    ({ path, message }) => !filled.has(path) || isOfReference(message),
  );
  return { faults, config: null };
}

/** PORT is no secret, and the first configuration is made with it. */
function standIns(variables: Variables): Variables {
  const names = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [name, name.replace(/_FILE$/, '')],
  );
  const stands = names.map((name) => [name, STAND_IN] as const);
  return { ...Object.fromEntries(stands), PORT: variables['PORT'] };
}

function isOfReference(message: string): boolean {
  return /^(needs the environment variable|holds a "\$\{")/.test(message);
}

function referring(value: unknown, path: Path): Path[] {
  if (typeof value === 'string') return value.includes('${') ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => referring(one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => referring(one, [...path, key]));
}
