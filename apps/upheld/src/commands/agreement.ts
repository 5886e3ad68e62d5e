import { agreementOut, summaryOut, versionPreviewOut } from '@upheld/api/v1/agreement-schemas.ts';
import { publicTextOf } from '@upheld/config/agreement-text.ts';
import { parseAgreement } from '@upheld/config/agreements.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { adoptVersion, withdrawVersion } from '@upheld/services/agreement/adopt-version.ts';
import { agreementWords } from '@upheld/services/agreement/agreement-words.ts';
import { listAgreements, readAgreement } from '@upheld/services/agreement/agreement-view.ts';
import { usedAgreement } from '@upheld/services/agreement/in-use.ts';
import { previewVersion } from '@upheld/services/agreement/preview-version.ts';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import {
  agreementList,
  agreementText,
  sectionsText,
  versionPreviewText,
} from './agreement-text.ts';
import { CLI } from './options.ts';

interface Json {
  json?: true;
}
interface Why {
  reason: string;
}

const STDIN = '-';

/** Adds `upheld agreement`. */
export function register(program: Command, io: Io): void {
  const agreement = program
    .command('agreement')
    .description('read the contracts that figures are judged by, and adopt versions of them')
    .addHelpText(
      'after',
      `
An agreement is a file; a version adopted here is kept beside it, and holds from midnight of its day.

Examples:
  $ upheld agreement list
  $ upheld agreement show spotonmedics
  $ upheld agreement check ours.yaml
  $ upheld agreement preview spotonmedics 2027.yaml
  $ upheld agreement adopt spotonmedics 2027.yaml --reason 'Addendum of 1 December.'
  $ upheld agreement withdraw spotonmedics 019ac… --reason 'It was not signed.'`,
    );
  registerReads(agreement, io);
  registerCheck(agreement, io);
  registerWrites(agreement, io);
}

function registerReads(agreement: Command, io: Io): void {
  agreement
    .command('list')
    .description('every agreement in use, with the version in force and what is under it')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld agreement list --json')
    .action((options: Json) =>
      io.withContext(async (ctx) => {
        const views = await listAgreements(ctx);
        print(io, options, { agreements: views.map(summaryOut) }, agreementList(views));
      }),
    );
  agreement
    .command('show')
    .description('what an agreement says, rule by rule with its clause, and its versions')
    .argument('<agreement>', 'its reference, or its id')
    .option('--on <day>', 'as it is on a day, such as 2027-01-01; by default today')
    .option('--file', 'print it as a file instead, with what was adopted')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld agreement show standard --on 2027-01-01')
    .action((name: string, options: Json & { on?: string; file?: true }) =>
      io.withContext(async (ctx) => {
        const view = await readAgreement(ctx, name, { on: options.on });
        if (options.file) io.out(publicTextOf(usedAgreement(ctx, name).agreement));
        else print(io, options, agreementOut(view), agreementText(ctx, view));
      }),
    );
}

function registerCheck(agreement: Command, io: Io): void {
  agreement
    .command('check')
    .description('look for faults in an agreement file; needs no configuration and no database')
    .argument('<file>', 'the file, or - for standard input')
    .option('--words', 'print what it says, rule by rule')
    .addHelpText('after', '\nExamples:\n  $ upheld agreement check ours.yaml --words')
    .action(async (file: string, options: { words?: true }) => {
      const name = file === STDIN ? '(standard input)' : file;
      const read = parseAgreement(await textOf(io, file), name);
      io.out(`${name} is sound: ${read.name}.`);
      if (options.words) io.out(`\n${sectionsText(agreementWords(read))}`);
    });
}

function registerWrites(agreement: Command, io: Io): void {
  agreement
    .command('preview')
    .description('what a version changes, and what the last twelve months would have been under it')
    .argument('<agreement>', 'its reference, or its id')
    .argument('<file>', 'one item of versions as YAML, or - for standard input')
    .option('--json', 'print the statements before and after as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld agreement preview standard 2027.yaml')
    .action((name: string, file: string, options: Json) =>
      io.withContext(async (ctx) => {
        const seen = await previewVersion(ctx, { agreement: name, source: await textOf(io, file) });
        print(io, options, versionPreviewOut(seen), versionPreviewText(ctx, seen));
      }),
    );
  agreement
    .command('adopt')
    .description('adopt a version from a day to come')
    .argument('<agreement>', 'its reference, or its id')
    .argument('<file>', 'one item of versions as YAML, or - for standard input')
    .requiredOption('--reason <text>', 'what was agreed, when and with whom')
    .option('--json', 'print the agreement as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  $ upheld agreement adopt standard 2027.yaml --reason 'Addendum of 1 December.'",
    )
    .action((name: string, file: string, { reason, ...options }: Json & Why) =>
      io.withContext(async (ctx) => {
        const source = await textOf(io, file);
        const view = await adoptVersion(ctx, CLI, { agreement: name, source, reason });
        print(io, options, agreementOut(view), agreementText(ctx, view));
      }),
    );
  agreement
    .command('withdraw')
    .description('take back a version that is not in force yet')
    .argument('<agreement>', 'its reference, or its id')
    .argument('<version>', 'the version; "upheld agreement show" tells their ids')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the agreement as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  $ upheld agreement withdraw standard 019ac… --reason 'It was not signed.'",
    )
    .action((name: string, versionId: string, { reason, ...options }: Json & Why) =>
      io.withContext(async (ctx) => {
        const view = await withdrawVersion(ctx, CLI, { agreement: name, versionId, reason });
        print(io, options, agreementOut(view), agreementText(ctx, view));
      }),
    );
}

async function textOf(io: Io, file: string): Promise<string> {
  if (file === STDIN) return io.stdin();
  try {
    return await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new DomainError('not-found', `${file}: ${why}`);
  }
}

function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
