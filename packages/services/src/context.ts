import type { Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import type { Permission } from '@upheld/domain/access/permissions.ts';
import type { Clock, Ids, Instant, Logger } from '@upheld/domain/ports.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import type { AgreementShelf } from './agreement/shelf.ts';

/** What every verb gets. `config()` is read once a use-case: a reload swaps it whole. */
export interface Context {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  config(): Config;
  /** The agreements that the configuration names, by the reference used there, with what was adopted. */
  agreements(): AgreementBook;
  /** Where they come from. */
  shelf: AgreementShelf;
}

/** Who does it, for the record. */
export interface Actor {
  /** 'detector', 'cli', or the name of a person or an API token. */
  name: string;
  /** The person or token, where there is one. */
  id?: string;
  /** By which way it came; the product itself when left out. */
  via?: 'console' | 'api' | 'cli';
  /** The network address that it came from; of a command, user@host. */
  address?: string;
  /** What it may do; everything when left out. */
  permissions?: readonly Permission[];
  /** On the console: when they last showed a second factor. */
  provenAt?: Instant | null;
}
