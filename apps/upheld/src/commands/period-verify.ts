import { verifyDocument } from '@upheld/services/period/document.ts';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, type ExitCode, type Io } from '../io.ts';

/** What is told of one document: nothing wrong, or why it does not fit, or why it cannot be read. */
type Told = { code: ExitCode; hash: string | null; line: string };

/**
 * Verifies documents of closed periods, one line of standard output each. What is wrong goes to standard
 * error, one line a file.
 */
export async function verifyFiles(
  { files, hash }: { files: readonly string[]; hash?: string },
  io: Pick<Io, 'out' | 'err' | 'cwd'>,
): Promise<ExitCode> {
  const told: Told[] = [];
  for (const file of files) {
    const one = await verifyFile(file, io.cwd, told.at(-1)?.hash ?? null);
    told.push(one);
    if (one.code === EXIT.ok) io.out(one.line);
    else io.err(`${file}: ${one.line}`);
  }
  const last = told.at(-1);
  if (hash !== undefined && last?.hash !== hash.trim().toLowerCase()) {
    io.err(`${files.at(-1) ?? ''}: its hash is ${last?.hash ?? 'unknown'}, and not the one given`);
    told.push({ code: EXIT.failed, hash: null, line: '' });
  }
  return told.reduce<ExitCode>((worst, { code }) => (code > worst ? code : worst), EXIT.ok);
}

/** `before`: the hash of the file before it, which its revision must name if it is not the first one. */
async function verifyFile(file: string, cwd: string, before: string | null): Promise<Told> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(cwd, file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return { code: EXIT.badInput, hash: null, line: why };
  }
  const verdict = verifyDocument(bytes);
  const { hash } = verdict;
  if (!verdict.ok) {
    const code = verdict.kind === 'unreadable' ? EXIT.badInput : EXIT.failed;
    return { code, hash, line: `${verdict.why} (${hash})` };
  }
  const { component, agreement, period, revision, previous, statement } = verdict.document;
  if (before !== null && previous !== before)
    return { code: EXIT.failed, hash, line: `it does not follow the file before it (${hash})` };
  const figures = statement.availability.map(
    ({ part, percent, verdict: norm }) => `${part} ${percent ?? '-'} ${norm}`,
  );
  const what = `${component} ${agreement} ${period} revision ${revision}`;
  const line = [`${hash}  ${what}`, 'gives its statement', ...figures].join('; ');
  return { code: EXIT.ok, hash, line };
}
