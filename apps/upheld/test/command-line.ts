import type { TestContext } from '@upheld/testkit/context.ts';
import { runCli } from '../src/cli.ts';
import type { ExitCode, Io } from '../src/io.ts';

export interface Run {
  status: ExitCode;
  out: string;
  err: string;
}

/** Runs command lines as the shell would, over a context that the test controls. */
export function commandLine(ctx: TestContext): (...args: string[]) => Promise<Run> {
  return async (...args) => {
    const run = { out: '', err: '' };
    const io: Io = {
      out: (text) => (run.out += ended(text)),
      err: (text) => (run.err += ended(text)),
      stdin: () => Promise.resolve(''),
      cwd: '/',
      now: () => ctx.clock.now(),
      exit: () => undefined,
      withContext: (work) => work(ctx),
    };
    const status = await runCli(args, io, '0.0.0');
    return { status, ...run };
  };
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
