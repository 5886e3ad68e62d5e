/** One clause of a contract: its number, and the part of it that is meant ('' for the whole). */
export interface ClauseReference {
  number: string;
  part: string;
}

/**
 * The clauses that a text names: '6.8, 7.1', '10.5-10.7', '2.8 a' or 'A-1 (iv)'. A range runs over the
 * last figure of its ends. Throws RangeError when a range does not.
 */
export function readClauses(text: string): ClauseReference[] {
  return text.split(',').flatMap((piece) => {
    const [number = '', ...part] = piece.trim().split(/\s+/);
    return numbersOf(number).map((one) => ({ number: one, part: part.join(' ') }));
  });
}

function numbersOf(text: string): string[] {
  const range = /^((?:\d+\.)*)(\d+)-((?:\d+\.)*)(\d+)$/.exec(text);
  if (!range) return [text];
  const [, before = '', first = '', again = '', last = ''] = range;
  const length = Number(last) - Number(first) + 1;
  if (before !== again || length < 2) throw new RangeError(`"${text}" is no range of clauses`);
  return Array.from({ length }, (_, index) => `${before}${Number(first) + index}`);
}

/** Whether two references speak of the same text: the whole of a clause holds all of its parts. */
export function overlaps(one: ClauseReference, other: ClauseReference): boolean {
  const samePart = one.part === other.part || one.part === '' || other.part === '';
  return one.number === other.number && samePart;
}

/** Whether a list of clauses has this one: a part must be in it as that part. */
export function isListed(list: readonly ClauseReference[], one: ClauseReference): boolean {
  return list.some(
    (other) => other.number === one.number && (one.part === '' || other.part === one.part),
  );
}

export function clauseText({ number, part }: ClauseReference): string {
  return part === '' ? number : `${number} ${part}`;
}
