import { CST, Lexer } from 'yaml';

/** How much may stand in a text before it is not read any further. */
export interface YamlBounds {
  /** Pieces that the text is made of: marks, words, spaces and line ends. */
  tokens: number;
  /** Values and keys, with what aliases repeat counted each time. */
  values: number;
  aliases: number;
}

/** Of a file of the machine itself: more than anybody keeps by hand. */
export const FILE_BOUNDS: YamlBounds = { tokens: Infinity, values: 1_000_000, aliases: 10_000 };
/** Of a whole configuration that somebody sends: others wait while it is read. */
export const DRAFT_BOUNDS: YamlBounds = { tokens: 60_000, values: 20_000, aliases: 500 };
/** Of a version of an agreement that somebody sends; what it replaces is judged piece by piece. */
export const VERSION_BOUNDS: YamlBounds = { tokens: 12_000, values: 2000, aliases: 100 };

/** Flow within flow, or list in list on one line: the parser calls itself for each. */
const DEEPEST = 64;

/** What of a text would keep the parser busy out of all proportion, with its line; null for the usual. */
export function excessOf(
  text: string,
  { tokens, aliases }: YamlBounds,
): { line: number; message: string } | null {
  const seen: Seen = { tokens: 0, line: 1, flow: 0, inline: 0, aliases: 0 };
  for (const token of new Lexer().lex(text)) {
    count(seen, token);
    if (Math.max(seen.flow, seen.inline) > DEEPEST)
      return { line: seen.line, message: `is nested more than ${DEEPEST} deep` };
    if (seen.aliases > aliases)
      return { line: seen.line, message: `repeats by more than ${aliases} aliases (*name)` };
    if (seen.tokens > tokens)
      return {
        line: seen.line,
        message: `is made of more than ${tokens} pieces, too many to be read here`,
      };
    for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) seen.line += 1;
  }
  return null;
}

type Seen = Record<'tokens' | 'line' | 'flow' | 'inline' | 'aliases', number>;

function count(seen: Seen, token: string): void {
  seen.tokens += 1;
  switch (CST.tokenType(token)) {
    case 'flow-seq-start':
    case 'flow-map-start':
      seen.flow += 1;
      break;
    case 'flow-seq-end':
    case 'flow-map-end':
      seen.flow = Math.max(0, seen.flow - 1);
      break;
    case 'seq-item-ind':
    case 'explicit-key-ind':
      seen.inline += 1;
      break;
    case 'alias':
      seen.aliases += 1;
      break;
    case 'space':
      break;
    default:
      seen.inline = 0;
  }
}

/**
 * How many values and keys there are in data, with what is repeated counted each time; Infinity for what
 * holds itself.
 */
export function valuesIn(data: unknown): number {
  const known = new Map<object, number>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const before = known.get(value);
    if (before !== undefined) return before;
    // Until it is known: what is met again within itself has no end.
    known.set(value, Infinity);
    let size = 1;
    for (const one of Object.values(value)) size += 1 + sizeOf(one);
    known.set(value, size);
    return size;
  };
  return sizeOf(data);
}
