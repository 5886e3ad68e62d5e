import { announcedOut } from '@upheld/api/v1/map.ts';
import { planOut } from '@upheld/api/v1/planning-map.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { Context } from '@upheld/services/context.ts';
import { declareEmergency } from '@upheld/services/maintenance/emergency.ts';
import { planMaintenance } from '@upheld/services/maintenance/plan.ts';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import {
  kindOption,
  print,
  textsOf,
  windowOf,
  withTexts,
  withTitles,
  type Json,
  type Texts,
  type Titles,
  type Window,
} from './maintenance-options.ts';
import { announcedText } from './maintenance-text.ts';
import { parseMoment } from './moment.ts';
import { CLI, collect } from './options.ts';
import { planText } from './planning-text.ts';

type Plan = Json & Window & { component?: string[]; kind: MaintenanceKind };
type Emergency = Json & Texts & Titles & { to: string; reason: string };

/** Adds what plans ahead to `upheld maintenance`. */
export function registerPlanning(maintenance: Command, io: Io): void {
  registerPlan(maintenance, io);
  registerEmergency(maintenance, io);
}

function registerPlan(maintenance: Command, io: Io): void {
  maintenance
    .command('plan')
    .description('what a window means for every contract, and the next that suits all')
    .argument('[id]', 'a maintenance that would be moved to the window')
    .option('--component <id>', 'what it would touch; may be given more than once', collect)
    .requiredOption('--from <time>', 'when the window begins')
    .requiredOption('--to <time>', 'when it ends')
    .addOption(kindOption())
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      `
It stores nothing and tells nobody.

Examples:
  $ upheld maintenance plan --component fysioone --from 2026-12-01T22:00 --to 2026-12-02T02:00`,
    )
    .action((id: string | undefined, options: Plan) =>
      io.withContext(async (ctx) => {
        const plan = await planMaintenance(ctx, askedPlan(ctx, id, options));
        print(io, options, planOut(plan), planText(ctx, plan));
      }),
    );
}

/** Also for `preview`, which asks for less. */
export function askedPlan(ctx: Context, id: string | undefined, options: Plan) {
  const window = windowOf(ctx, options);
  const { component: componentIds, kind } = options;
  if (id !== undefined && componentIds === undefined) return { maintenanceId: id, ...window };
  if (id === undefined && componentIds !== undefined) return { componentIds, kind, ...window };
  throw new DomainError(
    'invalid-input',
    'give either the id of a maintenance, or --component for a new one',
  );
}

function registerEmergency(maintenance: Command, io: Io): void {
  const emergency = maintenance
    .command('emergency')
    .description('declare that planned work is an emergency from now on')
    .argument('<id>', 'the planned maintenance')
    .requiredOption('--to <time>', 'until when it is expected to take')
    .requiredOption('--reason <text>', 'why it could not wait; kept as evidence');
  withTitles(withTexts(emergency))
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
The planned work ends here, or is called off when it has not begun, and an emergency begins now in its
place. What was announced keeps its moments and its verdict.

Examples:
  $ upheld maintenance emergency 019ab… --to 2026-12-01T15:00 --reason 'A disk is failing.' \\
      --text-nl 'We herstellen nu.' --text-en 'We repair it now.'`,
    )
    .action((id: string, options: Emergency) =>
      io.withContext(async (ctx) => {
        const result = await declareEmergency(ctx, CLI, {
          maintenanceId: id,
          to: parseMoment(options.to, ctx.config().timezone, '--to'),
          ...textsOf(options),
          reason: options.reason,
        });
        const json = { ...announcedOut(result), replacedId: result.replacedId };
        print(io, options, json, announcedText(ctx, 'declared', result));
      }),
    );
}
