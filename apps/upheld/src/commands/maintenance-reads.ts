import { maintenanceOut } from '@upheld/api/v1/map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { listMaintenances, readMaintenance } from '@upheld/services/read/lists.ts';
import { Option, type Command } from 'commander';
import type { Io } from '../io.ts';
import { print, type Json } from './maintenance-options.ts';
import { maintenanceList, maintenanceText } from './maintenance-text.ts';
import { rowCount } from './options.ts';

const STATES = ['upcoming', 'active', 'completed', 'cancelled'] as const;

/** Adds what only reads to `upheld maintenance`. */
export function registerReads(maintenance: Command, io: Io): void {
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
