import { stringify } from 'csv-stringify/sync';

/** What begins a formula, also as a full-width character, and what a program may take for the end of a cell. */
const FORMULA = /(^|[;\t\r\n])([\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

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
  return text.replace(FORMULA, "$1$2'").replace(/^(?=[\t\r])/, "'");
}
