import type { Language, Localised } from '../text.ts';
import type { Letterhead } from './letter.ts';

/* How messages write names and addresses. */

export function namesOf(components: readonly { name: Localised }[], language: Language): string {
  return components.map(({ name }) => oneLine(name[language])).join(', ');
}

export function tokenUrl(from: Letterhead, path: string, token: string): string {
  return `${from.url}/${path}?token=${encodeURIComponent(token)}`;
}

/** One line without control characters, and without those that make a text read other than it is written. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
}
