import { onCallOut } from '@upheld/api/v1/on-call.ts';
import { readOnCall, type OnCallView } from '@upheld/services/on-call/read-on-call.ts';
import { handBack, takeOver } from '@upheld/services/on-call/take-over.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime, parseMoment } from './moment.ts';
import { CLI } from './options.ts';
import { table } from './tables.ts';

export function register(program: Command, io: Io): void {
  const onCall = program
    .command('on-call')
    .description('who is on call now by each roster, and who is next')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld on-call
  $ upheld on-call take-over primary --person bob --until 2026-11-24T08:00
  $ upheld on-call hand-back primary`,
    )
    .action((options: { json?: true }) =>
      io.withContext(async (ctx) => {
        const rosters = await readOnCall(ctx);
        if (options.json) io.out(JSON.stringify({ rosters: rosters.map((one) => onCallOut(one)) }));
        else if (rosters.length === 0) io.out('There is no roster in the configuration.');
        else io.out(rostersText(rosters));
      }),
    );
  onCall
    .command('take-over')
    .description('be on call in the place of whoever has the turn, for a time')
    .argument('<roster>', 'as the configuration names it')
    .requiredOption('--person <id>', 'who takes over, as the configuration names them')
    .requiredOption('--until <time>', 'in the time of the roster, such as 2026-11-24T08:00')
    .option('--from <time>', 'by default now')
    .addHelpText(
      'after',
      '\nExamples:\n  $ upheld on-call take-over primary --person bob --until 2026-11-24T08:00',
    )
    .action((rosterId: string, given: { person: string; until: string; from?: string }) =>
      io.withContext(async (ctx) => {
        const zone =
          ctx.config().onCall?.rosters.find(({ id }) => id === rosterId)?.zone ??
          ctx.config().timezone;
        const after = await takeOver(ctx, CLI, {
          rosterId,
          personId: given.person,
          from: given.from === undefined ? undefined : parseMoment(given.from, zone, '--from'),
          until: parseMoment(given.until, zone, '--until'),
        });
        io.out(rostersText([after]));
      }),
    );
  onCall
    .command('hand-back')
    .description('end what somebody took over: whoever would have been is on call again')
    .argument('<roster>', 'as the configuration names it')
    .addHelpText('after', '\nExamples:\n  $ upheld on-call hand-back primary')
    .action((rosterId: string) =>
      io.withContext(async (ctx) => io.out(rostersText([await handBack(ctx, CLI, { rosterId })]))),
    );
}

function rostersText(rosters: readonly OnCallView[]): string {
  return table([
    ['ROSTER', 'NOW', 'UNTIL', 'NEXT', 'UNTIL'],
    ...rosters.map(({ id, zone, now, next }) => [
      id,
      `${now.person.name}${now.isOverride ? ' (took over)' : ''}`,
      localTime(now.until, zone),
      `${next.person.name}${next.isOverride ? ' (takes over)' : ''}`,
      localTime(next.until, zone),
    ]),
  ]);
}
