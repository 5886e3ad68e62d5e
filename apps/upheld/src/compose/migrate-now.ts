import { readEnvironment } from '@upheld/config/environment.ts';
import { inspectDatabase } from '@upheld/db/inspect.ts';
import { cannotOpen, databaseAddress, openOrExplain, placeOf } from './workspace.ts';

/** Migrates the database that the environment names, and says how many steps that took. */
export async function migrateNow(): Promise<{ applied: number; place: string }> {
  const environment = readEnvironment();
  const address = databaseAddress(environment);
  const before = await inspectDatabase(address).catch((error: unknown) => {
    throw cannotOpen(address, error);
  });
  const db = await openOrExplain(environment);
  await db.close();
  return { applied: before.pending, place: placeOf(address) };
}
