import { readEnvironment } from '@upheld/config/environment.ts';
import type { Command } from 'commander';
import { relative } from 'node:path';
import { createLogging } from '../compose/logging.ts';
import { dieOnTheUnexpected } from '../compose/die.ts';
import { untilStopped } from '../compose/until-stopped.ts';
import { startDemo, type Demo } from '../demo/start-demo.ts';
import type { Io } from '../io.ts';

export function register(program: Command, io: Io): void {
  program
    .command('demo')
    .description('start the product with simulated products, a mailbox and a year of history')
    .addHelpText(
      'after',
      `
Its data is made anew at each start, in a folder "demo" of the data folder.

Examples:
  $ npm run demo
  $ PORT=8080 upheld demo`,
    )
    .action(async () => {
      const logging = createLogging((line) => process.stdout.write(line), { pretty: true });
      dieOnTheUnexpected(logging.log);
      const demo = await startDemo(readEnvironment(), logging);
      io.out(tour(demo, io));
      io.exit(await untilStopped(demo, io, logging.log));
    });
}

function tour({ url, setupLink, mailboxUrl, environment }: Demo, io: Io): string {
  const folder = relative(io.cwd, environment.dataDir);
  const here = `UPHELD_DATA=${folder} UPHELD_CONFIG=${folder}/upheld.yaml`;
  return `
  The status page   ${url ?? ''}
  The mailbox       ${mailboxUrl}
  The console       ${setupLink ?? `${url ?? ''}/console`}
  The API           ${url ?? ''}/api/openapi.json

  "Planner" is broken for three quarters of a minute out of every three, "Declaraties" is slow
  for as long, and "Dossier" has a maintenance coming. Mails and text messages, also those to
  you when you subscribe on the page, arrive in the mailbox. In another terminal:

    ${here} npx upheld incident list
    ${here} npx upheld maintenance announce --help

  Ctrl-C stops it.
`;
}
