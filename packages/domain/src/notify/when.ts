import type { Instant } from '../ports.ts';
import type { Language } from '../text.ts';

const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-GB' };

const FORMATS = {
  moment: { dateStyle: 'full', timeStyle: 'short' },
  clock: { timeStyle: 'short' },
  period: {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than the rest of a message, so each is made once. */
function format(kind: keyof typeof FORMATS, zone: string, language: Language): Intl.DateTimeFormat {
  const key = `${kind} ${language} ${zone}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(LOCALES[language], { ...FORMATS[kind], timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

/** A day and a time, in full. */
export function moment(at: Instant, zone: string, language: Language): string {
  return format('moment', zone, language).format(at);
}

/** A time of the day. */
export function clock(at: Instant, zone: string, language: Language): string {
  return format('clock', zone, language).format(at);
}

/** From when until when. */
export function period(from: Instant, to: Instant, zone: string, language: Language): string {
  return format('period', zone, language).formatRange(from, to);
}
