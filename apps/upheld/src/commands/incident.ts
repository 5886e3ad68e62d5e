import { incidentOut } from '@upheld/api/v1/map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import {
  CAUSES,
  IMPACTS,
  INCIDENT_STATUSES,
  type Cause,
  type Impact,
  type IncidentStatus,
} from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '@upheld/services/context.ts';
import { changeCause, changeSeverity } from '@upheld/services/incident/change-incident.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { previewOpening, previewUpdate } from '@upheld/services/incident/preview-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { listIncidents, readIncident } from '@upheld/services/read/lists.ts';
import type { IncidentView } from '@upheld/services/read/page-view.ts';
import { Argument, Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { owedText, registerDesk } from './incident-desk.ts';
import { localTime, parseMoment } from './moment.ts';
import { CLI, collect, rowCount } from './options.ts';
import { printPreview } from './preview-text.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}
interface Texts {
  textNl: string;
  textEn: string;
}
interface Look extends Json {
  preview?: true;
}
type Open = Texts &
  Look & {
    component: string[];
    titleNl: string;
    titleEn: string;
    impact?: Impact;
    severity?: string;
    startedAt?: string;
  };
interface Change extends Json {
  reason: string;
  component?: string;
  from?: string;
}

export function register(program: Command, io: Io): void {
  const incident = program
    .command('incident')
    .description('say what is going on, how bad it is and why')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident list --unresolved
  $ upheld incident update 019ab… --status identified \\
      --text-nl 'De oorzaak is bekend.' --text-en 'The cause is known.'
  $ upheld incident acknowledge 019ab…`,
    );
  registerOpen(incident, io);
  registerUpdate(incident, io);
  registerSeverity(incident, io);
  registerCause(incident, io);
  registerDesk(incident, io);
  registerReads(incident, io);
}

function registerOpen(incident: Command, io: Io): void {
  incident
    .command('open')
    .description('open an incident that the probes do not see, and tell the subscribers')
    .requiredOption('--component <id>', 'what it touches; may be given more than once', collect)
    .requiredOption('--title-nl <title>', 'one line, in Dutch')
    .requiredOption('--title-en <title>', 'the same in English')
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .addOption(new Option('--impact <impact>', 'how the page shows it').choices(IMPACTS))
    .option('--severity <level>', "a level of the agreement's scale: then it counts in its figures")
    .option('--started-at <time>', 'when it began; by default now')
    .option('--preview', 'print what would be sent, and to how many; stores and sends nothing')
    .option('--json', 'print the incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident open --component fysioone --title-nl 'Inloggen lukt niet' \\
      --title-en 'Signing in fails' --text-nl 'We zoeken het uit.' --text-en 'We look into it.' \\
      --severity a --started-at 2026-11-21T09:40`,
    )
    .action((options: Open) =>
      io.withContext(async (ctx) => {
        const incident = {
          title: { nl: options.titleNl, en: options.titleEn },
          componentIds: options.component,
          body: textOf(options),
          impact: options.impact,
          severity: options.severity,
          startedAt: momentOf(ctx, options.startedAt, '--started-at'),
        };
        if (options.preview) {
          printPreview(io, options, await previewOpening(ctx, incident));
          return;
        }
        const view = await openIncident(ctx, CLI, incident);
        print(io, options, view, `${titleOf(view)} is open.`);
      }),
    );
}

function registerUpdate(incident: Command, io: Io): void {
  incident
    .command('update')
    .description('say how it stands, and tell the subscribers')
    .argument('<id>', 'the incident')
    .addOption(
      new Option('--status <status>', 'how it stands')
        .choices(INCIDENT_STATUSES)
        .makeOptionMandatory(),
    )
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .option('--preview', 'print what would be sent, and to how many; stores and sends nothing')
    .option('--json', 'print the incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident update 019ab… --status monitoring \\
      --text-nl 'Het is hersteld; we kijken het aan.' --text-en 'It is mended; we keep watching.'`,
    )
    .action((id: string, options: Texts & Look & { status: IncidentStatus }) =>
      io.withContext(async (ctx) => {
        const { status } = options;
        const update = { incidentId: id, status, body: textOf(options) };
        if (options.preview) {
          printPreview(io, options, await previewUpdate(ctx, update));
          return;
        }
        const view = await postUpdate(ctx, CLI, update);
        print(io, options, view, `${titleOf(view)} is now ${view.status}.`);
      }),
    );
}

function registerSeverity(incident: Command, io: Io): void {
  incident
    .command('severity')
    .description('say from when it has another severity; what was said before is kept')
    .argument('<id>', 'the incident')
    .argument('<level>', "a level of the agreement's scale")
    .requiredOption('--reason <text>', 'why; kept as evidence')
    .option('--component <id>', 'only of this component')
    .option('--agreement <id>', 'only under this agreement')
    .option('--from <time>', 'from when it holds; by default now, of a correction from the start')
    .option('--correction', 'what was said before was wrong; without it: it got worse or better')
    .option('--json', 'print the incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident severity 019ab… b --reason 'A workaround is there.' --from 2026-11-21T11:00`,
    )
    .action(
      (id: string, severity: string, options: Change & { agreement?: string; correction?: true }) =>
        io.withContext(async (ctx) => {
          const view = await changeSeverity(ctx, CLI, {
            ...changeOf(ctx, id, options),
            agreement: options.agreement,
            severity,
            nature: options.correction ? 'correction' : 'development',
          });
          const text = `${titleOf(view)} has severity ${severity}.`;
          print(io, options, view, [text, ...owedText(ctx, view.owed)].join('\n'));
        }),
    );
}

function registerCause(incident: Command, io: Io): void {
  incident
    .command('cause')
    .description('say why it happened; agreements exclude some causes from their figures')
    .argument('<id>', 'the incident')
    .addArgument(new Argument('<cause>', 'why').choices(CAUSES))
    .requiredOption('--reason <text>', 'why it is that; kept')
    .option('--evidence <text>', 'what shows it; needed for every cause but internal')
    .option('--component <id>', 'only of this component')
    .option('--from <time>', 'from when it was the cause; by default from the start')
    .option('--json', 'print the incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident cause 019ab… force-majeure --reason 'Power cut in the whole city.' \\
      --evidence https://grid.example.org/outages/7`,
    )
    .action((id: string, cause: Cause, options: Change & { evidence?: string }) =>
      io.withContext(async (ctx) => {
        const { evidence } = options;
        const change = { ...changeOf(ctx, id, options), cause, evidence };
        const view = await changeCause(ctx, CLI, change);
        const text = `${titleOf(view)} has the cause ${cause}.`;
        print(io, options, view, [text, ...owedText(ctx, view.owed)].join('\n'));
      }),
    );
}

function registerReads(incident: Command, io: Io): void {
  incident
    .command('list')
    .description('incidents, newest first')
    .option('--unresolved', 'only those that go on')
    .option('--limit <rows>', 'at most so many', rowCount, 20)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld incident list --unresolved')
    .action((options: Json & { unresolved?: true; limit: number }) =>
      io.withContext(async (ctx) => {
        const { unresolved, limit } = options;
        const list = await listIncidents(ctx, { unresolved, limit });
        if (options.json)
          io.out(JSON.stringify({ incidents: list.map((view) => incidentOut(view)) }));
        else io.out(listText(ctx, list));
      }),
    );
  incident
    .command('show')
    .description('one incident with all that was said of it')
    .argument('<id>', 'the incident')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld incident show 019ab…')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const view = await readIncident(ctx, id);
        if (!view) throw new DomainError('not-found', `there is no incident "${id}"`);
        print(io, options, view, incidentText(ctx, view));
      }),
    );
}

function changeOf(ctx: Context, incidentId: string, options: Change) {
  return {
    incidentId,
    componentId: options.component,
    effectiveFrom: momentOf(ctx, options.from, '--from'),
    reason: options.reason,
  };
}

function momentOf(ctx: Context, text: string | undefined, option: string): Instant | undefined {
  return text === undefined ? undefined : parseMoment(text, ctx.config().timezone, option);
}

const textOf = ({ textNl, textEn }: Texts) => ({ nl: textNl, en: textEn });
const titleOf = (view: IncidentView): string => `${view.title.en} (${view.id})`;

function print(io: Io, { json }: Json, view: IncidentView, text: string): void {
  io.out(json ? JSON.stringify(incidentOut(view)) : text);
}

function listText(ctx: Context, list: readonly IncidentView[]): string {
  if (list.length === 0) return 'There is no such incident.';
  const zone = ctx.config().timezone;
  return table([
    ['ID', 'STATUS', 'IMPACT', 'STARTED', 'COMPONENTS', 'TITLE'],
    ...list.map((view) => [
      view.id,
      view.status,
      view.impact,
      localTime(view.startedAt, zone),
      view.componentIds.join(', '),
      view.title.en,
    ]),
  ]);
}

function incidentText(ctx: Context, view: IncidentView): string {
  const zone = ctx.config().timezone;
  return [
    titleOf(view),
    `  status:      ${view.status}`,
    `  impact:      ${view.impact}`,
    `  started:     ${localTime(view.startedAt, zone)} (noticed ${localTime(view.noticedAt, zone)})`,
    `  resolved:    ${view.resolvedAt === null ? 'no' : localTime(view.resolvedAt, zone)}`,
    `  cause:       ${view.cause ?? 'nobody said'}`,
    `  components:  ${view.componentIds.join(', ')}`,
    '',
    'Updates, newest first:',
    ...view.updates.flatMap((update) => [
      `  ${localTime(update.at, zone)}  ${update.status}`,
      `    nl: ${update.body.nl}`,
      `    en: ${update.body.en}`,
    ]),
  ].join('\n');
}
