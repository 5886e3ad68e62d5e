import { Marked, type Tokens } from 'marked';
import sanitize from 'sanitize-html';

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  breaks: false,
  renderer: {
    // Raw HTML is shown as it was typed, never as markup.
    html: ({ text }) => escaped(text),
    // An image would be fetched from elsewhere by whoever reads the page.
    image: ({ href, text }) => escaped(text === '' ? href : `${text} (${href})`),
  },
});

const ALLOWED: sanitize.IOptions = {
  allowedTags: [
    ...['h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'br'],
    ...['em', 'strong', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'escape',
  transformTags: {
    // Nor is there a link within the site: whoever writes cannot know where the text will stand.
    a: (tagName, { href = '' }) => ({
      tagName,
      attribs: /^(https?:\/\/|mailto:)/i.test(href)
        ? { href, rel: 'noopener noreferrer nofollow' }
        : {},
    }),
  },
};

/** Quotes and lists in one another, as nobody writes them: the parser takes seconds, and then fails. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])){50}/m;

/** The page has one heading and this text another; levels that are left out are closed up. */
const FIRST_LEVEL = 3;

/**
 * Markdown as HTML that is safe to put into a page: headings (from the third level on), lists, tables,
 * code, emphasis and links to http, https and mailto. Anything else is shown as text.
 */
export function markdownHtml(markdown: string): string {
  return TOO_DEEP.test(markdown) ? `<p>${escaped(markdown)}</p>` : harmless(markdown);
}

function harmless(markdown: string): string {
  const tokens = marked.lexer(markdown);
  const headings: { depth: number }[] = [];
  void marked.walkTokens(tokens, (token) => {
    if (token.type === 'heading') headings.push(token as Tokens.Heading);
  });
  const used = [...new Set(headings.map(({ depth }) => depth))].sort((a, b) => a - b);
  for (const heading of headings)
    heading.depth = Math.min(6, FIRST_LEVEL + used.indexOf(heading.depth));
  return sanitize(marked.parser(tokens), ALLOWED);
}
