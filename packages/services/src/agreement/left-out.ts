import { adoptedBook } from '@upheld/config/adopted.ts';
import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import type { AgreementBook } from '@upheld/domain/sla/book.ts';
import { holdingVersions } from './adopted-rows.ts';
import { referencesIn } from './shelf.ts';

/** A version that was adopted and judges nothing, because the file of its agreement does not bear it. */
export interface LeftOutVersion {
  /** As the configuration names the agreement. */
  agreement: string;
  validFrom: string;
  why: string;
}

/** Every version that is left out of an agreement in use. Throws DomainError as the book of files does. */
export async function leftOutVersions(
  h: Handle,
  config: Config,
  files: AgreementBook,
): Promise<LeftOutVersion[]> {
  const rows = await holdingVersions(h);
  const book = adoptedBook(
    files,
    Map.groupBy(rows, ({ agreement }) => agreement),
  );
  return referencesIn(config).flatMap((agreement) =>
    book
      .leftOut(agreement)
      .map(({ adopted, why }) => ({ agreement, validFrom: adopted.validFrom, why })),
  );
}
