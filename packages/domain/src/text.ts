/** The languages in which everything a customer sees exists. */
export const LANGUAGES = ['nl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Localised = Readonly<Record<Language, string>>;
