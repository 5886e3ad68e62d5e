import { announcedOut } from '@upheld/api/v1/map.ts';
import { planOut, seriesOut } from '@upheld/api/v1/planning-map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { MAINTENANCE_KINDS, type MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { Context } from '@upheld/services/context.ts';
import { declareEmergency } from '@upheld/services/maintenance/emergency.ts';
import { planMaintenance } from '@upheld/services/maintenance/plan.ts';
import {
  createSeries,
  endSeries,
  listSeries,
  readSeries,
} from '@upheld/services/maintenance/series.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { announcedText } from './maintenance-text.ts';
import { parseMoment } from './moment.ts';
import { CLI, collect, titleOf } from './options.ts';
import { planText, seriesListText, seriesText } from './planning-text.ts';

interface Json {
  json?: true;
}
interface Texts {
  textNl: string;
  textEn: string;
  titleNl?: string;
  titleEn?: string;
}
type Plan = Json & { component?: string[]; from: string; to: string; kind: MaintenanceKind };
type Emergency = Json & Texts & { to: string; reason: string };
type Create = Json &
  Texts & {
    component: string[];
    rule: string;
    start: string;
    minutes: string;
    noticeHours: string;
  };

/** Adds what plans ahead to `upheld maintenance`. */
export function registerPlanning(maintenance: Command, io: Io): void {
  registerPlan(maintenance, io);
  registerEmergency(maintenance, io);
  const series = maintenance
    .command('series')
    .description('maintenance that comes back, each time announced by itself');
  registerCreate(series, io);
  registerSeriesReads(series, io);
}

function registerPlan(maintenance: Command, io: Io): void {
  maintenance
    .command('plan')
    .description('what a window means for every contract, and the next that suits all')
    .argument('[id]', 'a maintenance that would be moved to the window')
    .option('--component <id>', 'what it would touch; may be given more than once', collect)
    .requiredOption('--from <time>', 'when the window begins')
    .requiredOption('--to <time>', 'when it ends')
    .addOption(new Option('--kind <kind>').choices(MAINTENANCE_KINDS).default('planned'))
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      `
It stores nothing and tells nobody.

Examples:
  $ upheld maintenance plan --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00`,
    )
    .action((id: string | undefined, options: Plan) =>
      io.withContext(async (ctx) => {
        const plan = await planMaintenance(ctx, asked(ctx, id, options));
        print(io, options, planOut(plan), planText(ctx, plan));
      }),
    );
}

function asked(ctx: Context, id: string | undefined, options: Plan) {
  const zone = ctx.config().timezone;
  const from = parseMoment(options.from, zone, '--from');
  const to = parseMoment(options.to, zone, '--to');
  const { component: componentIds, kind } = options;
  if (id !== undefined && componentIds === undefined) return { maintenanceId: id, from, to };
  if (id === undefined && componentIds !== undefined) return { componentIds, kind, from, to };
  throw new DomainError(
    'invalid-input',
    'give either the id of a maintenance, or --component for a new one',
  );
}

function registerEmergency(maintenance: Command, io: Io): void {
  withTexts(
    maintenance
      .command('emergency')
      .description('declare that planned work is an emergency from now on')
      .argument('<id>', 'the planned maintenance')
      .requiredOption('--to <time>', 'until when it is expected to take')
      .requiredOption('--reason <text>', 'why it could not wait; kept as evidence'),
  )
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
The planned work ends here, or is called off when it has not begun, and an emergency begins now in its
place. What was announced keeps its moments and its verdict.

Examples:
  $ upheld maintenance emergency 019ab… --to 2026-12-01T15:00 --reason 'A disk is failing.' \\
      --text-nl 'We herstellen nu.' --text-en 'We repair it now.'`,
    )
    .action((id: string, options: Emergency) =>
      io.withContext(async (ctx) => {
        const result = await declareEmergency(ctx, CLI, {
          maintenanceId: id,
          to: parseMoment(options.to, ctx.config().timezone, '--to'),
          ...textsOf(options),
          reason: options.reason,
        });
        const json = { ...announcedOut(result), replacedId: result.replacedId };
        print(io, options, json, announcedText(ctx, 'declared', result));
      }),
    );
}

function registerCreate(series: Command, io: Io): void {
  withTexts(
    series
      .command('create')
      .description('plan maintenance that comes back')
      .requiredOption('--component <id>', 'what it touches; may be given more than once', collect)
      .requiredOption('--rule <rrule>', 'RFC 5545, such as FREQ=MONTHLY;BYDAY=1SU')
      .requiredOption('--start <time>', 'the first start, on the clock of the page')
      .requiredOption('--minutes <number>', 'how long each takes')
      .requiredOption('--notice-hours <number>', 'how long before it each is announced'),
  )
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
The time on the clock stays the same when the clocks change. {component}, {from} and {to} in the texts
are filled in for each occurrence.

Examples:
  $ upheld maintenance series create --component fysioone --rule 'FREQ=MONTHLY;BYDAY=1SU' \\
      --start 2026-12-06T02:00 --minutes 120 --notice-hours 168 \\
      --text-nl 'Onderhoud van {from} tot {to}.' --text-en 'Maintenance from {from} to {to}.'`,
    )
    .action((options: Create) =>
      io.withContext(async (ctx) => {
        const view = await createSeries(ctx, CLI, {
          componentIds: options.component,
          ...textsOf(options),
          rrule: options.rule,
          localStart: options.start.replace(' ', 'T'),
          durationSeconds: Math.round(Number(options.minutes) * 60),
          announceSeconds: Math.round(Number(options.noticeHours) * 3600),
        });
        print(io, options, seriesOut(view), seriesText(ctx, view));
      }),
    );
}

function registerSeriesReads(series: Command, io: Io): void {
  series
    .command('list')
    .description('all series, those that were ended last')
    .option('--json', 'print them as JSON')
    .action((options: Json) =>
      io.withContext(async (ctx) => {
        const list = await listSeries(ctx);
        const json = { series: list.map((view) => seriesOut(view)) };
        print(io, options, json, seriesListText(ctx, list));
      }),
    );
  series
    .command('show')
    .description('one series with its next occurrences')
    .argument('<id>', 'the series')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const view = await readSeries(ctx, id);
        print(io, options, seriesOut(view), seriesText(ctx, view));
      }),
    );
  series
    .command('end')
    .description('announce nothing of it any more; what was announced stays')
    .argument('<id>', 'the series')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const view = await endSeries(ctx, CLI, { seriesId: id });
        print(io, options, seriesOut(view), seriesText(ctx, view));
      }),
    );
}

function withTexts(command: Command): Command {
  return command
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .option('--title-nl <title>', 'one line instead of the kind, in Dutch')
    .option('--title-en <title>', 'the same in English');
}

function textsOf({ textNl, textEn, titleNl, titleEn }: Texts) {
  return { text: { nl: textNl, en: textEn }, title: titleOf(titleNl, titleEn) };
}

function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
