import { dutyOut, noticeOut } from '@upheld/api/v1/ticket-map.ts';
import type { Notice, NoticeWay } from '@upheld/domain/desk/notices.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { readDuties } from '@upheld/services/duty/read-duties.ts';
import { readNotices } from '@upheld/services/duty/read-notices.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { parseMoment } from './moment.ts';
import { CLI } from './options.ts';
import { table } from './tables.ts';
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
  registerTold(duty, io);
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

function registerTold(duty: Command, io: Io): void {
  duty
    .command('told')
    .description(
      'whom agreements want told of an incident, maintenance or ticket, and what went out',
    )
    .argument('<id>', 'the incident, the maintenance or the ticket')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld duty told 019ab…')
    .action((id: string, options: { json?: true }) =>
      io.withContext(async (ctx) => {
        const notices = await readNotices(ctx, id);
        if (options.json) io.out(JSON.stringify({ notices: notices.map((one) => noticeOut(one)) }));
        else io.out(noticesText(notices));
      }),
    );
}

function noticesText(notices: readonly Notice[]): string {
  if (notices.length === 0) return 'No agreement asks to tell anybody of it.';
  return table([
    ['AGREEMENT', 'CLAUSE', 'TO', 'BY', 'KEY'],
    ...notices.map(({ agreement, clause, audience, ways, byHand, key }) => [
      agreement,
      clause,
      audience,
      [...ways.map((way) => wayText(way)), ...(byHand ? [`done: ${byHand.evidence}`] : [])].join(
        ', ',
      ) || 'nothing yet',
      key,
    ]),
  ]);
}

function wayText({ channel, told }: NoticeWay): string {
  if (!told) return `${channel} (by people)`;
  return `${channel} (${told.sent > 0 ? `sent ${told.sent}` : 'not sent'})`;
}
