import { correctionOut, outageOut } from '@upheld/api/v1/correction-schemas.ts';
import { CORRECTION_KINDS, type CorrectionKind } from '@upheld/domain/correction/correction.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { CAUSES, type Cause } from '@upheld/domain/incident/incident.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import { parsePeriod, PERIOD_FORMS } from '@upheld/domain/sla/period-text.ts';
import { correctOutage, withdrawCorrection } from '@upheld/services/correction/correct-outage.ts';
import { listCorrections } from '@upheld/services/correction/list-corrections.ts';
import { outageEffects } from '@upheld/services/correction/outage-effects.ts';
import {
  previewCorrection,
  previewWithdrawal,
} from '@upheld/services/correction/preview-correction.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { correctedText, correctionList, outageList, previewText } from './correction-text.ts';
import { CLI, rowCount } from './options.ts';

interface Json {
  json?: true;
}
interface Said {
  kind: CorrectionKind;
  cause?: Cause;
  severity?: string;
  agreement?: string;
  maintenance?: string;
}
interface Why {
  reason: string;
  evidence: string;
}

/** Adds `upheld correction`. */
export function register(program: Command, io: Io): void {
  const correction = program
    .command('correction')
    .description('say afterwards what an outage turned out to be')
    .addHelpText(
      'after',
      `
Nothing is overwritten: what was recorded stays, the last correction of an outage and kind holds, and
the statement can be had of both.

Examples:
  $ upheld correction outages fysioone --period 2026-11
  $ upheld correction preview 019ab… --kind cause --cause force-majeure
  $ upheld correction add 019ab… --kind false-alarm --reason 'Our probe was cut off.' \\
      --evidence 'https://tickets.example.com/7'
  $ upheld correction withdraw 019ac… --reason 'It was down after all.' --evidence 'A customer wrote.'`,
    );
  registerOutages(correction, io);
  registerPreview(correction, io);
  registerAdd(correction, io);
  registerWithdraw(correction, io);
  registerList(correction, io);
}

function withMatter(command: Command): Command {
  return command
    .argument('<outage>', 'the outage; "upheld correction outages" tells their ids')
    .addOption(
      new Option('--kind <kind>', 'what it turned out to be')
        .choices(CORRECTION_KINDS)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--cause <cause>', 'of the kind cause: the right one').choices(CAUSES))
    .option('--severity <level>', 'of the kind severity: the right level of an agreement')
    .option('--agreement <id>', 'whose level it is, where several agreements have it')
    .option('--maintenance <id>', 'of the kind maintenance: the one that it was part of');
}

function withWhy(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; everyone can read it beside the figure')
    .requiredOption('--evidence <text>', 'what shows it: a link, a document, words; never public');
}

function registerAdd(correction: Command, io: Io): void {
  withWhy(withMatter(correction.command('add').description('correct an outage that is over')))
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld correction add 019ab… --kind severity --severity b --reason 'Only one clinic.' \\
      --evidence 'ticket 7'`,
    )
    .action((outageId: string, options: Said & Why & Json) =>
      io.withContext(async (ctx) => {
        const { reason, evidence } = options;
        const input = { ...saidBy(outageId, options), reason, evidence };
        const view = await correctOutage(ctx, CLI, input);
        print(io, options, correctionOut(view), correctedText(view, 'corrected'));
      }),
    );
}

function registerWithdraw(correction: Command, io: Io): void {
  withWhy(
    correction
      .command('withdraw')
      .description('take a correction back: what held before it holds again')
      .argument('<id>', 'the correction'),
  )
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld correction withdraw 019ac… --reason 'It was down after all.' --evidence 'A letter.'`,
    )
    .action((correctionId: string, options: Why & Json) =>
      io.withContext(async (ctx) => {
        const { reason, evidence } = options;
        const view = await withdrawCorrection(ctx, CLI, { correctionId, reason, evidence });
        print(io, options, correctionOut(view), correctedText(view, 'withdrawn'));
      }),
    );
}

function registerPreview(correction: Command, io: Io): void {
  const preview = correction
    .command('preview')
    .description('what a correction would do to every statement; stores nothing');
  withMatter(preview)
    .option('--json', 'print the statements before and after as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld correction preview 019ab… --kind cause --cause force-majeure`,
    )
    .action((outageId: string, options: Said & Json) =>
      io.withContext(async (ctx) => {
        const seen = await previewCorrection(ctx, saidBy(outageId, options));
        print(io, options, seen, previewText(seen));
      }),
    );
  correction
    .command('preview-withdrawal')
    .description('what taking a correction back would do; stores nothing')
    .argument('<id>', 'the correction')
    .option('--json', 'print the statements before and after as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld correction preview-withdrawal 019ac…')
    .action((correctionId: string, options: Json) =>
      io.withContext(async (ctx) => {
        const seen = await previewWithdrawal(ctx, { correctionId });
        print(io, options, seen, previewText(seen));
      }),
    );
}

function registerList(correction: Command, io: Io): void {
  correction
    .command('list')
    .description('the corrections so far, latest first')
    .option('--component <id>', 'only those of its outages')
    .option('--outage <id>', 'only those of one outage')
    .option('--limit <count>', 'at most so many', rowCount, 50)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld correction list --component fysioone')
    .action((options: Json & { component?: string; outage?: string; limit: number }) =>
      io.withContext(async (ctx) => {
        const { component: componentId, outage: outageId, limit } = options;
        const views = await listCorrections(ctx, { componentId, outageId, limit });
        const json = { corrections: views.map(correctionOut) };
        print(io, options, json, correctionList(ctx, views));
      }),
    );
}

function registerOutages(correction: Command, io: Io): void {
  correction
    .command('outages')
    .description('the outages of a component, and what each does to the figure')
    .argument('<component>', 'the component')
    .option('--agreement <id>', 'one of its agreements; by default the leading one')
    .option('--period <period>', 'by default that of the agreement')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld correction outages fysioone --period 2026-11')
    .action((componentId: string, options: Json & { agreement?: string; period?: string }) =>
      io.withContext(async (ctx) => {
        const { agreement } = options;
        const period = periodOf(options.period);
        const views = await outageEffects(ctx, { componentId, agreement, period });
        print(io, options, { outages: views.map(outageOut) }, outageList(ctx, views));
      }),
    );
}

function saidBy(outageId: string, { kind, cause, severity, agreement, maintenance }: Said) {
  return { outageId, kind, cause, severity, agreement, maintenanceId: maintenance };
}

function periodOf(text: string | undefined): FactsPeriod | undefined {
  if (text === undefined) return undefined;
  const period = parsePeriod(text);
  if (period) return period;
  throw new DomainError('invalid-input', `--period: "${text}" is no period; ${PERIOD_FORMS}`);
}

function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
