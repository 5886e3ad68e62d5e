import { statement } from '@upheld/domain/sla/statement.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import type { Context } from '../context.ts';
import { revisionsOf, type RevisionRow } from '../period/closed.ts';
import type { CoveredFacts } from './read-statement.ts';
import type { WorksheetClosed, WorksheetRevision } from './worksheet-view.ts';

/** What the public may know of how a period was closed; null while nobody did. */
export async function closedView(
  ctx: Context,
  { closed }: CoveredFacts,
): Promise<WorksheetClosed | null> {
  if (closed === null) return null;
  const { row, document, live } = closed;
  const now = statement(live.facts, live.agreement);
  const revisions = await revisionsOf(ctx.db.read, row);
  return {
    ...publicRevision(row),
    revisions: revisions.map(publicRevision),
    changedSince: JSON.stringify(now) !== JSON.stringify(document.statement),
  };
}

function publicRevision({ revision, closedAt, hash, reason }: RevisionRow): WorksheetRevision {
  return { revision, closedAt: formatInstant(closedAt), hash, reason };
}
