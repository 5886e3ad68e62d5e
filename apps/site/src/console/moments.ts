import { dictionary } from '../i18n/dictionary.ts';
import type { SiteContext } from '../site-context.ts';
import { formats, type Formats } from '../view/format.ts';

/** Moments and durations as the console writes them: in English, on the clock of the page. */
export function moments({ product }: Pick<SiteContext, 'product'>): Formats {
  return formats(dictionary('en'), product.config().timezone);
}
