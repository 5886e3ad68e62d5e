import type { Language } from '@upheld/domain/text.ts';
import { en } from './en.ts';
import { nl, type Dictionary } from './nl.ts';

export type { Dictionary };

const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { nl, en };

/** Every text of the site in one language. */
export function dictionary(language: Language): Dictionary {
  return DICTIONARIES[language];
}

/** The sentence for a refusal of the subscription desk. */
export function refusal(t: Dictionary, reason: string): string {
  const known: Readonly<Record<string, string>> = t.reasons;
  return Object.hasOwn(known, reason) ? (known[reason] ?? t.reasons.other) : t.reasons.other;
}
