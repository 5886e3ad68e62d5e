import type { Language } from '@upheld/domain/text.ts';
import { en } from './en.ts';
import { nl, type CorrectionTexts } from './nl.ts';

export type { CorrectionTexts };

const TEXTS: Readonly<Record<Language, CorrectionTexts>> = { nl, en };

/** Every text about corrections in one language. */
export function correctionTexts(language: Language): CorrectionTexts {
  return TEXTS[language];
}
