import { isAgreementPath, loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Fault } from '@upheld/domain/errors.ts';
import { accountOf } from '@upheld/domain/sla/account.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { parseFactsText } from '@upheld/domain/sla/parse-facts.ts';
import { statementOf } from '@upheld/domain/sla/statement.ts';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { EXIT, type ExitCode, type Io } from '../io.ts';

const STDIN = '-';

export interface StatementArgs {
  /** Facts files, from the working folder; `-` is standard input. */
  files: readonly string[];
  /** A worksheet for people instead of JSON. */
  explain?: boolean;
}

/**
 * Prints the statement on each facts file: one line of JSON a file, in order. When any file is
 * unusable nothing is printed but its faults, on standard error, one line each, and the status is 2.
 */
export async function runStatement(
  args: StatementArgs,
  io: Pick<Io, 'stdin' | 'out' | 'err' | 'cwd'>,
): Promise<ExitCode> {
  const book = loadAgreementBook(io.cwd);
  const printed: string[] = [];
  const faults: string[] = [];
  for (const file of args.files) {
    const result = await explainFile(file, book, io);
    if (typeof result === 'string') printed.push(result);
    else faults.push(...result.map(({ path, message }) => `${file}: ${path} ${message}`));
  }
  for (const fault of faults) io.err(fault);
  if (faults.length > 0) return EXIT.badInput;
  for (const line of printed) io.out(line);
  return EXIT.ok;
}
