import { adoptedBook, type AdoptedBook, type AdoptedVersion } from '@upheld/config/adopted.ts';
import type { Config } from '@upheld/config/schema.ts';
import type { Database } from '@upheld/db/database.ts';
import type { Logger } from '@upheld/domain/ports.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { holdingVersions } from './adopted-rows.ts';

/**
 * The agreements of one process: those of the files, under the versions that were adopted in any process
 * on the same database.
 */
export interface AgreementShelf {
  /** As the files alone say them. */
  files(): AgreementBook;
  /** With what was adopted; another object whenever something in it may differ. */
  book(): AgreementBook;
  /** Reads what was adopted or withdrawn since, and whether that is anything. */
  refresh(): Promise<boolean>;
}

interface Parts {
  db: Database;
  log: Logger;
  config: () => Config;
  /** The same object until the files are read again. */
  files: () => AgreementBook;
}

type Adopted = ReadonlyMap<string, readonly AdoptedVersion[]>;

/** A shelf that holds only the files until it is first refreshed. */
export function agreementShelf(parts: Parts): AgreementShelf {
  let adopted: Adopted = new Map();
  let known = '[]';
  let made: { files: AgreementBook; adopted: Adopted; book: AdoptedBook } | null = null;
  const warned = new Set<string>();
  const book = (): AdoptedBook => {
    const files = parts.files();
    if (made?.files === files && made.adopted === adopted) return made.book;
    made = { files, adopted, book: adoptedBook(files, adopted) };
    warn(parts, made.book, adopted, warned);
    return made.book;
  };
  return {
    files: () => parts.files(),
    book,
    async refresh() {
      const rows = await holdingVersions(parts.db.read);
      const found = JSON.stringify(rows);
      if (found === known) return false;
      adopted = Map.groupBy(rows, ({ agreement }) => agreement);
      known = found;
      book();
      return true;
    },
  };
}

/** A shelf of files on which nothing is ever adopted. */
export function fixedShelf(book: AgreementBook): AgreementShelf {
  return { files: () => book, book: () => book, refresh: () => Promise.resolve(false) };
}

/** The agreements that components are under, by the reference of the configuration. */
export function referencesIn(config: Config): string[] {
  const uses = config.groups.flatMap((group) =>
    group.components.flatMap((component) => component.agreements),
  );
  return [...new Set(uses.map(({ agreement }) => agreement))];
}

/** Says once of each version that it does not hold, which a figure may depend on. */
function warn(
  { config, log }: Parts,
  book: AdoptedBook,
  adopted: Adopted,
  warned: Set<string>,
): void {
  if (adopted.size === 0) return;
  for (const reference of referencesIn(config()))
    for (const { adopted: one, why } of book.leftOut(reference)) {
      if (warned.has(`${reference} ${one.id} ${why}`)) continue;
      warned.add(`${reference} ${one.id} ${why}`);
      log.warn(
        { agreement: reference, version: one.id },
        `the version of ${one.validFrom} adopted for the agreement ${reference} is left out, its file does not bear it: ${why}`,
      );
    }
}
