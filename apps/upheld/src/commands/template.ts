import { templateOut } from '@upheld/api/v1/planning-map.ts';
import { INCIDENT_STATUSES, type IncidentStatus } from '@upheld/domain/incident/incident.ts';
import { TEMPLATE_KINDS, type TemplateKind } from '@upheld/services/template/shipped.ts';
import {
  changeTemplate,
  createTemplate,
  listTemplates,
  readTemplate,
  removeTemplate,
  type Template,
} from '@upheld/services/template/templates.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { CLI } from './options.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}
interface Fields extends Json {
  kind: TemplateKind;
  name: string;
  titleNl: string;
  titleEn: string;
  bodyNl: string;
  bodyEn: string;
  status?: IncidentStatus;
}

/** `upheld template`: the texts that engineers start from. */
export function register(program: Command, io: Io): void {
  const template = program
    .command('template')
    .description('texts to start from, in Dutch and English')
    .addHelpText(
      'after',
      `
{component}, {from} and {to} in a text are filled in when it is said.

Examples:
  $ upheld template list --kind maintenance
  $ upheld template create --kind maintenance --name 'Disk' --title-nl 'Schijf' --title-en 'Disk' \\
      --body-nl 'Van {from} tot {to}.' --body-en 'From {from} to {to}.'`,
    );
  registerReads(template, io);
  registerWrites(template, io);
}

function registerReads(template: Command, io: Io): void {
  template
    .command('list')
    .description('all of them, those that came with the product first')
    .addOption(new Option('--kind <kind>', 'only those').choices(TEMPLATE_KINDS))
    .option('--json', 'print them as JSON')
    .action((options: Json & { kind?: TemplateKind }) =>
      io.withContext(async (ctx) => {
        const list = await listTemplates(ctx, options.kind);
        const json = { templates: list.map((one) => templateOut(one)) };
        const rows = list.map((one) => [one.id, one.kind, one.name, one.title.en]);
        print(io, options, json, table([['ID', 'KIND', 'NAME', 'TITLE'], ...rows]));
      }),
    );
  template
    .command('show')
    .description('one template')
    .argument('<id>', 'the template')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => printOne(io, options, await readTemplate(ctx, id))),
    );
}

function registerWrites(template: Command, io: Io): void {
  withFields(template.command('create').description('make a template')).action((options: Fields) =>
    io.withContext(async (ctx) =>
      printOne(io, options, await createTemplate(ctx, CLI, inputOf(options))),
    ),
  );
  withFields(
    template.command('change').description('change a template').argument('<id>', 'the template'),
  ).action((id: string, options: Fields) =>
    io.withContext(async (ctx) => {
      const input = { ...inputOf(options), templateId: id };
      printOne(io, options, await changeTemplate(ctx, CLI, input));
    }),
  );
  template
    .command('remove')
    .description('take a template off the lists')
    .argument('<id>', 'the template')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const gone = await removeTemplate(ctx, CLI, { templateId: id });
        print(io, options, templateOut(gone), `${gone.name} (${gone.id}) is removed.`);
      }),
    );
}

function withFields(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind>').choices(TEMPLATE_KINDS).makeOptionMandatory())
    .requiredOption('--name <name>', 'by which engineers choose it')
    .requiredOption('--title-nl <title>', 'one line, in Dutch')
    .requiredOption('--title-en <title>', 'the same in English')
    .requiredOption('--body-nl <text>', 'the text, in Dutch')
    .requiredOption('--body-en <text>', 'the same in English')
    .addOption(new Option('--status <status>', 'of an incident update').choices(INCIDENT_STATUSES))
    .option('--json', 'print it as JSON');
}

function inputOf({ kind, name, titleNl, titleEn, bodyNl, bodyEn, status }: Fields) {
  return {
    kind,
    name,
    title: { nl: titleNl, en: titleEn },
    body: { nl: bodyNl, en: bodyEn },
    status: status ?? null,
  };
}

function printOne(io: Io, options: Json, one: Template): void {
  const text = [
    `${one.name} (${one.id}), for ${one.kind}${one.status === null ? '' : `: ${one.status}`}`,
    `  nl: ${one.title.nl}\n      ${one.body.nl}`,
    `  en: ${one.title.en}\n      ${one.body.en}`,
  ].join('\n');
  print(io, options, templateOut(one), text);
}

function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
