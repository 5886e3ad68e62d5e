import { DomainError } from '@upheld/domain/errors.ts';
import type { Context } from '../context.ts';
import type { ClosedRow } from './closed.ts';
import { readDocument } from './document.ts';
import { closableAsked, reckon } from './reckon.ts';

/**
 * Whether what is recorded now would give another statement than the one that is published; null where the
 * configuration no longer knows the component, its agreement, or when its contract began.
 */
export async function isChanged(ctx: Context, row: ClosedRow): Promise<boolean | null> {
  const { componentId, agreement, period } = row;
  try {
    const asked = closableAsked(ctx, { componentId, agreement, period });
    const now = await reckon(ctx, ctx.db.read, asked);
    const { statement } = readDocument(row.document);
    return JSON.stringify(now.statement) !== JSON.stringify(statement);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
