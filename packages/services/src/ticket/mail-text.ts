import sanitize from 'sanitize-html';

/** More of a mail is not looked at: what is kept of it is far shorter. */
const LONGEST_HTML = 200_000;

/** Each stands apart, with an empty line around it. */
const PARAGRAPHS = ['p', 'hr', 'table', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
/** Each stands on lines of its own; many programs make every line a `div`. */
const LINES = ['div', 'li', 'ul', 'ol', 'tr', 'section', 'article', 'header', 'footer'];
/** Each is a word apart from the one before it. */
const CELLS = ['td', 'th'];
const AROUND_PARAGRAPHS = new RegExp(` ?</?(${PARAGRAPHS.join('|')})( ?/)?> ?`, 'g');
/** A line ends here unless it has already. */
const EDGE = '\u0001';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * What a mail says that has only HTML, as plain text. In one pass without recursion: whoever writes it may
 * nest as deep as they like.
 */
export function textOfHtml(html: string): string {
  const lines = sanitize(html.slice(0, LONGEST_HTML), {
    allowedTags: [...PARAGRAPHS, ...LINES, ...CELLS, 'br'],
    allowedAttributes: {},
    nonTextTags: ['head', 'title', 'style', 'script', 'textarea', 'option', 'noscript'],
  });
  return lines
    .replace(/[\s\u0001]+/g, ' ')
    .replace(/ ?(<\/?t[dh]> ?)+/g, '  ')
    .replace(/ ?<br ?\/?> ?/g, '\n')
    .replace(/ ?<li> ?/g, `${EDGE}- `)
    .replace(AROUND_PARAGRAPHS, '\n\n')
    .replace(/ ?<[^<>]*> ?/g, EDGE)
    .replace(/ {0,2}\u0001[\u0001 ]*/g, EDGE)
    .replace(/(^|\n)\u0001/g, '$1')
    .replaceAll(EDGE, '\n')
    .replace(/&(amp|lt|gt|quot);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Left where quoted text was. */
const QUOTED = '[…]';

/** How mail programs begin what they quote under an answer, in Dutch, English and German. */
const ORIGINAL =
  /^\s*(-{2,}\s*(original message|oorspronkelijk bericht|origine(el|le) bericht|ursprüngliche nachricht)\s*-{2,}|_{20,})\s*$/i;
const SENDER = /^\s*\*?(from|van|von):?\*?:?\s+\S/i;
const MOMENT = /^\s*\*?(sent|date|verzonden|datum|gesendet):?\*?:?\s+\S/i;
const WROTE = /^\s*(on|op|am)\b.*\b(wrote|schreef|geschreven|schrieb)\b.*:\s*$/i;
const LONGEST_LINE = 300;
/** "On Monday … Jan wrote:" may be broken over so many lines. */
const MOST_LINES = 4;

/**
 * An answer without the mails before it, which the ticket has already: what is quoted at its end is cut.
 * What is answered line by line between quotes stays as it is, and so does a mail that is nothing else.
 */
export function withoutHistory(text: string): string {
  const lines = text.split(/\r\n?|\n/);
  const at = [startOfOriginal(lines), startOfQuotes(lines)]
    .filter((index) => index >= 0)
    .sort((a, b) => a - b)[0];
  const own = at === undefined ? '' : lines.slice(0, at).join('\n').trimEnd();
  return own.trim() === '' ? text : `${own}\n\n${QUOTED}`;
}

/** Where the mail before it stands with its headers or below a rule; -1: nowhere. */
function startOfOriginal(lines: readonly string[]): number {
  return lines.findIndex(
    (line, index) =>
      ORIGINAL.test(line.slice(0, LONGEST_LINE)) ||
      (SENDER.test(line) &&
        lines.slice(index + 1, index + MOST_LINES).some((next) => MOMENT.test(next))),
  );
}

/** Where quotes begin that go on to the end, below a line that says who wrote them; -1: nowhere. */
function startOfQuotes(lines: readonly string[]): number {
  const quotes =
    1 + lines.findLastIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('>'));
  if (lines.slice(quotes).every((line) => line.trim() === '')) return -1;
  for (let from = quotes - 1; from >= 0 && from >= quotes - MOST_LINES; from -= 1) {
    const said = lines.slice(from, quotes).map((line) => line.slice(0, LONGEST_LINE));
    if (WROTE.test(said.join(' '))) return from;
  }
  return -1;
}
