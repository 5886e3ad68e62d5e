import { readEnvironment } from '@upheld/config/environment.ts';
import { type Command, Option } from 'commander';
import { flushCompileCache } from 'node:module';
import { ROLES, type Role } from '../compose/control.ts';
import { dieOnTheUnexpected } from '../compose/die.ts';
import { createLogging } from '../compose/logging.ts';
import { serve, type Served } from '../compose/serve.ts';
import { untilStopped } from '../compose/until-stopped.ts';
import type { Io } from '../io.ts';

interface Options {
  role: Role;
  json?: true;
}

export function register(program: Command, io: Io): void {
  program
    .command('serve')
    .description('start the product: the page, the API, the checks and the messages')
    .addOption(new Option('--role <role>', 'what this process does').choices(ROLES).default('all'))
    .option('--json', 'log as JSON also on a terminal')
    .addHelpText(
      'after',
      `
Without an upheld.yaml one is written, with examples. SIGHUP applies a changed one, SIGTERM and
SIGINT stop after what is under way.

Examples:
  $ upheld serve
  $ PORT=8080 UPHELD_DATA=/var/lib/upheld upheld serve
  $ upheld serve --role worker     only measure and deliver; another process serves the page`,
    )
    .action(async (options: Options) => {
      const pretty = process.stdout.isTTY && options.json !== true;
      const logging = createLogging((line) => process.stdout.write(line), { pretty });
      dieOnTheUnexpected(logging.log);
      const served = await serve(readEnvironment(), options.role, logging);
      greet(served, logging.log);
      // Now, and not only at the end: a process that is killed would leave nothing for the next start.
      flushCompileCache();
      io.exit(await untilStopped(served, io, logging.log));
    });
}

type Log = ReturnType<typeof createLogging>['log'];

function greet({ url, firstStart, setupLink }: Served, log: Log): void {
  if (firstStart)
    log.info(
      {},
      'wrote upheld.yaml: name your own products there, then apply it with "npx upheld reload"',
    );
  if (url === null) log.info({}, 'measuring and delivering');
  else log.info({ url }, `serving on ${url}`);
  if (setupLink !== null)
    log.info({}, `the console has no account yet; make the first one, within a day: ${setupLink}`);
}
