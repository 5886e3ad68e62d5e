import { Command } from 'commander';
import { explainFailure } from './failure.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';

interface CommandModule {
  register(program: Command, io: Io): void;
}

/** A command is loaded when it is asked for: `upheld statement` does not wait for the server's code. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  serve: () => import('./commands/serve.ts'),
  statement: () => import('./commands/register-statement.ts'),
  maintenance: () => import('./commands/maintenance.ts'),
  template: () => import('./commands/template.ts'),
  incident: () => import('./commands/incident.ts'),
  ticket: () => import('./commands/ticket.ts'),
  duty: () => import('./commands/duty.ts'),
  alert: () => import('./commands/alert.ts'),
  'on-call': () => import('./commands/on-call.ts'),
  agreement: () => import('./commands/agreement.ts'),
  correction: () => import('./commands/correction.ts'),
  period: () => import('./commands/period.ts'),
  subscriber: () => import('./commands/subscriber.ts'),
  outbox: () => import('./commands/outbox.ts'),
  token: () => import('./commands/token.ts'),
  account: () => import('./commands/account.ts'),
  audit: () => import('./commands/audit.ts'),
  migrate: () => import('./commands/migrate.ts'),
  doctor: () => import('./commands/doctor.ts'),
  reload: () => import('./commands/reload.ts'),
  settings: () => import('./commands/settings.ts'),
  demo: () => import('./commands/demo.ts'),
};

const HELP = `
Exit status: 0 done, 1 it could not be done, 2 what was given is not usable.

Environment:
  PORT           where to listen (3000)
  UPHELD_CONFIG  the configuration (./upheld.yaml)
  UPHELD_DATA    the folder for the embedded database (./data)
  DATABASE_URL   a PostgreSQL database instead, as postgres://user:password@host/database

Examples:
  $ upheld serve                       start the product on http://localhost:3000
  $ upheld doctor                      say what is wrong, if anything
  $ upheld maintenance announce --help say how maintenance is announced
  $ upheld statement facts.json        what a contract says about recorded facts`;

/** Runs one command line and gives the status to exit with. Never throws. */
export async function runCli(args: readonly string[], io: Io, version: string): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = new Command('upheld')
    .description('A public status page and uptime monitor that keeps account of what was promised.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .showHelpAfterError('(add --help for help)')
    .addHelpText('after', HELP);
  try {
    const watching: Io = {
      ...io,
      exit(status) {
        code = status;
        io.exit(status);
      },
    };
    const named = COMMANDS[args[0] ?? ''];
    for (const load of named ? [named] : Object.values(COMMANDS))
      (await load()).register(program, watching);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explainFailure(error, io);
  }
}
