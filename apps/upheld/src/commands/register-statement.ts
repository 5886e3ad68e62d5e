import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { runStatement } from './statement.ts';

export function register(program: Command, io: Io): void {
  program
    .command('statement')
    .description('say what a contract makes of recorded facts, as JSON, one line a file')
    .argument('<facts...>', 'facts files; - reads standard input')
    .option('--explain', 'show every interval with the rule and clause that put it there')
    .addHelpText(
      'after',
      `
Needs no configuration and no database: a customer can compute the same statement.
Facts that name "web-shop" take web-shop.yaml from their own folder when it is there, and else
the agreement that Upheld brings along; a path is from their folder too.
Exit status 2 when a file is not usable; then standard error says where and why.

Examples:
  $ upheld statement facts.json
  $ upheld statement january.json february.json > statements.jsonl
  $ curl -s https://status.example/api/v1/components/shop/facts | upheld statement -`,
    )
    .action(async (files: string[], options: { explain?: boolean }) => {
      io.exit(await runStatement({ files, ...options }, io));
    });
}
