import { seriesOut } from '@upheld/api/v1/planning-map.ts';
import { createSeries, endSeries } from '@upheld/services/maintenance/series.ts';
import { listSeries, readSeries } from '@upheld/services/maintenance/series-view.ts';
import { skipOccurrence } from '@upheld/services/maintenance/skip-occurrence.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import {
  print,
  textsOf,
  withTexts,
  withTitles,
  type Json,
  type Texts,
  type Titles,
} from './maintenance-options.ts';
import { parseMoment } from './moment.ts';
import { CLI, collect } from './options.ts';
import { seriesListText, seriesText } from './planning-text.ts';

type Create = Json &
  Texts &
  Titles & {
    component: string[];
    rule: string;
    start: string;
    minutes: string;
    noticeHours: string;
  };

/** Adds what comes back to `upheld maintenance`. */
export function registerSeries(maintenance: Command, io: Io): void {
  const series = maintenance
    .command('series')
    .description('maintenance that comes back, each time announced by itself');
  registerCreate(series, io);
  registerSkip(series, io);
  registerReads(series, io);
}

function registerCreate(series: Command, io: Io): void {
  const create = series
    .command('create')
    .description('plan maintenance that comes back')
    .requiredOption('--component <id>', 'what it touches; may be given more than once', collect)
    .requiredOption('--rule <rrule>', 'RFC 5545, such as FREQ=MONTHLY;BYDAY=1SU')
    .requiredOption('--start <time>', 'the first start, on the clock of the page')
    .requiredOption('--minutes <number>', 'how long each takes')
    .requiredOption('--notice-hours <number>', 'how long before it each is announced');
  withTitles(withTexts(create))
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

function registerReads(series: Command, io: Io): void {
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

function registerSkip(series: Command, io: Io): void {
  series
    .command('skip')
    .description('leave out one occurrence before it is announced')
    .argument('<id>', 'the series')
    .requiredOption('--at <time>', 'the start that the rule gives it, as `show` prints it')
    .requiredOption('--reason <text>', 'why; kept as evidence')
    .option('--json', 'print the series as JSON')
    .addHelpText(
      'after',
      `
It is never announced, and nothing of it is published. It cannot be undone. One that was announced is
called off with \`upheld maintenance cancel\`, so that subscribers hear of it.

Examples:
  $ upheld maintenance series skip 019ab… --at 2027-01-03T02:00 --reason 'Everyone is away.'`,
    )
    .action((id: string, options: Json & { at: string; reason: string }) =>
      io.withContext(async (ctx) => {
        const view = await skipOccurrence(ctx, CLI, {
          seriesId: id,
          occurrenceAt: parseMoment(options.at, ctx.config().timezone, '--at'),
          reason: options.reason,
        });
        print(io, options, seriesOut(view), seriesText(ctx, view));
      }),
    );
}
