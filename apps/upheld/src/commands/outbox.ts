import { outboxOut } from '@upheld/api/v1/outbox.ts';
import type { Context } from '@upheld/services/context.ts';
import { listOutbox, UNDELIVERED, type OutboxView } from '@upheld/services/outbox/list-outbox.ts';
import { retryOutbox } from '@upheld/services/outbox/retry-outbox.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';
import { CLI, rowCount } from './options.ts';
import { oneLine, table } from './tables.ts';

interface Json {
  json?: true;
}

export function register(program: Command, io: Io): void {
  const outbox = program
    .command('outbox')
    .description('messages that were, are or could not be sent')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld outbox list --dead
  $ upheld outbox retry 01997d3e-6f1a-7c1e-9d53-2f6f0b6f7b11`,
    );
  registerList(outbox, io);
  registerRetry(outbox, io);
}

function registerList(outbox: Command, io: Io): void {
  outbox
    .command('list')
    .description('messages, newest first')
    .option('--dead', 'only what was given up or came too late')
    .option('--limit <number>', 'at most so many', rowCount, 50)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld outbox list --dead --json')
    .action((options: Json & { dead?: true; limit: number }) =>
      io.withContext(async (ctx) => {
        const states = options.dead ? UNDELIVERED : undefined;
        const messages = await listOutbox(ctx, { states, limit: options.limit });
        if (options.json)
          io.out(JSON.stringify({ messages: messages.map((one) => outboxOut(one)) }));
        else if (messages.length > 0) io.out(listText(ctx, messages));
        else io.out(options.dead ? 'Nothing was given up.' : 'There is no message yet.');
      }),
    );
}

function registerRetry(outbox: Command, io: Io): void {
  outbox
    .command('retry')
    .description('try a message again that was given up or came too late')
    .argument('<id>', 'of the message')
    .option('--json', 'print the message as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ upheld outbox retry 01997d3e-6f1a-7c1e-9d53-2f6f0b6f7b11',
    )
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const message = await retryOutbox(ctx, CLI, { id });
        io.out(
          options.json
            ? JSON.stringify(outboxOut(message))
            : `The message to ${message.address} is tried again.`,
        );
      }),
    );
}

function listText(ctx: Context, messages: readonly OutboxView[]): string {
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'WHEN', 'CHANNEL', 'TO', 'ABOUT', 'STATE', 'WHY'],
    ...messages.map((one) => [
      one.id,
      localTime(one.createdAt, zone),
      one.channel,
      one.address === '' ? '(left)' : one.address,
      oneLine(one.title),
      one.state,
      oneLine(one.reason ?? ''),
    ]),
  ]);
}
