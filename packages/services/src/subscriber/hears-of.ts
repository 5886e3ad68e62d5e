import type { Config } from '@upheld/config/schema.ts';
import type { NotificationContent } from '@upheld/domain/notify/message.ts';
import { componentsOf } from '../components.ts';
import { visibleComponents } from '../visible-components.ts';

/**
 * Whether a subscriber hears of what touches these components: those that they chose, or, where they chose
 * everything, all but those that no page shows. Those are known to whom the operator added for them.
 */
export function hearsOf(
  config: Config,
  chosen: readonly string[] | null,
  componentIds: readonly string[],
): boolean {
  return componentIds.some((id) => (chosen === null ? !isHidden(config, id) : chosen.includes(id)));
}

/** A message as that subscriber may read it: without the names of what they do not know of. */
export function asKnownTo<C extends NotificationContent>(
  config: Config,
  chosen: readonly string[] | null,
  content: C,
): C {
  if (!('components' in content)) return content;
  const known = content.components.filter(
    ({ id }) => chosen?.includes(id) === true || !isHidden(config, id),
  );
  return { ...content, components: known };
}

/** What left the configuration was told of before, and its end has to be told as well. */
function isHidden(config: Config, id: string): boolean {
  return componentsOf(config).has(id) && !visibleComponents(config).has(id);
}
