import { announcedOut, verdictOut } from '@upheld/api/v1/map.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import {
  announceMaintenance,
  previewMaintenance,
} from '@upheld/services/maintenance/announce-maintenance.ts';
import { previewAnnouncement } from '@upheld/services/maintenance/preview-announcement.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { registerChange } from './maintenance-change.ts';
import {
  kindOption,
  print,
  textsOf,
  TIMES,
  windowOf,
  withTexts,
  withTitles,
  withWindow,
  type Json,
  type Texts,
  type Titles,
  type Window,
} from './maintenance-options.ts';
import { askedPlan, registerPlanning } from './maintenance-planning.ts';
import { registerReads } from './maintenance-reads.ts';
import { registerSeries } from './maintenance-series.ts';
import { announcedText, verdictsText } from './maintenance-text.ts';
import { CLI, collect } from './options.ts';
import { printPreview } from './preview-text.ts';

type Announce = Window &
  Texts &
  Titles &
  Json & { component: string[]; kind: MaintenanceKind; reason?: string; preview?: true };
type Preview = Window & Json & { component?: string[]; kind: MaintenanceKind };

const WINDOW = { from: 'when the window begins', to: 'when it ends' };

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
  registerSeries(maintenance, io);
  registerChange(maintenance, io);
  registerReads(maintenance, io);
}

function registerAnnounce(maintenance: Command, io: Io): void {
  const announce = maintenance
    .command('announce')
    .description('announce a maintenance, now, and tell the subscribers')
    .requiredOption('--component <id>', 'what it touches; may be given more than once', collect);
  withTitles(withTexts(withWindow(announce, WINDOW)))
    .addOption(kindOption())
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
          ...textsOf(options),
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
  const preview = maintenance
    .command('preview')
    .description('the verdicts that announcing this now would get; stores nothing')
    .argument('[id]', 'a maintenance that would be moved to the window')
    .option('--component <id>', 'what a new one would touch; may be given more than once', collect);
  withWindow(preview, WINDOW)
    .addOption(kindOption())
    .option('--json', 'print the verdicts as JSON')
    .addHelpText(
      'after',
      `${TIMES}

Examples:
  $ upheld maintenance preview --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00`,
    )
    .action((id: string | undefined, options: Preview) =>
      io.withContext(async (ctx) => {
        const { verdicts } = await previewMaintenance(ctx, askedPlan(ctx, id, options));
        const json = { verdicts: verdicts.map((verdict) => verdictOut(verdict)) };
        print(io, options, json, verdictsText(ctx, verdicts));
      }),
    );
}
