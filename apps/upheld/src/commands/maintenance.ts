import { announcedOut, maintenanceOut, verdictOut } from '@upheld/api/v1/map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { MAINTENANCE_KINDS, type MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { Context } from '@upheld/services/context.ts';
import {
  announceMaintenance,
  previewMaintenance,
} from '@upheld/services/maintenance/announce-maintenance.ts';
import {
  cancelMaintenance,
  reannounceMaintenance,
} from '@upheld/services/maintenance/change-maintenance.ts';
import {
  previewAnnouncement,
  previewReannouncement,
} from '@upheld/services/maintenance/preview-announcement.ts';
import { finishWork, startWork } from '@upheld/services/maintenance/work.ts';
import { listMaintenances, readMaintenance } from '@upheld/services/read/lists.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { registerPlanning } from './maintenance-planning.ts';
import { parseMoment } from './moment.ts';
import { CLI, collect, rowCount, titleOf } from './options.ts';
import {
  announcedText,
  maintenanceList,
  maintenanceText,
  maintenanceTitle,
  verdictsText,
} from './maintenance-text.ts';
import { printPreview } from './preview-text.ts';

interface Window {
  from: string;
  to: string;
}
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
type Announce = Window &
  Texts &
  Look & {
    component: string[];
    kind: MaintenanceKind;
    reason?: string;
    titleNl?: string;
    titleEn?: string;
  };
type Preview = Window & Json & { component?: string[]; kind: MaintenanceKind };

const STATES = ['upcoming', 'active', 'completed', 'cancelled'] as const;

const TIMES = `
Times are those of the page's zone: 2026-12-01T22:00 or "2026-12-01 22:00". With an offset they are
what they say: 2026-12-01T22:00:00+01:00. A time that occurs twice or never is refused.`;

export function register(program: Command, io: Io): void {
  const maintenance = program
    .command('maintenance')
    .description('announce maintenance and see what the agreements say of it')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld maintenance preview --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00
  $ upheld maintenance announce --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00 \\
      --text-nl 'We werken de database bij.' --text-en 'We upgrade the database.'
  $ upheld maintenance list --state upcoming`,
    );
  registerAnnounce(maintenance, io);
  registerPreview(maintenance, io);
  registerPlanning(maintenance, io);
  registerMove(maintenance, io);
  registerCancel(maintenance, io);
  registerWork(maintenance, io);
  registerReads(maintenance, io);
}

const kind = (): Option =>
  new Option('--kind <kind>', 'what kind of work it is')
    .choices(MAINTENANCE_KINDS)
    .default('planned');

function registerAnnounce(maintenance: Command, io: Io): void {
  maintenance
    .command('announce')
    .description('announce a maintenance, now, and tell the subscribers')
    .requiredOption('--component <id>', 'what it touches; may be given more than once', collect)
    .requiredOption('--from <time>', 'when the window begins')
    .requiredOption('--to <time>', 'when it ends')
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .option('--title-nl <title>', 'one line instead of the kind, in Dutch')
    .option('--title-en <title>', 'the same in English')
    .addOption(kind())
    .option('--reason <text>', 'why; an emergency needs one')
    .option('--preview', 'print what would be sent, and to how many; stores and sends nothing')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
The announcement is made at this moment; no option can set another one. For each agreement that
covers a component it prints the verdict, the rule in words, the last moment at which this window
could have been announced in time, and the next window that can be. Announcing too late is possible:
customers have to hear of it, and the account will say so.
${TIMES}

Examples:
  $ upheld maintenance announce --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00 \\
      --text-nl 'We werken de database bij.' --text-en 'We upgrade the database.'
  $ upheld maintenance announce --component iv-cloud --kind emergency --reason 'CVE-2026-1234' \\
      --from '2026-12-01 12:30' --to '2026-12-01 13:00' --text-nl '…' --text-en '…' --json`,
    )
    .action((options: Announce) =>
      io.withContext(async (ctx) => {
        const asked = {
          componentIds: options.component,
          ...windowOf(ctx, options),
          kind: options.kind,
          title: titleOf(options.titleNl, options.titleEn),
          text: textOf(options),
          reason: options.reason,
        };
        if (options.preview) {
          printPreview(io, options, await previewAnnouncement(ctx, asked));
          return;
        }
        const result = await announceMaintenance(ctx, CLI, asked);
        print(io, options, announcedOut(result), announcedText(ctx, 'announced', result));
      }),
    );
}

function registerPreview(maintenance: Command, io: Io): void {
  maintenance
    .command('preview')
    .description('the verdicts that announcing this now would get; stores nothing')
    .argument('[id]', 'a maintenance that would be moved to the window')
    .option('--component <id>', 'what a new one would touch; may be given more than once', collect)
    .requiredOption('--from <time>', 'when the window begins')
    .requiredOption('--to <time>', 'when it ends')
    .addOption(kind())
    .option('--json', 'print the verdicts as JSON')
    .addHelpText(
      'after',
      `${TIMES}

Examples:
  $ upheld maintenance preview --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00`,
    )
    .action((id: string | undefined, options: Preview) =>
      io.withContext(async (ctx) => {
        const { verdicts } = await previewMaintenance(ctx, asked(ctx, id, options));
        const json = { verdicts: verdicts.map((verdict) => verdictOut(verdict)) };
        print(io, options, json, verdictsText(ctx, verdicts));
      }),
    );
}

function asked(ctx: Context, id: string | undefined, options: Preview) {
  const window = windowOf(ctx, options);
  if (id !== undefined && options.component === undefined) return { maintenanceId: id, ...window };
  if (id === undefined && options.component !== undefined)
    return { componentIds: options.component, kind: options.kind, ...window };
  throw new DomainError(
    'invalid-input',
    'give either the id of a maintenance, or --component for a new one',
  );
}

function registerMove(maintenance: Command, io: Io): void {
  maintenance
    .command('move')
    .description('move, extend or shorten it: a new announcement, made now, beside those before it')
    .argument('<id>', 'the maintenance')
    .requiredOption('--from <time>', 'when the window now begins')
    .requiredOption('--to <time>', 'when it now ends')
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .option('--preview', 'print what would be sent, and to how many; stores and sends nothing')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
What the new window has in common with the old one keeps its standing; the rest is judged anew.
${TIMES}

Examples:
  $ upheld maintenance move 019ab… --from 2026-12-02T22:00 --to 2026-12-03T02:00 \\
      --text-nl 'Een dag later.' --text-en 'A day later.'`,
    )
    .action((id: string, options: Window & Texts & Look) =>
      io.withContext(async (ctx) => {
        const asked = { maintenanceId: id, ...windowOf(ctx, options), text: textOf(options) };
        if (options.preview) {
          printPreview(io, options, await previewReannouncement(ctx, asked));
          return;
        }
        const result = await reannounceMaintenance(ctx, CLI, asked);
        print(io, options, announcedOut(result), announcedText(ctx, 'announced anew', result));
      }),
    );
}

function registerCancel(maintenance: Command, io: Io): void {
  maintenance
    .command('cancel')
    .description('call it off before it begins')
    .argument('<id>', 'the maintenance')
    .requiredOption('--text-nl <text>', 'what customers read, in Dutch')
    .requiredOption('--text-en <text>', 'the same in English')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld maintenance cancel 019ab… --text-nl 'Gaat niet door.' --text-en 'Called off.'`,
    )
    .action((id: string, options: Texts & Json) =>
      io.withContext(async (ctx) => {
        const result = await cancelMaintenance(ctx, CLI, {
          maintenanceId: id,
          text: textOf(options),
        });
        print(io, options, announcedOut(result), announcedText(ctx, 'cancelled', result));
      }),
    );
}

function registerWork(maintenance: Command, io: Io): void {
  const works = [
    { name: 'start', description: 'say that the work begins now', verb: startWork, what: 'begun' },
    { name: 'finish', description: 'say that the work is done', verb: finishWork, what: 'done' },
  ];
  for (const { name, description, verb, what } of works)
    maintenance
      .command(name)
      .description(description)
      .argument('<id>', 'the maintenance')
      .option('--json', 'print the outcome as JSON')
      .addHelpText('after', `\nExamples:\n  $ upheld maintenance ${name} 019ab…`)
      .action((id: string, options: Json) =>
        io.withContext(async (ctx) => {
          const view = await verb(ctx, CLI, { maintenanceId: id });
          print(
            io,
            options,
            maintenanceOut(view),
            `${maintenanceTitle(view)}: the work is ${what}.`,
          );
        }),
      );
}

function registerReads(maintenance: Command, io: Io): void {
  maintenance
    .command('list')
    .description('maintenances, the last window first')
    .addOption(new Option('--state <state>', 'only those').choices(STATES))
    .option('--limit <rows>', 'at most so many', rowCount, 20)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld maintenance list --state upcoming')
    .action((options: Json & { state?: (typeof STATES)[number]; limit: number }) =>
      io.withContext(async (ctx) => {
        const { state, limit } = options;
        const list = await listMaintenances(ctx, { state, limit });
        const json = { maintenances: list.map((one) => maintenanceOut(one)) };
        print(io, options, json, maintenanceList(ctx, list));
      }),
    );
  maintenance
    .command('show')
    .description('one maintenance with its announcements')
    .argument('<id>', 'the maintenance')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld maintenance show 019ab…')
    .action((id: string, options: Json) =>
      io.withContext(async (ctx) => {
        const view = await readMaintenance(ctx, id);
        if (!view) throw new DomainError('not-found', `there is no maintenance "${id}"`);
        print(io, options, maintenanceOut(view), maintenanceText(ctx, view));
      }),
    );
}

function windowOf(ctx: Context, { from, to }: Window) {
  const zone = ctx.config().timezone;
  return { from: parseMoment(from, zone, '--from'), to: parseMoment(to, zone, '--to') };
}

const textOf = ({ textNl, textEn }: Texts) => ({ nl: textNl, en: textEn });

function print(io: Io, { json }: Json, value: unknown, text: string): void {
  io.out(json ? JSON.stringify(value) : text);
}
