import {
  PAUSE_REASONS,
  TICKET_KINDS,
  type PauseReason,
  type TicketKind,
} from '@upheld/domain/sla/facts.ts';
import { DESK_WORDS } from '@upheld/domain/desk/words.ts';
import { knownComponent } from '@upheld/services/components.ts';
import { placesOf, type Place } from '@upheld/services/ticket/places.ts';
import {
  previewTicketMessage,
  TOLD_BY_VERB,
  type PreviewedTicketMessage,
  type ToldByVerb,
} from '@upheld/services/ticket/preview-message.ts';
import { Argument, Option, type Command } from 'commander';
import type { Io } from '../io.ts';

interface Asked {
  text: string;
  reason?: PauseReason;
  type?: TicketKind;
  severity?: string;
  json?: true;
}

/** What is known before something is said of a ticket: the mail that goes out, and what its levels mean. */
export function registerLooks(ticket: Command, io: Io): void {
  ticket
    .command('preview')
    .description(
      'the mail that its reporter would get, and which agreement asks for it; sends nothing',
    )
    .argument('<ticket>', 'its number or id')
    .addArgument(new Argument('<message>', 'what would be said').choices(TOLD_BY_VERB))
    .requiredOption('--text <text>', 'in words')
    .addOption(new Option('--reason <reason>', 'of paused').choices(PAUSE_REASONS))
    .addOption(new Option('--type <type>', 'of recategorised').choices(TICKET_KINDS))
    .option('--severity <level>', 'of recategorised')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  $ upheld ticket preview 12 paused --reason no-access --text 'Na de lunch.'",
    )
    .action((ticketId: string, message: ToldByVerb, { json, ...asked }: Asked) =>
      io.withContext(async (ctx) => {
        const preview = await previewTicketMessage(ctx, { ticketId, message, ...asked });
        io.out(json ? JSON.stringify(preview) : previewText(preview));
      }),
    );
  ticket
    .command('places')
    .description('types and levels that a report of a component can have, with what they mean')
    .argument('<component>', 'its id')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld ticket places fysioone')
    .action((component: string, { json }: { json?: true }) =>
      io.withContext((ctx) => {
        const { id } = knownComponent(ctx.config(), component);
        const places = placesOf(ctx, id, ctx.clock.now());
        io.out(json ? JSON.stringify({ places }) : places.map(placeText).join('\n'));
        return Promise.resolve();
      }),
    );
}

function previewText({ to, asked, mail }: PreviewedTicketMessage): string {
  return [
    to === null ? 'Nothing would be mailed.' : `This would go to ${to}. Nothing is sent.`,
    ...asked.map(
      ({ agreement, clause, channels }) =>
        `${agreement} ${clause} asks that they are told: ${channels.join(', ') || 'no way is named'}`,
    ),
    ...(mail === null
      ? []
      : [
          '',
          mail.subject,
          ...mail.text
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`.trimEnd()),
        ]),
  ].join('\n');
}

function placeText({ type, severity, under }: Place): string {
  const { kind, level } = DESK_WORDS.en;
  const name = kind[type] + (severity === null ? '' : `, ${level(severity)}`);
  return [
    `${name} (${[type, severity].filter((part) => part !== null).join(' ')})`,
    ...under.map(({ agreement, means, targets: { response, recovery } }) => {
      const meaning = means === null ? '' : `${means.en} `;
      return `  ${meaning}${agreement}: response ${response ?? 'no target'}, recovery ${recovery ?? 'no target'}.`;
    }),
  ].join('\n');
}
