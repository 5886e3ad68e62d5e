import { loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Environment, Variables } from '@upheld/config/environment.ts';
import { faultLine, loadConfig, secretsOf, type LoadedConfig } from '@upheld/config/load.ts';
import type { Config } from '@upheld/config/schema.ts';
import { changesOf, type SettingChange } from '@upheld/config/settings.ts';
import type { Database } from '@upheld/db/database.ts';
import { openDatabase, type DatabaseAddress } from '@upheld/db/open.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { agreementShelf, type AgreementShelf } from '@upheld/services/agreement/shelf.ts';
import type { Context } from '@upheld/services/context.ts';
import { dirname, join, relative } from 'node:path';
import { reason } from '../failure.ts';
import type { Logging } from './logging.ts';
import { systemClock, systemIds } from './system.ts';

/** What a process works on: a configuration, which can be read again, and a database. */
export interface Workspace {
  ctx: Context;
  /** The configuration in force, and what it was made from. */
  loaded(): LoadedConfig;
  /** Reads it again and swaps it in; throws as `readConfig` does and then changes nothing. */
  reload(): SettingChange[];
  close(): Promise<void>;
}

/** Where the data is: DATABASE_URL, or a file in the data folder. */
export function databaseAddress(environment: Environment): DatabaseAddress {
  return environment.databaseUrl === null
    ? { kind: 'sqlite', file: join(environment.dataDir, 'upheld.db') }
    : { kind: 'postgres', url: environment.databaseUrl };
}

/** The configuration, or DomainError('invalid-input') with every fault as file, line and remedy. */
export function readConfig(environment: Environment): Config {
  return loadFile(environment).config;
}

/** The same with what it was made from. */
export function loadFile(environment: Environment): LoadedConfig {
  const { configPath } = environment;
  const file = relative(process.cwd(), configPath) || configPath;
  const book = loadAgreementBook(dirname(configPath));
  const loaded = loadConfig(configPath, variablesOf(environment), book);
  if (loaded.ok) return loaded;
  const count = loaded.faults.length;
  throw new DomainError(
    'invalid-input',
    `the configuration has ${count === 1 ? 'a fault' : `${count} faults`}`,
    loaded.faults.map((fault) => ({ path: '', message: faultLine(file, fault) })),
  );
}

/** The environment, in which PORT is always set. */
export function variablesOf(environment: Environment): Variables {
  return { ...environment.variables, PORT: String(environment.port) };
}

/** Opens the configuration and the database; see `readConfig` and `openDatabase` for what it throws. */
export async function openWorkspace(
  environment: Environment,
  logging: Logging,
  given: { database?: Database } = {},
): Promise<Workspace> {
  const folder = dirname(environment.configPath);
  let loaded = loadFile(environment);
  const config = (): Config => loaded.config;
  let files = loadAgreementBook(folder);
  const hide = (): void => logging.hide([...secretsOf(config()), ...databasePassword(environment)]);
  hide();
  const db = given.database ?? (await openOrExplain(environment));
  const clock = systemClock();
  const { log } = logging;
  const shelf = agreementShelf({ db, log, config, files: () => files });
  await takenIn(shelf, db, given.database === undefined);
  return {
    ctx: {
      db,
      clock,
      ids: systemIds(clock),
      log,
      config,
      agreements: () => shelf.book(),
      shelf,
    },
    loaded: () => loaded,
    reload() {
      const before = loaded;
      loaded = loadFile(environment);
      files = loadAgreementBook(folder);
      hide();
      return changesOf(before, loaded);
    },
    close: () => db.close(),
  };
}

/** What was adopted is part of every figure: without it nothing is told. */
async function takenIn(shelf: AgreementShelf, db: Database, isOwn: boolean): Promise<void> {
  try {
    await shelf.refresh();
  } catch (error) {
    if (isOwn) await db.close();
    throw error;
  }
}

/** Opens the database; throws DomainError("unavailable") with its place and the reason. */
export async function openOrExplain(environment: Environment): Promise<Database> {
  const address = databaseAddress(environment);
  try {
    return await openDatabase(address);
  } catch (error) {
    throw cannotOpen(address, error);
  }
}

/** The same for whoever opens it by other means. */
export function cannotOpen(address: DatabaseAddress, error: unknown): DomainError {
  return new DomainError(
    'unavailable',
    `the database ${placeOf(address)} cannot be opened: ${reason(error)}`,
  );
}

/** An address without its password. */
export function placeOf(address: DatabaseAddress): string {
  if (address.kind === 'sqlite') return address.file;
  const url = new URL(address.url);
  return `postgres://${url.host}${url.pathname}`;
}

function databasePassword({ databaseUrl }: Environment): readonly string[] {
  if (databaseUrl === null) return [];
  const { password } = new URL(databaseUrl);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
