import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { ReloadAnswer } from '@upheld/services/settings/file.ts';
import type { Reloaded } from '@upheld/services/settings/reload-settings.ts';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { reason } from '../failure.ts';

export const ROLES = ['all', 'web', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** What a running process does when it is asked. */
export interface Answers {
  startedAt: Instant;
  version: string;
  /** Reads the configuration again, in this process alone. */
  reload(): Promise<ReloadAnswer>;
  /** Has every process of the machine do so, in the name of whoever asked at `address`. */
  reloadFor(address: string): Promise<Reloaded>;
}

/** A process that was found; null where it has the socket and does not answer. */
export interface Running {
  role: Role;
  pid: number;
  since: { at: Instant; version: string } | null;
}

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

/** Writes the process id and listens for `upheld reload` and `upheld doctor`. Only the owner of the folder may connect. */
export async function announcePresence(
  dataDir: string,
  role: Role,
  answers: Answers,
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
      const answer = await answerTo(question, answers);
      if (answer === null) socket.destroy();
      else socket.end(JSON.stringify(answer));
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

const RELOAD = 'reload\n';
const WHO = 'who\n';
const RELOAD_FOR = /^reload for (.{1,300})\n$/;

/** Null for what is no question of ours. */
async function answerTo(question: string, answers: Answers): Promise<object | null> {
  if (question === WHO) return { at: answers.startedAt, version: answers.version };
  if (question === RELOAD) return answers.reload();
  const address = RELOAD_FOR.exec(question)?.[1];
  if (address === undefined) return null;
  try {
    return await answers.reloadFor(address);
  } catch (error) {
    return { error: reason(error) };
  }
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
    const answer = (await ask(dataDir, role, RELOAD)) as ReloadAnswer | null;
    if (answer) answers.push({ role, answer });
  }
  return answers;
}

/**
 * Has one of the processes see to it that all of them reload, and record who asked for it. Null when none
 * runs; throws DomainError('unavailable') with what stopped it.
 */
export async function askToReloadFor(dataDir: string, address: string): Promise<Reloaded | null> {
  const who = address.replaceAll(/\s+/g, ' ').slice(0, 300);
  for (const role of ROLES) {
    const answer = (await ask(dataDir, role, `reload for ${who}\n`)) as
      Reloaded | { error: string } | null;
    if (answer && 'error' in answer) throw new DomainError('unavailable', answer.error);
    if (answer) return answer;
  }
  return null;
}

/** Patient enough for a process that is busy. */
const SILENT_AFTER_MS = 5000;

/** The processes that run on a data folder. */
export async function whoRuns(dataDir: string): Promise<readonly Running[]> {
  const found: Running[] = [];
  for (const role of ROLES) {
    const socket = await connected(socketPath(dataDir, role));
    if (!socket) continue;
    const silent = setTimeout(() => socket.destroy(), SILENT_AFTER_MS);
    socket.end(WHO);
    const said = await text(socket).catch(() => '');
    clearTimeout(silent);
    const since = said === '' ? null : (JSON.parse(said) as Running['since']);
    found.push({ role, pid: pidIn(dataDir, role), since });
  }
  return found;
}

function pidIn(dataDir: string, role: Role): number {
  const file = pidFile(dataDir, role);
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0;
}

/** What a process says to a question; null where none has that role. */
async function ask(dataDir: string, role: Role, question: string): Promise<unknown> {
  const socket = await connected(socketPath(dataDir, role));
  if (!socket) return null;
  socket.end(question);
  return JSON.parse(await text(socket)) as unknown;
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
