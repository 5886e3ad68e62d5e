import { runCli } from './cli.ts';
import { processIo } from './compose/process-io.ts';
import { version } from './version.ts';

process.exitCode = await runCli(process.argv.slice(2), processIo(), version());
