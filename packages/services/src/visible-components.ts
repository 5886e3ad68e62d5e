import type { Config } from '@upheld/config/schema.ts';

const known = new WeakMap<Config, ReadonlySet<string>>();

/** The components that some page shows. Of the others, nothing that is public may tell. */
export function visibleComponents(config: Config): ReadonlySet<string> {
  let visible = known.get(config);
  if (!visible) {
    visible = new Set(
      config.groups
        .filter((group) =>
          config.pages.some((page) => page.groups === undefined || page.groups.includes(group.id)),
        )
        .flatMap((group) => group.components.map((component) => component.id)),
    );
    known.set(config, visible);
  }
  return visible;
}
