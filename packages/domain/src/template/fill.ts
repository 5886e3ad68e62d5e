import type { Instant } from '../ports.ts';
import { LANGUAGES, type Language, type Localised } from '../text.ts';

/** What a text may leave open. A moment that nobody knows yet keeps its placeholder. */
export interface Blanks {
  components: readonly Localised[];
  from?: Instant | undefined;
  to?: Instant | undefined;
  /** The zone in which moments are written. */
  zone: string;
}

const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Puts components and moments in the place of `{component}`, `{from}` and `{to}`, in each language.
 * Everything else in braces stays as it is.
 */
export function fillBlanks(text: Localised, blanks: Blanks): Localised {
  const [nl, en] = LANGUAGES.map((language) => filled(text[language], blanks, language));
  return { nl: nl ?? text.nl, en: en ?? text.en };
}

function filled(text: string, { components, from, to, zone }: Blanks, language: Language): string {
  const names = components.map((name) => name[language]).join(', ');
  const values: Readonly<Record<string, string | undefined>> = {
    component: names === '' ? undefined : names,
    from: from === undefined ? undefined : moment(from, zone, language),
    to: to === undefined ? undefined : moment(to, zone, language),
  };
  return text.replace(/\{(component|from|to)\}/g, (blank, word: string) => values[word] ?? blank);
}

function moment(at: Instant, zone: string, language: Language): string {
  const key = `${language} ${zone}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(LOCALES[language], {
      dateStyle: 'full',
      timeStyle: 'short',
      timeZone: zone,
    });
    formats.set(key, found);
  }
  return found.format(at);
}
