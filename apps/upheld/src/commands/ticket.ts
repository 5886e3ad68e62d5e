import { clockOut, ticketOut } from '@upheld/api/v1/ticket-map.ts';
import { TOLD_EVENTS, type ToldEvent } from '@upheld/domain/desk/report-events.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import {
  PAUSE_REASONS,
  TICKET_KINDS,
  type PauseReason,
  type TicketKind,
} from '@upheld/domain/sla/facts.ts';
import type { Actor, Context } from '@upheld/services/context.ts';
import { respondToTicket, updateTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { closeTicket, recoverTicket, reopenTicket } from '@upheld/services/ticket/end-ticket.ts';
import { pauseTicket, resumeTicket } from '@upheld/services/ticket/pause-ticket.ts';
import {
  linkTicket,
  PROGRESS,
  progressTicket,
  tellOfTicket,
  type Progress,
} from '@upheld/services/ticket/progress-ticket.ts';
import {
  previewRecategorisation,
  recategoriseTicket,
} from '@upheld/services/ticket/recategorise-ticket.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import type { TicketChange } from '@upheld/services/ticket/ticket-input.ts';
import { listTickets, readTicket, type TicketView } from '@upheld/services/ticket/ticket-view.ts';
import { Argument, Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { parseMoment } from './moment.ts';
import { CLI, rowCount } from './options.ts';
import { registerLooks } from './ticket-look.ts';
import { clocksText, ticketListText, ticketText } from './ticket-text.ts';

interface Json {
  json?: true;
}
interface Said extends Json {
  text: string;
  at?: string;
}
interface Report extends Json {
  component: string;
  type: TicketKind;
  severity?: string;
  title: string;
  text: string;
  reporter: string;
  reporterAddress?: string;
  reportedAt?: string;
  incident?: string;
}
interface Place extends Said {
  severity?: string;
  dryRun?: true;
}

export function register(program: Command, io: Io): void {
  const ticket = program
    .command('ticket')
    .description('keep what customers report, with the clocks of their agreements')
    .addHelpText(
      'after',
      `
A ticket is named by its number or its id.

Examples:
  $ upheld ticket list --open
  $ upheld ticket respond 12 --text 'We zoeken het uit.' --work-started
  $ upheld ticket pause 12 key-user-unreachable --text 'Neemt niet op.'`,
    );
  registerReport(ticket, io);
  registerAnswers(ticket, io);
  registerWaits(ticket, io);
  registerPlace(ticket, io);
  registerWork(ticket, io);
  registerReads(ticket, io);
  registerLooks(ticket, io);
}

function registerReport(ticket: Command, io: Io): void {
  ticket
    .command('report')
    .description('record what a customer reported')
    .requiredOption('--component <id>', 'what it is about')
    .addOption(new Option('--type <type>', 'what it is').choices(TICKET_KINDS).default('incident'))
    .option('--severity <level>', "a level of the agreement's scale; a question has none")
    .requiredOption('--title <title>', 'one line')
    .requiredOption('--text <text>', 'what was reported')
    .requiredOption('--reporter <name>', 'who reported it')
    .option('--reporter-address <address>', 'a mailbox that answers go to')
    .option('--reported-at <time>', 'when it was reported; by default now')
    .option('--incident <id>', 'the incident that it is about')
    .option('--json', 'print the ticket as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld ticket report --component fysioone --severity b --title 'Agenda laadt niet' \\
      --text 'De agenda blijft leeg.' --reporter 'Praktijk De Brug'`,
    )
    .action((options: Report) =>
      io.withContext(async (ctx) => {
        const { component, incident, reportedAt, json: _json, ...rest } = options;
        const view = await reportTicket(ctx, CLI, {
          ...rest,
          componentId: component,
          incidentId: incident,
          reportedAt: momentOf(ctx, reportedAt, '--reported-at'),
        });
        print(io, ctx, options, view);
      }),
    );
}

type Verb = (
  ctx: Context,
  actor: Actor,
  input: TicketChange & { text: string },
) => Promise<TicketView>;

/** A verb that is given words alone. */
function registerSaid(ticket: Command, io: Io, name: string, about: string, verb: Verb): void {
  said(ticket.command(name).description(about)).action((id: string, options: Said) =>
    io.withContext(async (ctx) =>
      print(io, ctx, options, await verb(ctx, CLI, inputOf(ctx, id, options))),
    ),
  );
}

/** What every verb on a ticket takes. */
function said(command: Command, example = ''): Command {
  return command
    .argument('<ticket>', 'its number or id')
    .requiredOption('--text <text>', 'in words; kept as evidence')
    .option('--at <time>', 'when it was; by default now')
    .option('--json', 'print the ticket as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  $ upheld ticket ${command.name()} 12${example} --text 'Herstart.'`,
    );
}

function registerAnswers(ticket: Command, io: Io): void {
  said(ticket.command('respond').description('answer it for the first time'))
    .option('--work-started', 'the work on it has started')
    .action((id: string, options: Said & { workStarted?: true }) =>
      io.withContext(async (ctx) => {
        const input = { ...inputOf(ctx, id, options), workStarted: options.workStarted };
        print(io, ctx, options, await respondToTicket(ctx, CLI, input));
      }),
    );
  registerSaid(ticket, io, 'update', 'say how it stands', updateTicket);
  registerSaid(ticket, io, 'recover', 'say that it is solved', recoverTicket);
  registerSaid(ticket, io, 'reopen', 'take a recovery or a closing back', reopenTicket);
  registerSaid(ticket, io, 'close', 'nothing more is to be done', closeTicket);
}

function registerWaits(ticket: Command, io: Io): void {
  said(
    ticket
      .command('pause')
      .description('say that it waits; agreements say which reasons stop a clock'),
    ' customer-request',
  )
    .addArgument(new Argument('<reason>', 'what it waits for').choices(PAUSE_REASONS))
    .action((id: string, reason: PauseReason, options: Said) =>
      io.withContext(async (ctx) => {
        const input = { ...inputOf(ctx, id, options), reason };
        print(io, ctx, options, await pauseTicket(ctx, CLI, input));
      }),
    );
  registerSaid(ticket, io, 'resume', 'say that it waits no longer', resumeTicket);
}

function registerPlace(ticket: Command, io: Io): void {
  said(
    ticket.command('recategorise').description('place it in another type or at another level'),
    ' incident --severity a',
  )
    .addArgument(new Argument('<type>', 'what it is').choices(TICKET_KINDS))
    .option('--severity <level>', "a level of the agreement's scale")
    .option('--dry-run', 'only say what it would do to the clocks')
    .action((id: string, type: TicketKind, options: Place) =>
      io.withContext(async (ctx) => {
        const { text, ...change } = inputOf(ctx, id, options);
        const place = { ...change, type, severity: options.severity };
        if (!options.dryRun) {
          print(io, ctx, options, await recategoriseTicket(ctx, CLI, { ...place, text }));
          return;
        }
        const { now, then } = await previewRecategorisation(ctx, place);
        const zone = ctx.config().timezone;
        io.out(
          options.json
            ? JSON.stringify({ now: now.map(clockOut), then: then.map(clockOut) })
            : `Now:\n${clocksText(now, zone)}\nThen:\n${clocksText(then, zone)}`,
        );
      }),
    );
}

function registerWork(ticket: Command, io: Io): void {
  said(ticket.command('progress').description('say how far the work has come'), ' work-started')
    .addArgument(new Argument('<step>', 'what was reached').choices(PROGRESS))
    .action((id: string, step: Progress, options: Said) =>
      io.withContext(async (ctx) => {
        const input = { ...inputOf(ctx, id, options), step };
        print(io, ctx, options, await progressTicket(ctx, CLI, input));
      }),
    );
  said(
    ticket
      .command('happened')
      .description('say that something happened that sets off an obligation'),
    ' complaint-received',
  )
    .addArgument(new Argument('<event>', 'what happened').choices(TOLD_EVENTS))
    .action((id: string, event: ToldEvent, options: Said) =>
      io.withContext(async (ctx) => {
        const input = { ...inputOf(ctx, id, options), event };
        print(io, ctx, options, await tellOfTicket(ctx, CLI, input));
      }),
    );
  ticket
    .command('link')
    .description('say which incident it is about')
    .argument('<ticket>', 'its number or id')
    .argument('[incident]', 'the incident; left out, the link is taken away')
    .option('--json', 'print the ticket as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld ticket link 12 019ab…')
    .action((id: string, incident: string | undefined, options: Json) =>
      io.withContext(async (ctx) => {
        const input = { ticketId: id, incidentId: incident ?? null };
        print(io, ctx, options, await linkTicket(ctx, CLI, input));
      }),
    );
}

function registerReads(ticket: Command, io: Io): void {
  ticket
    .command('list')
    .description('tickets with what is due of them, the latest first')
    .option('--open', 'only those that are not closed')
    .option('--component <id>', 'only of this component')
    .option('--limit <rows>', 'at most so many', rowCount, 20)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld ticket list --open')
    .action((options: Json & { open?: true; component?: string; limit: number }) =>
      io.withContext(async (ctx) => {
        const { open, component, limit } = options;
        const list = await listTickets(ctx, { open, componentId: component, limit });
        if (options.json) io.out(JSON.stringify({ tickets: list.map((one) => ticketOut(one)) }));
        else io.out(ticketListText(list, ctx.config().timezone));
      }),
    );
  ticket
    .command('show')
    .description('one ticket with its clocks, its duties and all that was said')
    .argument('<ticket>', 'its number or id')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld ticket show 12')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => print(io, ctx, options, await readTicket(ctx, id))),
    );
}

function inputOf(ctx: Context, ticketId: string, { text, at }: Said) {
  return { ticketId, text, at: momentOf(ctx, at, '--at') };
}

function momentOf(ctx: Context, text: string | undefined, option: string): Instant | undefined {
  return text === undefined ? undefined : parseMoment(text, ctx.config().timezone, option);
}

function print(io: Io, ctx: Context, { json }: Json, view: TicketView): void {
  io.out(json ? JSON.stringify(ticketOut(view)) : ticketText(view, ctx.config().timezone));
}
