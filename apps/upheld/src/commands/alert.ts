import { alertOut } from '@upheld/api/v1/ticket-map.ts';
import { acknowledgeAlert } from '@upheld/services/alert/acknowledge-alert.ts';
import { listAlerts, type AlertView } from '@upheld/services/alert/alert-view.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';
import { CLI, rowCount } from './options.ts';
import { table } from './tables.ts';

export function register(program: Command, io: Io): void {
  const alert = program
    .command('alert')
    .description('who is called for what')
    .addHelpText(
      'after',
      '\nExamples:\n  $ upheld alert list --open\n  $ upheld alert acknowledge 019ab…',
    );
  alert
    .command('list')
    .description('alerts, the latest first')
    .option('--open', 'only those that nobody has taken')
    .option('--limit <rows>', 'at most so many', rowCount, 20)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld alert list --open')
    .action((options: { open?: true; limit: number; json?: true }) =>
      io.withContext(async (ctx) => {
        const { open, limit } = options;
        const list = await listAlerts(ctx, { open, limit });
        if (options.json) io.out(JSON.stringify({ alerts: list.map((one) => alertOut(one)) }));
        else io.out(listText(list, ctx.config().timezone));
      }),
    );
  alert
    .command('acknowledge')
    .description('say that somebody is on it: nobody else is called')
    .argument('<ids...>', 'the alerts')
    .option('--json', 'print each as JSON, a line for one')
    .addHelpText('after', '\nExamples:\n  $ upheld alert acknowledge 019ab…')
    .action((ids: string[], options: { json?: true }) =>
      io.withContext(async (ctx) => {
        for (const alertId of ids) {
          const taken = await acknowledgeAlert(ctx, CLI, { alertId });
          io.out(
            options.json
              ? JSON.stringify(alertOut(taken))
              : `${taken.title.en}: ${taken.acknowledgedBy ?? 'somebody'} is on it; nobody else is called.`,
          );
        }
      }),
    );
}

function listText(list: readonly AlertView[], zone: string): string {
  if (list.length === 0) return 'There is no such alert.';
  return table([
    ['ID', 'STATE', 'RAISED', 'CALLS', 'NEXT', 'TITLE'],
    ...list.map(({ id, state, raisedAt, calls, next, title }) => [
      id,
      state,
      localTime(raisedAt, zone),
      String(calls),
      next === null ? '-' : `${next.people.join(', ')} at ${localTime(next.at, zone)}`,
      title.en,
    ]),
  ]);
}
