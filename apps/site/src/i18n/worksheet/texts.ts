import type { Language } from '@upheld/domain/text.ts';
import { en } from './en.ts';
import { nl, type WorksheetTexts } from './nl.ts';

export type { WorksheetTexts };

const TEXTS: Readonly<Record<Language, WorksheetTexts>> = { nl, en };

/** Every text of a worksheet in one language. */
export function worksheetTexts(language: Language): WorksheetTexts {
  return TEXTS[language];
}
