import { DomainError } from '@upheld/domain/errors.ts';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const ROLES = ['all', 'web', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** What a running process answers when it is told to read its configuration again. */
export type ReloadAnswer = { ok: true } | { ok: false; message: string; faults: readonly string[] };

/** A process that runs on a data folder, as other processes of the machine find it. */
export interface Presence {
  leave(): Promise<void>;
}

/** Longer addresses of sockets are refused by the system. */
const LONGEST_SOCKET_PATH = 100;

const pidFile = (dataDir: string, role: Role): string => join(dataDir, `upheld-${role}.pid`);

function socketPath(dataDir: string, role: Role): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${digest(dataDir)}-${role}`;
  const beside = join(dataDir, `upheld-${role}.sock`);
  return beside.length <= LONGEST_SOCKET_PATH
    ? beside
    : join(tmpdir(), `upheld-${digest(dataDir)}-${role}.sock`);
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Writes the process id and listens for `upheld reload`. Only the owner of the folder may connect. */
export async function announcePresence(
  dataDir: string,
  role: Role,
  reload: () => Promise<ReloadAnswer>,
): Promise<Presence> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = socketPath(dataDir, role);
  const other = await connected(path);
  other?.destroy();
  if (other) throw alreadyRuns(dataDir);
  // Left by a process that was killed.
  rmSync(path, { force: true });
  writeFileSync(pidFile(dataDir, role), `${process.pid}\n`);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // Who asked and went away does not need the answer.
    socket.on('error', () => socket.destroy());
    const asked = text(socket).catch(() => '');
    void asked.then(async (question) => {
      if (question === '') socket.destroy();
      else socket.end(JSON.stringify(await reload()));
    });
  });
  const before = process.umask(0o077);
  server.listen(path);
  await once(server, 'listening');
  process.umask(before);
  server.unref();
  return {
    async leave() {
      const closed = once(server, 'close');
      server.close();
      await closed;
      rmSync(pidFile(dataDir, role), { force: true });
    },
  };
}

/** What a second process on the same data is told. */
export function alreadyRuns(dataDir: string): DomainError {
  const file = ROLES.map((role) => pidFile(dataDir, role)).find((path) => existsSync(path));
  const who = file === undefined ? '' : ` (process ${readFileSync(file, 'utf8').trim()})`;
  return new DomainError(
    'conflict',
    `another Upheld${who} already works on this data; stop it first, or give this one a folder of its own with UPHELD_DATA`,
  );
}

/** Tells every process that runs on a data folder to reload; empty when none does. */
export async function askToReload(
  dataDir: string,
): Promise<readonly { role: Role; answer: ReloadAnswer }[]> {
  const answers: { role: Role; answer: ReloadAnswer }[] = [];
  for (const role of ROLES) {
    const socket = await connected(socketPath(dataDir, role));
    if (!socket) continue;
    socket.end('reload\n');
    answers.push({ role, answer: JSON.parse(await text(socket)) as ReloadAnswer });
  }
  return answers;
}

function connected(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
}
