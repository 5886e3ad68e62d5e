import type { Config } from '@upheld/config/schema.ts';
import type { IncidentView, MaintenanceView } from '@upheld/services/read/page-view.ts';

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

/** The part of an incident or a maintenance that is public; null where none of it is. */
export function visiblePart<T extends IncidentView | MaintenanceView>(
  config: Config,
  entry: T | null,
): T | null {
  if (!entry) return null;
  const visible = visibleComponents(config);
  const componentIds = entry.componentIds.filter((id) => visible.has(id));
  if (componentIds.length === 0) return null;
  return componentIds.length === entry.componentIds.length ? entry : { ...entry, componentIds };
}
