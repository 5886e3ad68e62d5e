import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const UPHELD_COMMAND = fileURLToPath(
  new URL('../../apps/upheld/bin/upheld.mjs', import.meta.url),
);

/** What a user's shell would hand over, and nothing of the test runner's. */
export function cleanEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG, ...extra };
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `upheld ARGS…` to its end, as a shell would. */
export async function upheld(
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<Finished> {
  const child = spawn(process.execPath, [UPHELD_COMMAND, ...args], {
    env: cleanEnvironment(env),
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = collect(child);
  await once(child, 'close');
  return { code: child.exitCode, ...out() };
}

export interface RunningUpheld {
  readonly output: string;
  /** The address it printed. */
  url: string;
  /** As the kernel does it when memory runs out. */
  kill(): Promise<void>;
  /** As an operator does it. Gives the exit code. */
  stop(): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when a line that matches was printed, also earlier. */
  printed(pattern: RegExp): Promise<void>;
}

/** Starts `upheld serve` and resolves when it says where it listens; rejects with its words when it ends before. */
export async function serveUpheld(
  env: Record<string, string>,
  cwd?: string,
  args: readonly string[] = [],
  ready = /http:\/\/[\w.:]+/,
): Promise<RunningUpheld> {
  const child = spawn(process.execPath, [UPHELD_COMMAND, 'serve', ...args], {
    env: cleanEnvironment(env),
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = collect(child);
  const all = (): string => out().stdout + out().stderr;
  const printed = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(all())) return;
        child.stdout.off('data', look);
        child.stderr.off('data', look);
        resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('close', () =>
        reject(new Error(`upheld ended before it printed ${String(pattern)}:\n${all()}`)),
      );
      look();
    });
  await printed(ready);
  const ended = once(child, 'close');
  return {
    url: `http://127.0.0.1:${env['PORT'] ?? '3000'}`,
    get output() {
      return all();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    signal: (signal) => void child.kill(signal),
    printed,
  };
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  const parts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (parts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (parts.stderr += chunk.toString()));
  return () => parts;
}
