import { readEnvironment } from '@upheld/config/environment.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Command } from 'commander';
import type { Reloaded } from '@upheld/services/settings/reload-settings.ts';
import { askToReloadFor } from '../compose/control.ts';
import { EXIT, type Io } from '../io.ts';
import { CLI } from './options.ts';

export function register(program: Command, io: Io): void {
  program
    .command('reload')
    .description('apply upheld.yaml to the running product; the same as SIGHUP, with an answer')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Measuring goes on meanwhile. A configuration with a fault in it changes nothing. What changed is said,
and what the new one probably does not mean: hosts that cannot be found, or that no check may reach.

Examples:
  $ upheld reload
  $ kill -HUP "$(cat data/upheld-all.pid)"`,
    )
    .action(async (options: { json?: true }) => {
      const { dataDir } = readEnvironment();
      const outcome = await askToReloadFor(dataDir, CLI.address ?? '');
      if (!outcome)
        throw new DomainError(
          'not-found',
          `no Upheld runs on ${dataDir}; start it with npx upheld serve`,
        );
      if (!outcome.applied) io.exit(EXIT.badInput);
      if (options.json) io.out(JSON.stringify(outcome));
      else if (outcome.applied) printApplied(outcome, io);
      else printRefused(outcome, io);
    });
}

function printApplied({ changes, warnings }: Reloaded, io: Io): void {
  for (const { path, before, after } of changes)
    io.out(`  ${path}: ${before ?? 'not there'} -> ${after ?? 'gone'}`);
  io.out(
    changes.length === 0
      ? 'The configuration is applied; it says what it said before.'
      : 'The configuration is applied.',
  );
  for (const { message, remedy } of warnings) {
    io.out(`! ${message}`);
    io.out(`  -> ${remedy}`);
  }
}

function printRefused({ processes, faults }: Reloaded, io: Io): void {
  for (const message of new Set(processes.map((one) => one.message)))
    if (message !== null) io.err(`upheld: ${message}`);
  for (const fault of faults) io.err(`  ${fault}`);
}
