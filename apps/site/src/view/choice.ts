import type { PageView } from '@upheld/services/read/page-view.ts';
import type { Language } from '@upheld/domain/text.ts';

/** The components of a page by id, with their name. */
export function componentNames(view: PageView, language: Language): ReadonlyMap<string, string> {
  return new Map(
    view.groups.flatMap((group) => group.components.map(({ id, name }) => [id, name[language]])),
  );
}

/** The names of the components that this page knows; those of other pages are left out. */
export function namesOf(ids: readonly string[], names: ReadonlyMap<string, string>): string[] {
  return ids.map((id) => names.get(id)).filter((name) => name !== undefined);
}
