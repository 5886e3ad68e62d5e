import type { Config } from '@upheld/config/schema.ts';
import { visibleComponents } from '../visible-components.ts';
import type { IncidentView, MaintenanceView } from './page-view.ts';

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
