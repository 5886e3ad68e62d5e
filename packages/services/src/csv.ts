import { stringify } from 'csv-stringify/sync';

/**
 * What begins a formula, also as a full-width character, behind what a program may take for the end of a
 * cell. It looks back from the sign: forward from each line end would take the square of a text full of them.
 */
const FORMULA = /[=+\-@\uff1d\uff0b\uff0d\uff20](?<=(?:^|[;\t\r\n])[\s"]*[^\s"])/g;

/**
 * Lines as CSV (RFC 4180) with a header. What a spreadsheet would take for a formula has an apostrophe
 * before it (OWASP, CSV injection), also behind a semicolon: where commas write decimals, as in Dutch, that
 * is what ends a cell.
 */
export function csvOf<C extends string>(
  columns: readonly C[],
  lines: readonly Readonly<Record<C, string | number>>[],
): string {
  return stringify([...lines], {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    cast: { string: withoutFormulas },
  });
}

/** Only of what is text: a number may be below zero. */
function withoutFormulas(text: string): string {
  return text.replace(FORMULA, "'$&").replace(/^(?=[\t\r])/, "'");
}
