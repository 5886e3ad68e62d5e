import { monitorsOut } from '@upheld/api/v1/monitors.ts';
import type { Context } from '@upheld/services/context.ts';
import { readDesk, type DownNow } from '@upheld/services/incident/read-desk.ts';
import { readMeasuringNow, type MeasuringNow } from '@upheld/services/read/not-measured.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';

/** What is down now, and what nobody knows because it is not measured. */
export function registerNow(incident: Command, io: Io): void {
  incident
    .command('now')
    .description('what is seen failing at this moment, and what is not measured and why')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld incident now')
    .action((options: { json?: true }) =>
      io.withContext(async (ctx) => {
        const { down } = await readDesk(ctx);
        const measuring = await readMeasuringNow(ctx);
        if (options.json)
          io.out(JSON.stringify({ down: down.map(downOut), ...monitorsOut(measuring) }));
        else io.out([...downText(ctx, down), ...measuringText(ctx, measuring)].join('\n'));
      }),
    );
}

function downOut({ componentId, state, since, incidentId, seenBy }: DownNow) {
  const monitors = seenBy.flatMap(({ monitorId }) => monitorId ?? []);
  return { componentId, state, since: new Date(since).toISOString(), incidentId, monitors };
}

function downText(ctx: Context, down: readonly DownNow[]): string[] {
  const { timezone } = ctx.config();
  if (down.length === 0) return ['Nothing is seen failing.'];
  return [
    'Down now:',
    ...down.map(({ name, state, since, incidentId, seenBy }) => {
      const monitors = seenBy.map(({ monitorId }) => monitorId ?? 'people').join(', ');
      return `  ${name.en}: ${state} since ${localTime(since, timezone)}, seen by ${monitors} (${incidentId})`;
    }),
  ];
}

function measuringText(
  ctx: Context,
  { measuring, lastSignOfLife, monitors }: MeasuringNow,
): string[] {
  const { timezone } = ctx.config();
  const rows = monitors.flatMap(({ id, componentName, notMeasured }) => {
    if (!notMeasured) return [];
    const { since, why, remedy } = notMeasured;
    const from = since === null ? '' : ` since ${localTime(since, timezone)}`;
    return [`  ${componentName.en}, monitor ${id}${from}: ${why}`, `    -> ${remedy}`];
  });
  if (!measuring) {
    const last = lastSignOfLife === null ? 'ever' : `since ${localTime(lastSignOfLife, timezone)}`;
    rows.unshift(
      `  everything: no process has said that it measures ${last}`,
      '    -> start it with npx upheld serve, or look in its log',
    );
  }
  return rows.length === 0 ? ['Every monitor is measured.'] : ['Not measured now:', ...rows];
}
