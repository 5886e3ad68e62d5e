import { LANGUAGES, type Language, type Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration such as 500ms, 30s, 5m or 1h, read as milliseconds. */
export const duration = z
  .string('write a duration such as 500ms, 30s, 5m or 1h')
  .regex(/^\d+(ms|s|m|h)$/, 'write a duration such as 500ms, 30s, 5m or 1h')
  .transform((text) => {
    const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
    return Number(amount) * (UNITS[unit ?? 's'] ?? 1000);
  });

/** An id that can stand in an address: lower-case letters, digits and hyphens. */
export const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write lower-case letters, digits and single hyphens');

/** An absolute http or https address without user name or password. */
export const httpUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
}, 'write an address that starts with http:// or https://, without a user name');

/** A status such as 204, or a range such as "200-299". */
export const statusRange = z
  .union([z.int().min(100).max(599).transform(String), z.string()])
  .pipe(
    z
      .string()
      .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, 'write a status such as 204, or a range such as 200-299'),
  );

/** One text for all languages, or one for each. */
export const localised = z
  .union([z.string().min(1), z.strictObject({ nl: z.string().min(1), en: z.string().min(1) })])
  .transform((value): Localised => (typeof value === 'string' ? everyLanguage(value) : value));

function everyLanguage(text: string): Localised {
  return Object.fromEntries(LANGUAGES.map((language: Language) => [language, text])) as Record<
    Language,
    string
  >;
}
