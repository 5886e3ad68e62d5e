import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import { accepts } from 'hono/accepts';
import type { ApiContext, ProductContext } from './env.ts';

/** The language of an answer: the one asked for by `?lang=`, else the best of Accept-Language. */
export function languageOf(ctx: ProductContext, c: ApiContext): Language {
  const fallback = ctx.config().language;
  const asked = known(c.req.query('lang') ?? '');
  if (asked) return asked;
  const best = accepts(c, {
    header: 'Accept-Language',
    supports: [...LANGUAGES],
    default: fallback,
    match: (offers) =>
      offers
        .filter((offer) => offer.q > 0)
        .sort((a, b) => b.q - a.q)
        .map((offer) => known(offer.type))
        .find((language) => language !== undefined) ?? fallback,
  });
  return known(best) ?? fallback;
}

/** The language of a tag such as `nl`, `nl-BE` or `EN-us`. */
function known(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
}
