import type { Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import type { Clock, Ids, Logger } from '@upheld/domain/ports.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';

/** What every verb gets. `config()` is read once a use-case: a reload swaps it whole. */
export interface Context {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  config(): Config;
  /** The agreements that the configuration names, by the reference used there. */
  agreements(): AgreementBook;
}

/** Who does it, for the record: 'detector', 'cli', or the name of an API token. */
export interface Actor {
  name: string;
}
