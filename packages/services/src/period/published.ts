import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import { referenceOf, type Asked, type Covered } from '../read/facts.ts';
import { currentRevision, isClosable, type ClosedRow } from './closed.ts';
import { agreementOf, readDocument, type PeriodDocument } from './document.ts';

/** What was frozen when a period was closed, and is published of it. */
export interface Published {
  row: ClosedRow;
  document: PeriodDocument;
  /** As it was agreed then, read from the document. */
  agreement: Agreement;
}

/** The published revision of a period; null while nobody closed it. */
export async function publishedOf(
  h: Handle,
  covered: Covered,
  { period, span, knownAt }: Asked,
): Promise<Published | null> {
  if (!isClosable(period) || span.to > knownAt) return null;
  const row = await currentRevision(h, {
    componentId: covered.component.id,
    agreement: referenceOf(covered),
    period: periodText(period),
  });
  return row && published(row);
}

/** A revision with what its document holds. Throws Error where somebody spoilt it. */
export function published(row: ClosedRow): Published {
  try {
    const document = readDocument(row.document);
    return { row, document, agreement: agreementOf(document.agreement, document.agreementText) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // Nobody who reads a figure can mend it.
    throw new Error(`the closed period ${row.period} of ${row.componentId} cannot be read`, {
      cause: error,
    });
  }
}
