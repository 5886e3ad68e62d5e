import sanitize from 'sanitize-html';

/** More of a mail is not looked at: what is kept of it is far shorter. */
const LONGEST_HTML = 200_000;

/** Each begins a line. */
const BLOCKS = [
  ...['p', 'div', 'br', 'hr', 'li', 'tr', 'table', 'blockquote', 'pre', 'section', 'article'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
];

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * What a mail says that has only HTML, as plain text. In one pass without recursion: whoever writes it may
 * nest as deep as they like.
 */
export function textOfHtml(html: string): string {
  const lines = sanitize(html.slice(0, LONGEST_HTML), {
    allowedTags: BLOCKS,
    allowedAttributes: {},
    nonTextTags: ['head', 'title', 'style', 'script', 'textarea', 'option', 'noscript'],
  });
  return lines
    .replace(/\s+/g, ' ')
    .replace(/ ?<[^<>]*> ?/g, '\n')
    .replace(/&(amp|lt|gt|quot);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
