import { announcedOut, maintenanceOut } from '@upheld/api/v1/map.ts';
import {
  cancelMaintenance,
  reannounceMaintenance,
} from '@upheld/services/maintenance/change-maintenance.ts';
import { previewReannouncement } from '@upheld/services/maintenance/preview-announcement.ts';
import { finishWork, startWork } from '@upheld/services/maintenance/work.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import {
  print,
  textOf,
  TIMES,
  windowOf,
  withTexts,
  withWindow,
  type Json,
  type Texts,
  type Window,
} from './maintenance-options.ts';
import { announcedText, maintenanceTitle } from './maintenance-text.ts';
import { CLI } from './options.ts';
import { printPreview } from './preview-text.ts';

/** Adds what happens to maintenance that was announced to `upheld maintenance`. */
export function registerChange(maintenance: Command, io: Io): void {
  registerMove(maintenance, io);
  registerCancel(maintenance, io);
  registerWork(maintenance, io);
}

function registerMove(maintenance: Command, io: Io): void {
  const move = maintenance
    .command('move')
    .description('move, extend or shorten it: a new announcement, made now, beside those before it')
    .argument('<id>', 'the maintenance');
  withTexts(withWindow(move, { from: 'when the window now begins', to: 'when it now ends' }))
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
    .action((id: string, options: Window & Texts & Json & { preview?: true }) =>
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
  withTexts(
    maintenance
      .command('cancel')
      .description('call it off before it begins')
      .argument('<id>', 'the maintenance'),
  )
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
