import { incidentOut, recordOut } from '@upheld/api/v1/map.ts';
import type { Context } from '@upheld/services/context.ts';
import { acknowledgeIncident } from '@upheld/services/incident/acknowledge-incident.ts';
import { mergeIncidents } from '@upheld/services/incident/merge-incidents.ts';
import type { OwedDuty } from '@upheld/services/incident/owed.ts';
import { readIncidentOnDesk, type IncidentOnDesk } from '@upheld/services/incident/read-desk.ts';
import { splitIncident } from '@upheld/services/incident/split-incident.ts';
import { writePostmortem } from '@upheld/services/incident/write-postmortem.ts';
import type { IncidentView } from '@upheld/services/read/page-view.ts';
import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { Io } from '../io.ts';
import { registerNow } from './incident-now.ts';
import { localTime } from './moment.ts';
import { CLI, collect } from './options.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}
interface Split extends Json {
  component: string[];
  outage: string[];
  titleNl: string;
  titleEn: string;
  textNl: string;
  textEn: string;
  reason: string;
}

/** What is done with an incident beside speaking of it. */
export function registerDesk(incident: Command, io: Io): void {
  registerAcknowledge(incident, io);
  registerMerge(incident, io);
  registerSplit(incident, io);
  registerPostmortem(incident, io);
  registerRecord(incident, io);
  registerNow(incident, io);
}

function registerAcknowledge(incident: Command, io: Io): void {
  incident
    .command('acknowledge')
    .alias('ack')
    .description('take it up, so that nobody else is called')
    .argument('<id>', 'the incident')
    .option('--json', 'print the incident as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld incident acknowledge 019ab…')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const view = await acknowledgeIncident(ctx, CLI, { incidentId: id });
        print(io, options, view, `${titleOf(view)} is taken up.`);
      }),
    );
}

function registerMerge(incident: Command, io: Io): void {
  incident
    .command('merge')
    .description('say that it is part of another incident; no figure moves by it')
    .argument('<id>', 'the incident that is part of the other')
    .argument('<into>', 'the incident that goes on')
    .requiredOption('--reason <text>', 'how that is known; kept')
    .option('--json', 'print the incident that goes on as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  $ upheld incident merge 019ab… 019ac… --reason 'The same power cut.'",
    )
    .action((id: string, intoId: string, options: Json & { reason: string }) =>
      io.withContext(async (ctx) => {
        const { reason } = options;
        const view = await mergeIncidents(ctx, CLI, { incidentId: id, intoId, reason });
        print(io, options, view, `${id} is part of ${titleOf(view)}.`);
      }),
    );
}

function registerSplit(incident: Command, io: Io): void {
  incident
    .command('split')
    .description('make an incident of its own of some of its components or outages')
    .argument('<id>', 'the incident')
    .option('--component <id>', 'with its outages; may be given more than once', collect, [])
    .option('--outage <id>', 'a single outage; may be given more than once', collect, [])
    .requiredOption('--title-nl <title>', 'of the new incident, in Dutch')
    .requiredOption('--title-en <title>', 'the same in English')
    .requiredOption('--text-nl <text>', 'what customers read of it, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .requiredOption('--reason <text>', 'why it is another; kept')
    .option('--json', 'print the new incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident split 019ab… --component flexkids --reason 'Another cause.' \\
      --title-nl 'Flexkids is traag' --title-en 'Flexkids is slow' \\
      --text-nl 'Dit staat los van de storing.' --text-en 'This is apart from the outage.'`,
    )
    .action((id: string, options: Split) =>
      io.withContext(async (ctx) => {
        const view = await splitIncident(ctx, CLI, {
          incidentId: id,
          componentIds: options.component,
          outageIds: options.outage,
          title: { nl: options.titleNl, en: options.titleEn },
          body: { nl: options.textNl, en: options.textEn },
          reason: options.reason,
        });
        print(io, options, view, `${titleOf(view)} is an incident of its own.`);
      }),
    );
}

function registerPostmortem(incident: Command, io: Io): void {
  incident
    .command('postmortem')
    .description('write its postmortem; every one is kept, the last one is the postmortem')
    .argument('<id>', 'the incident')
    .requiredOption('--file-nl <path>', 'the Markdown in Dutch')
    .requiredOption('--file-en <path>', 'the same in English')
    .option('--publish', 'show it to customers; without it they see none')
    .option('--json', 'print the incident as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld incident postmortem 019ab… --file-nl nl.md --file-en en.md --publish`,
    )
    .action((id: string, options: Json & { fileNl: string; fileEn: string; publish?: true }) =>
      io.withContext(async (ctx) => {
        const view = await writePostmortem(ctx, CLI, {
          incidentId: id,
          body: {
            nl: await readFile(options.fileNl, 'utf8'),
            en: await readFile(options.fileEn, 'utf8'),
          },
          published: options.publish ?? false,
        });
        const how = view.postmortem ? 'published' : 'kept; customers do not see it';
        print(io, options, view, `The postmortem of ${titleOf(view)} is ${how}.`);
      }),
    );
}

function registerRecord(incident: Command, io: Io): void {
  incident
    .command('record')
    .description(
      'all that was recorded of it, what it costs, and what agreements ask because of it',
    )
    .argument('<id>', 'the incident')
    .option('--json', 'print it as JSON, with the evidence of the checks')
    .addHelpText('after', '\nExamples:\n  $ upheld incident record 019ab…')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const desk = await readIncidentOnDesk(ctx, id);
        io.out(options.json ? JSON.stringify(recordOut(desk)) : recordText(ctx, desk));
      }),
    );
}

function recordText(ctx: Context, desk: IncidentOnDesk): string {
  const { timezone } = ctx.config();
  const rows = desk.timeline.map((entry) => [
    localTime(entry.recordedAt, timezone),
    entry.kind,
    entry.at === entry.recordedAt ? '' : `holds from ${localTime(entry.at, timezone)}`,
    entry.by,
  ]);
  const costs = desk.costs.flatMap(({ agreementName, componentId, parts }) =>
    parts.map(
      ({ part, countedSeconds, leftSeconds }) =>
        `  ${agreementName}, ${componentId}, ${part}: ${countedSeconds} s` +
        (leftSeconds === null ? '' : `, ${leftSeconds} s left`),
    ),
  );
  return [
    titleOf(desk.view),
    `  taken up by: ${desk.acknowledgedBy ?? 'nobody'}`,
    'Costs:',
    ...costs,
    ...owedText(ctx, desk.duties),
    table([['RECORDED', 'WHAT', '', 'BY'], ...rows]),
  ].join('\n');
}

/** What agreements ask of us after a change, a line each. */
export function owedText(ctx: Context, owed: readonly OwedDuty[]): string[] {
  const { timezone } = ctx.config();
  return owed.map(({ agreementName, does, clause, to, dueAt }) => {
    const by = dueAt === null ? '' : `, by ${localTime(dueAt, timezone)}`;
    return `${agreementName} (${clause}) asks: ${does.en}${to === null ? '' : ` – ${to}`}${by}.`;
  });
}

const titleOf = (view: IncidentView): string => `${view.title.en} (${view.id})`;

function print(io: Io, { json }: Json, view: IncidentView, text: string): void {
  io.out(json ? JSON.stringify(incidentOut(view)) : text);
}
