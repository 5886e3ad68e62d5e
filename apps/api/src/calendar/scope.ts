import type { Config } from '@upheld/config/schema.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { visibleComponents } from '@upheld/services/visible-components.ts';

/** What a calendar or a feed is about. Of what no page shows, nothing is in it. */
export interface Scope {
  /** Of what it is, for people. */
  name: Localised;
  /** Where people read it, as a path. */
  path: string;
  /** What the address of its calendar begins with. */
  base: string;
  /** What touches one of these is in it. */
  componentIds: readonly string[];
  /** The names of the components that it may name. */
  names: ReadonlyMap<string, Localised>;
}

/** Everything that some page shows. */
export function wholeScope(config: Config): Scope {
  const names = namesOf(config, visibleComponents(config));
  const { name } = config.organisation;
  return {
    name: config.pages[0]?.title ?? { nl: name, en: name },
    path: '/',
    base: '',
    componentIds: [...names.keys()],
    names,
  };
}

/** What one page shows; throws DomainError('not-found'). */
export function pageScope(config: Config, id: string): Scope {
  const page = config.pages.find((one) => one.id === id);
  if (!page) throw new DomainError('not-found', `there is no page "${id}"`);
  const groups = config.groups.filter((group) => page.groups?.includes(group.id) ?? true);
  const shown = new Set(groups.flatMap((group) => group.components.map((one) => one.id)));
  const names = namesOf(config, shown);
  const path = `/pages/${id}`;
  return { name: page.title, path, base: path, componentIds: [...names.keys()], names };
}

/** One component that some page shows; throws DomainError('not-found'). */
export function componentScope(config: Config, id: string): Scope {
  const names = namesOf(config, visibleComponents(config));
  const name = names.get(id);
  if (!name) throw new DomainError('not-found', `there is no component "${id}"`);
  return { name, path: '/', base: `/components/${id}`, componentIds: [id], names };
}

function namesOf(config: Config, ids: ReadonlySet<string>): ReadonlyMap<string, Localised> {
  return new Map(
    config.groups
      .flatMap((group) => group.components)
      .filter(({ id }) => ids.has(id))
      .map(({ id, name }) => [id, name]),
  );
}
