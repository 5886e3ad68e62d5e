import { loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import { agreementShelf } from '@upheld/services/agreement/shelf.ts';
import type { Context } from '@upheld/services/context.ts';
import { controlledClock, type ControlledClock } from './clock.ts';
import { testConfig } from './config.ts';
import { countingIds } from './ids.ts';
import { recordingLog } from './log.ts';

export type TestContext = Context & {
  clock: ControlledClock;
  log: ReturnType<typeof recordingLog>;
  configure(config: Config): void;
};

/** A context over a real database with a clock, ids and a log that the test controls. */
export function testContext(
  db: Database,
  overrides: { config?: Config; clock?: ControlledClock; idPrefix?: string } = {},
): TestContext {
  let config = overrides.config ?? testConfig();
  const files = loadAgreementBook();
  const log = recordingLog();
  const shelf = agreementShelf({ db, log, config: () => config, files: () => files });
  return {
    db,
    clock: overrides.clock ?? controlledClock(),
    ids: countingIds(overrides.idPrefix),
    log,
    config: () => config,
    agreements: () => shelf.book(),
    shelf,
    configure(next) {
      config = next;
    },
  };
}
