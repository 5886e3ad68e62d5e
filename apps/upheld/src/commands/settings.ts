import { outboxOut } from '@upheld/api/v1/outbox.ts';
import { settingsOut } from '@upheld/api/v1/settings.ts';
import { settingText } from '@upheld/config/settings.ts';
import { CHANNELS, type Channel } from '@upheld/domain/notify/delivery.ts';
import { LANGUAGES, type Language } from '@upheld/domain/text.ts';
import type { Context } from '@upheld/services/context.ts';
import { readOutbox, type OutboxView } from '@upheld/services/outbox/list-outbox.ts';
import { readSettings, type SettingsView } from '@upheld/services/settings/read-settings.ts';
import { sendTestMessage } from '@upheld/services/settings/send-test.ts';
import { Option, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkHere, settingsHere } from '../compose/settings-here.ts';
import { EXIT, type Io } from '../io.ts';
import { localTime } from './moment.ts';
import { CLI } from './options.ts';
import { oneLine, table } from './tables.ts';

interface Json {
  json?: true;
}

export function register(program: Command, io: Io): void {
  const settings = program
    .command('settings')
    .description('what is set in upheld.yaml, whether a draft of it is right, whether mail arrives')
    .addHelpText(
      'after',
      `
Settings are changed in upheld.yaml alone; upheld reload applies them.

Examples:
  $ upheld settings show
  $ upheld settings check draft.yaml
  $ upheld settings test-message email jan@example.com`,
    );
  registerShow(settings, io);
  registerCheck(settings, io);
  registerTest(settings, io);
}

function registerShow(settings: Command, io: Io): void {
  settings
    .command('show')
    .description('every setting with its value and where it comes from; secrets are not shown')
    .option('--all', 'also what is not set and what is as it is by default')
    .option('--json', 'print them all as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld settings show --all | grep console')
    .action((options: Json & { all?: true }) =>
      io.withContext(async (ctx) => {
        const view = await readSettings(ctx, settingsHere());
        io.out(
          options.json
            ? JSON.stringify(settingsOut(view))
            : showText(ctx, view, options.all ?? false),
        );
      }),
    );
}

function showText(ctx: Context, view: SettingsView, all: boolean): string {
  const zone = ctx.config().timezone;
  const moment = (at: number | null): string => (at === null ? 'never' : localTime(at, zone));
  const shown = view.settings.filter(
    ({ origin }) => all || (origin !== 'default' && origin !== 'unset'),
  );
  return [
    `Upheld ${view.version}, settings in ${view.file.path}, data in ${view.data}`,
    '',
    table([
      ['SETTING', 'VALUE', 'FROM'],
      ...shown.map((one) => [one.path, oneLine(settingText(one)), one.origin]),
    ]),
    '',
    table([
      ['CHANNEL', '', 'LAST SENT', 'LAST FAILED', 'WAITING', 'WHY'],
      ...view.channels.map((one) => [
        one.channel,
        one.configured ? 'set' : 'not set',
        moment(one.lastSentAt),
        moment(one.lastFailedAt),
        String(one.waiting),
        oneLine(one.lastFailure ?? ''),
      ]),
    ]),
  ].join('\n');
}

function registerCheck(settings: Command, io: Io): void {
  settings
    .command('check')
    .description('say what is wrong with a file that is to become upheld.yaml; changes nothing')
    .argument('<file>', 'the draft; - for standard input')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Needs no database and no running product, so that it can stand before a commit. Whether hosts can be
reached is not asked: upheld doctor does that. Exit status 2 when there is a fault.

Examples:
  $ upheld settings check draft.yaml
  $ git show HEAD:upheld.yaml | upheld settings check -`,
    )
    .action(async (file: string, options: Json) => {
      const text = file === '-' ? await io.stdin() : await readFile(resolve(io.cwd, file), 'utf8');
      const { faults, warnings } = await checkHere(text);
      if (faults.length > 0) io.exit(EXIT.badInput);
      if (options.json) {
        io.out(JSON.stringify({ usable: faults.length === 0, faults, warnings }));
        return;
      }
      for (const { line, path, message } of faults) io.out(`${file}:${line}: ${path} ${message}`);
      for (const { message, remedy } of warnings) io.out(`! ${message}\n  -> ${remedy}`);
      if (faults.length === 0) io.out('It would be taken.');
      else io.out(faults.length === 1 ? 'One fault.' : `${faults.length} faults.`);
    });
}

function registerTest(settings: Command, io: Io): void {
  settings
    .command('test-message')
    .description('send a message that says that it is a test, and tell what became of it')
    .argument('<channel>', CHANNELS.join(' or '))
    .argument('<address>', 'a mailbox, or a mobile number')
    .addOption(new Option('--language <language>', 'of the message').choices([...LANGUAGES]))
    .option('--no-wait', 'do not wait until it is sent')
    .option('--json', 'print the message as JSON')
    .addHelpText(
      'after',
      `
It goes through the outbox, so that a running product sends it. At most five an hour.

Examples:
  $ upheld settings test-message email jan@example.com
  $ upheld settings test-message sms +31612345678 --language en`,
    )
    .action(
      (channel: Channel, address: string, options: Json & { language?: Language; wait: boolean }) =>
        io.withContext(async (ctx) => {
          const { language } = options;
          const wish = { channel, address, ...(language === undefined ? {} : { language }) };
          const sent = await sendTestMessage(ctx, CLI, wish);
          const ended = options.wait ? await settled(ctx, sent) : sent;
          if (ended.state === 'dead' || ended.state === 'expired') io.exit(EXIT.failed);
          io.out(options.json ? JSON.stringify(outboxOut(ended)) : testText(ended));
        }),
    );
}

const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** The message when it is sent or given up, or as it is after half a minute. */
async function settled(ctx: Context, sent: OutboxView): Promise<OutboxView> {
  const until = ctx.clock.now() + WAIT_MS;
  let now = sent;
  while (now.settledAt === null && ctx.clock.now() < until) {
    await ctx.clock.sleep(LOOK_EVERY_MS, new AbortController().signal);
    now = (await readOutbox(ctx.db.read, sent.id, 'en')) ?? now;
  }
  return now;
}

function testText({ address, state, reason }: OutboxView): string {
  const why = reason === null ? '' : `: ${oneLine(reason)}`;
  if (state === 'sent') return `It is sent: the other side took the message to ${address}.`;
  if (state === 'dead' || state === 'expired') return `It is given up${why}.`;
  return reason === null
    ? 'It waits to be sent; a running product sends it (upheld serve). See upheld outbox list.'
    : `It is not sent yet and is tried again${why}. See upheld outbox list.`;
}
