import { periodsOut, previewOut, revisionOut } from '@upheld/api/v1/period-schemas.ts';
import { closePeriod, revisePeriod } from '@upheld/services/period/close-period.ts';
import { listPeriods } from '@upheld/services/period/list-periods.ts';
import { previewPeriod } from '@upheld/services/period/preview-period.ts';
import { readPeriod, readRevisionDocument } from '@upheld/services/period/read-period.ts';
import { InvalidArgumentError, type Command } from 'commander';
import type { Io } from '../io.ts';
import { CLI } from './options.ts';
import { periodsText, previewText, revisionsText, revisionText } from './period-text.ts';
import { verifyFiles } from './period-verify.ts';

interface Json {
  json?: true;
}
interface Under {
  agreement?: string;
}

/** Adds `upheld period`. */
export function register(program: Command, io: Io): void {
  const period = program
    .command('period')
    .description('close periods that are over: freeze what is published of them')
    .addHelpText(
      'after',
      `
A closed period is one document: the facts, the agreement and the statement. Its SHA-256 stands in the
audit log. What is recorded later does not change what is published of it; a correction, or a revision
with a reason, makes a new document beside it.

A period is a month (2026-10), a year (2026) or a contract year (contract-year:2024-03-01:2).

Examples:
  $ upheld period list
  $ upheld period preview shop 2026-10
  $ upheld period close shop 2026-10
  $ upheld period revise shop 2026-10 --reason 'A customer told us of a second outage.'
  $ upheld period show shop 2026-10 --revision 1 > october.json
  $ upheld period verify october.json`,
    );
  registerList(period, io);
  registerPreview(period, io);
  registerClose(period, io);
  registerRevise(period, io);
  registerShow(period, io);
  registerVerify(period, io);
}

function registerList(period: Command, io: Io): void {
  period
    .command('list')
    .description('what is over and not closed, and what is closed')
    .option('--component <id>', 'only those of one component')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld period list --component shop')
    .action(({ json, component: componentId }: Json & { component?: string }) =>
      io.withContext(async (ctx) => {
        const periods = await listPeriods(ctx, { componentId });
        io.out(json ? JSON.stringify(periodsOut(periods)) : periodsText(ctx, periods));
      }),
    );
}

function ofOne(command: Command): Command {
  return command
    .argument('<component>', 'the component')
    .argument('<period>', 'a month, a year or a contract year')
    .option('--agreement <id>', 'one of its agreements; by default the leading one');
}

function registerPreview(period: Command, io: Io): void {
  ofOne(period.command('preview').description('what would be frozen of a period; stores nothing'))
    .option('--json', 'print it as JSON, with the statement')
    .addHelpText('after', '\nExamples:\n  $ upheld period preview shop 2026-10')
    .action((componentId: string, asked: string, { json, agreement }: Json & Under) =>
      io.withContext(async (ctx) => {
        const seen = await previewPeriod(ctx, { componentId, agreement, period: asked });
        io.out(json ? JSON.stringify(previewOut(seen)) : previewText(ctx, seen));
      }),
    );
}

function registerClose(period: Command, io: Io): void {
  ofOne(period.command('close').description('freeze what is published of a period that is over'))
    .option('--fingerprint <hex>', 'of the preview: refuse anything but what was seen')
    .option('--json', 'print the revision as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld period close shop 2026-10')
    .action(
      (
        componentId: string,
        asked: string,
        { json, agreement, fingerprint }: Json & Under & { fingerprint?: string },
      ) =>
        io.withContext(async (ctx) => {
          const order = { componentId, agreement, period: asked, fingerprint };
          const closed = await closePeriod(ctx, CLI, order);
          io.out(json ? JSON.stringify(revisionOut(closed)) : revisionText(closed));
        }),
    );
}

interface Revising extends Json, Under {
  reason: string;
  revision?: number;
  fingerprint?: string;
}

function registerRevise(period: Command, io: Io): void {
  ofOne(
    period
      .command('revise')
      .description('give a closed period a new revision from what is recorded'),
  )
    .requiredOption('--reason <text>', 'why; everyone can read it beside the figure')
    .option('--revision <number>', 'refuse when there is a later one', revisionNumber)
    .option('--fingerprint <hex>', 'of the preview: refuse anything but what was seen')
    .option('--json', 'print the revision as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld period revise shop 2026-10 --reason 'A customer told us of a second outage.'`,
    )
    .action((componentId: string, asked: string, { json, revision, ...said }: Revising) =>
      io.withContext(async (ctx) => {
        const order = { componentId, period: asked, expectedRevision: revision, ...said };
        const revised = await revisePeriod(ctx, CLI, order);
        io.out(json ? JSON.stringify(revisionOut(revised)) : revisionText(revised));
      }),
    );
}

function registerShow(period: Command, io: Io): void {
  ofOne(period.command('show').description('the revisions of a closed period, or one document'))
    .option('--revision <number>', 'print its document, byte for byte', revisionNumber)
    .option('--json', 'print the revisions as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld period show shop 2026-10
  $ upheld period show shop 2026-10 --revision 2 > october-2.json && sha256sum october-2.json`,
    )
    .action(
      (
        componentId: string,
        asked: string,
        { json, agreement, revision }: Json & Under & { revision?: number },
      ) =>
        io.withContext(async (ctx) => {
          const query = { componentId, agreement, period: asked };
          if (revision !== undefined) {
            io.out((await readRevisionDocument(ctx, { ...query, revision })).document);
            return;
          }
          const { revisions, changedSince } = await readPeriod(ctx, query);
          const told = { revisions: revisions.map(revisionOut), changedSince };
          io.out(json ? JSON.stringify(told) : revisionsText(ctx, revisions, changedSince));
        }),
    );
}

function registerVerify(period: Command, io: Io): void {
  period
    .command('verify')
    .description('look at documents of closed periods, with nothing but the documents')
    .argument('<files...>', 'documents; those of one period in the order of their revisions')
    .option('--hash <hex>', 'the hash that the last of them must have, from elsewhere')
    .addHelpText(
      'after',
      `
Needs no configuration and no database: anyone can do it. Prints the SHA-256 of each document, makes its
statement again from the facts and the agreement in it, and compares. Who could write the document could
also write another one that fits: compare the hash with one that you noted, or that we tell you.

Exit status 1 when something does not fit, 2 when a file is no such document.

Examples:
  $ upheld period verify october.json
  $ upheld period verify october-1.json october-2.json`,
    )
    .action(async (files: string[], options: { hash?: string }) => {
      io.exit(await verifyFiles({ files, ...options }, io));
    });
}

function revisionNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write the number of a revision: 1, 2, 3 …');
}
