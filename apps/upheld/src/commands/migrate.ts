import type { Command } from 'commander';
import { migrateNow } from '../compose/migrate-now.ts';
import type { Io } from '../io.ts';

export function register(program: Command, io: Io): void {
  program
    .command('migrate')
    .description('bring the database up to this version; `upheld serve` does it by itself')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld migrate
  $ DATABASE_URL=postgres://upheld:…@db.example/upheld upheld migrate`,
    )
    .action(async (options: { json?: true }) => {
      const { applied, place } = await migrateNow();
      if (options.json) io.out(JSON.stringify({ database: place, applied }));
      else if (applied === 0) io.out(`${place} is up to date.`);
      else io.out(`${place}: ${applied} ${applied === 1 ? 'step' : 'steps'} applied.`);
    });
}
