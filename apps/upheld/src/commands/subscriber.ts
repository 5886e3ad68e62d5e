import { subscriberOut } from '@upheld/api/v1/map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import { REMINDERS, type Reminder } from '@upheld/domain/notify/reminders.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import type { Context } from '@upheld/services/context.ts';
import {
  addSubscriber,
  findSubscriber,
  listSubscribers,
  removeSubscriber,
  type SubscriberView,
} from '@upheld/services/subscriber/subscribers.ts';
import { setReminders } from '@upheld/services/subscriber/set-reminders.ts';
import { Argument, Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';
import { CLI, collect } from './options.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}
type Add = Json & {
  email?: string;
  sms?: string;
  language?: Language;
  component?: string[];
  remind?: Reminder[];
};

export function register(program: Command, io: Io): void {
  const subscriber = program
    .command('subscriber')
    .description('who hears of incidents and maintenance')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld subscriber list
  $ upheld subscriber add --email jan@example.com --component fysioone
  $ upheld subscriber reminders jan@example.com 24h start
  $ upheld subscriber remove jan@example.com`,
    );
  registerList(subscriber, io);
  registerAdd(subscriber, io);
  registerReminders(subscriber, io);
  registerRemove(subscriber, io);
}

function registerList(subscriber: Command, io: Io): void {
  subscriber
    .command('list')
    .description('everybody who subscribed, confirmed or not')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld subscriber list --json')
    .action((options: Json) =>
      io.withContext(async (ctx) => {
        const subscribers = await listSubscribers(ctx);
        const json = { subscribers: subscribers.map((one) => subscriberOut(one)) };
        io.out(options.json ? JSON.stringify(json) : listText(ctx, subscribers));
      }),
    );
}

function registerAdd(subscriber: Command, io: Io): void {
  subscriber
    .command('add')
    .description('add somebody, who still has to confirm')
    .option('--email <address>', 'by e-mail')
    .option('--sms <number>', 'by text message')
    .addOption(new Option('--language <language>', 'of the messages').choices(LANGUAGES))
    .option('--component <id>', 'only of this one; may be given more than once', collect)
    .addOption(new Option('--remind <moments...>', 'of maintenance, when').choices(REMINDERS))
    .option('--json', 'print the subscriber as JSON')
    .addHelpText(
      'after',
      `
A message goes out with a link or a code; until that is used, nothing else is sent.

Examples:
  $ upheld subscriber add --email jan@example.com --language nl
  $ upheld subscriber add --sms '+31 6 12345678' --component fysioone --component intelligence
  $ upheld subscriber add --email jan@example.com --remind 24h 1h`,
    )
    .action((options: Add) =>
      io.withContext(async (ctx) => {
        const added = await addSubscriber(ctx, CLI, {
          ...targetOf(options),
          language: options.language,
          componentIds: options.component ?? null,
          reminders: options.remind ?? null,
        });
        io.out(
          options.json
            ? JSON.stringify(subscriberOut(added))
            : `${added.address} is asked to confirm.`,
        );
      }),
    );
}

function registerReminders(subscriber: Command, io: Io): void {
  subscriber
    .command('reminders')
    .description('choose which reminders of maintenance somebody gets')
    .argument('<who>', 'the address, the number or the id')
    .addArgument(
      new Argument('<moments...>', 'before it, at its start and at its end').choices([
        ...REMINDERS,
        'none',
        'default',
      ]),
    )
    .option('--json', 'print the subscriber as JSON')
    .addHelpText(
      'after',
      `
By default a day before by e-mail and an hour before by text message.

Examples:
  $ upheld subscriber reminders jan@example.com 24h start end
  $ upheld subscriber reminders '+31 6 12345678' none`,
    )
    .action((who: string, moments: (Reminder | 'none' | 'default')[], options: Json) =>
      io.withContext(async (ctx) => {
        const { id } = await findSubscriber(ctx, who);
        const reminders = remindersOf(moments);
        const changed = await setReminders(ctx, CLI, { subscriberId: id, reminders });
        io.out(
          options.json
            ? JSON.stringify(subscriberOut(changed))
            : `${changed.address} is reminded: ${changed.reminders.join(', ') || 'not at all'}.`,
        );
      }),
    );
}

function remindersOf(moments: readonly (Reminder | 'none' | 'default')[]): Reminder[] | null {
  const chosen = moments.filter((moment) => moment !== 'none' && moment !== 'default');
  if (chosen.length > 0 && chosen.length < moments.length)
    throw new DomainError('invalid-input', 'give either moments, or none, or default');
  return moments.includes('default') ? null : chosen;
}

function registerRemove(subscriber: Command, io: Io): void {
  subscriber
    .command('remove')
    .description('end a subscription and forget its address')
    .argument('<who>', 'the address, the number or the id')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld subscriber remove jan@example.com')
    .action((who: string, options: Json) =>
      io.withContext(async (ctx) => {
        await removeSubscriber(ctx, CLI, who);
        io.out(
          options.json ? JSON.stringify({ removed: who }) : `${who} hears of nothing any more.`,
        );
      }),
    );
}

function targetOf({ email, sms }: Add): { channel: Channel; address: string } {
  if (email !== undefined && sms === undefined) return { channel: 'email', address: email };
  if (sms !== undefined && email === undefined) return { channel: 'sms', address: sms };
  throw new DomainError('invalid-input', 'give either --email or --sms');
}

function listText(ctx: Context, subscribers: readonly SubscriberView[]): string {
  if (subscribers.length === 0) return 'Nobody has subscribed.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'CHANNEL', 'ADDRESS', 'LANGUAGE', 'CONFIRMED', 'REMINDERS', 'COMPONENTS'],
    ...subscribers.map((one) => [
      one.id,
      one.channel,
      one.address,
      one.language,
      confirmedText(one, zone),
      one.reminders.join(', ') || 'none',
      one.componentIds === null ? 'all' : one.componentIds.join(', '),
    ]),
  ]);
}

function confirmedText({ bounced, confirmedAt }: SubscriberView, zone: string): string {
  if (bounced) return 'mail comes back';
  return confirmedAt === null ? 'not yet' : localTime(confirmedAt, zone);
}
