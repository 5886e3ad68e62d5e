import { loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Environment } from '@upheld/config/environment.ts';
import type { Config } from '@upheld/config/schema.ts';
import { inspectDatabase, type DatabaseReport } from '@upheld/db/inspect.ts';
import { leftOutVersions, type LeftOutVersion } from '@upheld/services/agreement/left-out.ts';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { lookup, resolveTxt } from 'node:dns/promises';
import type { Resolver } from '../doctor/look-at-dns.ts';
import { databaseAddress, openOrExplain, placeOf } from './workspace.ts';

export type { DatabaseReport };

/** The database that the environment names, as the doctor sees it. */
export function lookAtDatabase(environment: Environment): {
  place: string;
  inspect(): Promise<DatabaseReport>;
  /** Epoch ms; null where there is no file. */
  lastWrite(): number | null;
} {
  const address = databaseAddress(environment);
  return {
    place: placeOf(address),
    inspect: () => inspectDatabase(address),
    lastWrite() {
      if (address.kind !== 'sqlite') return null;
      const file = statSync(address.file, { throwIfNoEntry: false });
      const log = statSync(`${address.file}-wal`, { throwIfNoEntry: false });
      return file ? Math.max(file.mtimeMs, log?.mtimeMs ?? 0) : null;
    },
  };
}

/** Versions of agreements that were adopted and are left out. The database is there and up to date. */
export async function lookAtAdopted(
  environment: Environment,
  config: Config,
): Promise<readonly LeftOutVersion[]> {
  const db = await openOrExplain(environment);
  try {
    const files = loadAgreementBook(dirname(environment.configPath));
    return await leftOutVersions(db.read, config, files);
  } finally {
    await db.close();
  }
}

/** The resolver of the machine, the same that the checks use. */
export const systemResolver: Resolver = {
  async lookup(host) {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  },
  resolveTxt,
};
