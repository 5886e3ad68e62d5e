import type { Config, ComponentConfig } from '@upheld/config/schema.ts';
import { DomainError, type Fault } from '@upheld/domain/errors.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { invalidInput } from './input.ts';

const indexes = new WeakMap<Config, ReadonlyMap<string, ComponentConfig>>();

/** The configured components by their id, in the order of the file. */
export function componentsOf(config: Config): ReadonlyMap<string, ComponentConfig> {
  let index = indexes.get(config);
  if (!index) {
    index = new Map(
      config.groups.flatMap((group) => group.components.map((c) => [c.id, c] as const)),
    );
    indexes.set(config, index);
  }
  return index;
}

/** The configured components with these ids; throws DomainError('invalid-input') naming the nearest known. */
export function knownComponents(config: Config, ids: readonly string[]): ComponentConfig[] {
  const known = componentsOf(config);
  const faults: Fault[] = [];
  const found = ids.flatMap((id, index) => {
    const component = known.get(id);
    if (!component) faults.push({ path: `componentIds[${index}]`, message: unknownId(id, known) });
    return component ? [component] : [];
  });
  if (faults.length > 0) throw invalidInput(faults);
  return found;
}

/** The configured component with this id; throws DomainError('not-found') naming the nearest known. */
export function knownComponent(config: Config, id: string): ComponentConfig {
  const known = componentsOf(config);
  const component = known.get(id);
  if (!component) throw new DomainError('not-found', unknownId(id, known));
  return component;
}

function unknownId(id: string, known: ReadonlyMap<string, unknown>): string {
  const meant = nearest(id, known.keys());
  return meant === null
    ? `"${id}" is no component; known are ${[...known.keys()].join(', ')}`
    : `"${id}" is no component; did you mean "${meant}"?`;
}

/** Components with the names that customers know; one that left the configuration keeps its id as a name. */
export function namesOf(
  config: Config,
  componentIds: readonly string[],
): { id: string; name: Localised }[] {
  const known = componentsOf(config);
  return componentIds.map((id) => ({ id, name: known.get(id)?.name ?? { nl: id, en: id } }));
}
