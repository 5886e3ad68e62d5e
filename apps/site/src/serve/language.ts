import { LANGUAGES, type Language } from '@upheld/domain/text.ts';

/** In which language a request is answered, and whether the visitor has just switched to it. */
export interface LanguageChoice {
  language: Language;
  /** True when `?lang=` asks for another language than the visitor would have had without it. */
  switched: boolean;
}

export interface LanguageRequest {
  /** The value of `?lang=`. */
  query: string | null;
  cookie: string | undefined;
  acceptLanguage: string | undefined;
}

const COOKIE = 'lang';
const YEAR_SECONDS = 31_536_000;

/** The switch wins, then what was switched to before, then the browser's wish, then the default. */
export function chooseLanguage(request: LanguageRequest, fallback: Language): LanguageChoice {
  const asked = languageOf(request.query ?? undefined);
  const otherwise =
    languageOf(cookieValue(request.cookie, COOKIE)) ??
    preferred(request.acceptLanguage) ??
    fallback;
  return { language: asked ?? otherwise, switched: asked !== undefined && asked !== otherwise };
}

/** The cookie that remembers a switch. It says nothing but the language. */
export function languageCookie(language: Language): string {
  return `${COOKIE}=${language}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax; HttpOnly`;
}

function languageOf(text: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === text);
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(';')) {
    const [key, value] = pair.split('=');
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}

// A browser sends a handful of languages; what is longer is not a wish but an attack.
const LONGEST_HEADER = 300;

/** The best known language of Accept-Language (RFC 9110, section 12.5.4); the first of equals. */
function preferred(header: string | undefined): Language | undefined {
  if (header === undefined) return undefined;
  let best: { language: Language; quality: number } | undefined;
  for (const range of header.slice(0, LONGEST_HEADER).split(',')) {
    const [tag = '', ...parameters] = range.split(';');
    const language = languageOf(tag.trim().toLowerCase().split('-')[0]);
    if (language === undefined) continue;
    const weight = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    if (quality > 0 && quality > (best?.quality ?? 0)) best = { language, quality };
  }
  return best?.language;
}
