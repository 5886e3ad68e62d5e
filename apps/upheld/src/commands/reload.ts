import { readEnvironment } from '@upheld/config/environment.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Command } from 'commander';
import { askToReload } from '../compose/control.ts';
import { EXIT, type Io } from '../io.ts';

export function register(program: Command, io: Io): void {
  program
    .command('reload')
    .description('apply upheld.yaml to the running product; the same as SIGHUP, with an answer')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Measuring goes on meanwhile. A configuration with a fault in it changes nothing.

Examples:
  $ upheld reload
  $ kill -HUP "$(cat data/upheld-all.pid)"`,
    )
    .action(async (options: { json?: true }) => {
      const { dataDir } = readEnvironment();
      const answers = await askToReload(dataDir);
      if (answers.length === 0)
        throw new DomainError(
          'not-found',
          `no Upheld runs on ${dataDir}; start it with upheld serve`,
        );
      if (options.json) io.out(JSON.stringify(answers));
      const refused = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer]))[0];
      if (!refused) {
        if (!options.json) io.out('The configuration is applied.');
        return;
      }
      io.exit(EXIT.badInput);
      if (options.json) return;
      io.err(`upheld: ${refused.message}`);
      for (const fault of refused.faults) io.err(`  ${fault}`);
    });
}
