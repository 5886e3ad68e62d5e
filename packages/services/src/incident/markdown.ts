import { Marked } from 'marked';
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

/** The page has one heading, the incident another: what is written begins below. */
const HEADINGS = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6' };

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
    ...HEADINGS,
    a: (tagName, attribs) => ({
      tagName,
      attribs: {
        ...(attribs['href'] === undefined ? {} : { href: attribs['href'] }),
        rel: 'noopener noreferrer nofollow',
      },
    }),
  },
};

/**
 * Markdown as HTML that is safe to put into a page: headings (from the third level on), lists, tables,
 * code, emphasis and links to http, https and mailto. Anything else is shown as text.
 */
export function markdownHtml(markdown: string): string {
  return sanitize(marked.parse(markdown, { async: false }), ALLOWED);
}
