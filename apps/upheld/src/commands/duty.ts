import { dutyOut } from '@upheld/api/v1/ticket-map.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { readDuties } from '@upheld/services/duty/read-duties.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { parseMoment } from './moment.ts';
import { CLI } from './options.ts';
import { dutiesText } from './ticket-text.ts';

export function register(program: Command, io: Io): void {
  const duty = program
    .command('duty')
    .description('what agreements ask for because of tickets and incidents')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld duty list --open
  $ upheld duty done flexkids/complaint/019ab… --evidence 'Brief van 21 november.'`,
    );
  duty
    .command('list')
    .description('duties with their moment, what is due first first')
    .option('--open', 'only those that are not done')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld duty list --open')
    .action((options: { open?: true; json?: true }) =>
      io.withContext(async (ctx) => {
        const all = await readDuties(ctx);
        const duties = options.open ? all.filter(({ state }) => state !== 'done') : all;
        if (options.json) io.out(JSON.stringify({ duties: duties.map((one) => dutyOut(one)) }));
        else io.out(dutiesText(duties, ctx.config().timezone));
      }),
    );
  duty
    .command('done')
    .description('say that a duty was done, and by what')
    .argument('<key>', 'as the list prints it')
    .requiredOption('--evidence <text>', 'what was sent or done; kept as evidence')
    .option('--done-at <time>', 'when; by default now')
    .option('--json', 'print the duty as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  $ upheld duty done flexkids/complaint/019ab… --evidence 'Brief van 21 november.'",
    )
    .action((key: string, options: { evidence: string; doneAt?: string; json?: true }) =>
      io.withContext(async (ctx) => {
        const { evidence, doneAt } = options;
        const zone = ctx.config().timezone;
        const done = await completeDuty(ctx, CLI, {
          key,
          evidence,
          doneAt: doneAt === undefined ? undefined : parseMoment(doneAt, zone, '--done-at'),
        });
        io.out(options.json ? JSON.stringify(dutyOut(done)) : dutiesText([done], zone));
      }),
    );
}
