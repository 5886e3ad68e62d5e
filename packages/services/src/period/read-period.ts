import { eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { referenceOf } from '../read/facts.ts';
import { coveredBy } from '../read/read-statement.ts';
import { periodInput } from './close-period.ts';
import { revisionsOf, type ClosedRow } from './closed.ts';
import { isChanged } from './changed.ts';
import { revisionView, type RevisionView } from './period-view.ts';

/** A closed period with all that was ever published of it. */
export interface PeriodView {
  /** The first one first; the last is the one that is published. */
  revisions: readonly RevisionView[];
  /**
   * Whether what is recorded now would give another statement; null where the configuration no longer knows
   * the component or its agreement.
   */
  changedSince: boolean | null;
}

export interface ClosedPeriodQuery {
  componentId: string;
  /** As the public knows it, or as the configuration names it; by default the leading one. */
  agreement?: string | undefined;
  period: string;
}

/** Throws DomainError('not-found') for a period that nobody closed. */
export async function readPeriod(ctx: Context, query: ClosedPeriodQuery): Promise<PeriodView> {
  const rows = await closedRows(ctx, query);
  const current = rows.at(-1);
  return {
    revisions: rows.map(revisionView),
    changedSince: current ? await isChanged(ctx, current) : null,
  };
}

/** A revision with its document as it was written, byte for byte. */
export interface RevisionDocument {
  row: RevisionView;
  document: string;
}

/** By its number; the published one when none is given. Throws DomainError('not-found'). */
export async function readRevisionDocument(
  ctx: Context,
  { revision, ...query }: ClosedPeriodQuery & { revision?: number | undefined },
): Promise<RevisionDocument> {
  const rows = await closedRows(ctx, query);
  const row = revision === undefined ? rows.at(-1) : rows[revision - 1];
  if (row) return { row: revisionView(row), document: row.document };
  throw new DomainError(
    'not-found',
    `${query.period} of ${query.componentId} has revisions 1 to ${rows.length}, and no ${revision ?? 0}`,
  );
}

/** By its id. Throws DomainError('not-found'). */
export async function readRevisionById(ctx: Context, id: string): Promise<RevisionDocument> {
  const { q, t } = ctx.db.read;
  const [row] = await q.select().from(t.closedPeriods).where(eq(t.closedPeriods.id, id));
  if (row) return { row: revisionView(row), document: row.document };
  throw new DomainError('not-found', `there is no revision "${id}" of a closed period`);
}

async function closedRows(ctx: Context, query: ClosedPeriodQuery): Promise<ClosedRow[]> {
  const { componentId, period, ...named } = parseInput(periodInput, query);
  const agreement = referenceIn(ctx, { componentId, ...named });
  const rows = await revisionsOf(ctx.db.read, { componentId, agreement, period });
  if (rows.length > 0) return rows;
  throw new DomainError(
    'not-found',
    `${period} of ${componentId} is not closed under "${agreement}"`,
  );
}

/** What was closed under an agreement that the configuration no longer knows is found by its name alone. */
function referenceIn(ctx: Context, query: Omit<ClosedPeriodQuery, 'period'>): string {
  try {
    return referenceOf(coveredBy(ctx, query));
  } catch (error) {
    if (!(error instanceof DomainError) || query.agreement === undefined) throw error;
    return query.agreement;
  }
}
