import { isAgreementPath, loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Fault } from '@upheld/domain/errors.ts';
import { accountOf } from '@upheld/domain/sla/account.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { parseFactsText } from '@upheld/domain/sla/parse-facts.ts';
import { statementOf } from '@upheld/domain/sla/statement.ts';
import { worksheetOf } from '@upheld/domain/sla/worksheet.ts';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { worksheetText } from './worksheet-text.ts';

const STDIN = '-';

export interface StatementArgs {
  /** Facts files, from the working folder; `-` is standard input. */
  files: readonly string[];
  /** A worksheet for people instead of JSON. */
  explain?: boolean;
}

type StatementIo = Pick<Io, 'stdin' | 'out' | 'err' | 'cwd'>;

/**
 * Prints the statement on each facts file: one line of JSON a file, in order. When any file is
 * unusable nothing is printed but its faults, on standard error, one line each, and the status is 2.
 */
export async function runStatement(args: StatementArgs, io: StatementIo): Promise<ExitCode> {
  const book = loadAgreementBook(io.cwd);
  const printed: string[] = [];
  const faults: string[] = [];
  for (const file of args.files) {
    const result = await readFacts(file, book, args, io);
    if (typeof result === 'string') printed.push(result);
    else faults.push(...result.map(({ path, message }) => `${file}: ${path} ${message}`));
  }
  for (const fault of faults) io.err(fault);
  if (faults.length > 0) return EXIT.badInput;
  for (const line of printed) io.out(line);
  return EXIT.ok;
}

async function readFacts(
  file: string,
  shipped: AgreementBook,
  args: StatementArgs,
  io: StatementIo,
): Promise<string | readonly Fault[]> {
  let text: string;
  try {
    text = file === STDIN ? await io.stdin() : await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    return [{ path: '(file)', message: whyUnreadable(error) }];
  }
  const parsed = parseFactsText(text, besideFacts(shipped, file, io.cwd));
  if (!parsed.ok) return parsed.faults;
  const account = accountOf(parsed.facts, parsed.agreement);
  return args.explain === true
    ? worksheetText(worksheetOf(account), parsed.agreement)
    : JSON.stringify(statementOf(account));
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
}

/**
 * An agreement file is meant from the folder of the facts that name it. One that lies there under the id
 * of a shipped agreement goes before that one: it is what the figure was made with.
 */
function besideFacts(shipped: AgreementBook, file: string, cwd: string): AgreementBook {
  const folder = file === STDIN ? cwd : dirname(resolve(cwd, file));
  return {
    ids: () => shipped.ids(),
    get(reference) {
      if (isAbsolute(reference)) return shipped.get(reference);
      if (isAgreementPath(reference)) return shipped.get(resolve(folder, reference));
      const beside = resolve(folder, `${reference}.yaml`);
      return shipped.get(existsSync(beside) ? beside : reference);
    },
  };
}
