import { readEnvironment } from '@upheld/config/environment.ts';
import { text } from 'node:stream/consumers';
import type { Io } from '../io.ts';
import { createLogging } from './logging.ts';
import { systemClock } from './system.ts';
import { openWorkspace } from './workspace.ts';

/** The world as a process has it. */
export function processIo(): Io {
  const clock = systemClock();
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessClosed);
  return {
    out: (line) => process.stdout.write(ended(line)),
    err: (line) => process.stderr.write(ended(line)),
    stdin: () => text(process.stdin),
    cwd: process.cwd(),
    now: () => clock.now(),
    exit(code) {
      process.exitCode = code;
    },
    async withContext(work) {
      const logging = createLogging((line) => process.stderr.write(line), {
        pretty: process.stderr.isTTY,
        level: 'warn',
      });
      const workspace = await openWorkspace(readEnvironment(), logging);
      try {
        return await work(workspace.ctx);
      } finally {
        await workspace.close();
      }
    },
  };
}

/** Who reads may stop reading (`upheld statement … | head -1`): the work goes on, and nobody is told. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function ended(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}
