import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import type { ClosedRow, PeriodKey } from './closed.ts';
import { hashOf, writeDocument, type Frozen } from './document.ts';

/** A revision that is to be: which period, after which one, what is in it and why. */
export interface NewRevision {
  key: PeriodKey;
  span: Interval;
  /** Null: nobody closed the period before. */
  before: Pick<ClosedRow, 'revision' | 'hash'> | null;
  frozen: Frozen;
  /** Null of the first one. */
  reason: string | null;
  correctionId?: string;
  now: Instant;
}

/**
 * Writes a revision down beside those before it. Throws DomainError('conflict') when somebody else did at the
 * same moment. Call `auditRevision` with what it gives, last in the transaction.
 */
export async function addRevision(
  { q, t }: Handle,
  ctx: Pick<Context, 'ids'>,
  actor: Actor,
  { key, span, before, frozen, reason, correctionId, now }: NewRevision,
): Promise<ClosedRow> {
  const revision = (before?.revision ?? 0) + 1;
  const document = writeDocument(
    {
      component: key.componentId,
      agreement: key.agreement,
      period: key.period,
      revision,
      previous: before?.hash ?? null,
      closedAt: formatInstant(now),
      reason,
    },
    frozen,
  );
  const row = {
    ...{ id: ctx.ids.next(), ...key, spanFrom: span.from, spanTo: span.to, revision, document },
    ...{ hash: hashOf(document), reason, correctionId: correctionId ?? null },
    ...{ closedAt: now, closedBy: actor.name },
  };
  const made = await q.insert(t.closedPeriods).values(row).onConflictDoNothing().returning();
  const [added] = made;
  if (added) return added;
  throw new DomainError('conflict', `somebody else made revision ${revision} of ${key.period}`);
}

/** The entry of the audit log that seals a revision with its hash. */
export async function auditRevision(
  h: Handle,
  ctx: Pick<Context, 'clock'>,
  actor: Actor,
  added: ClosedRow,
  before: Pick<ClosedRow, 'revision' | 'hash'> | null,
): Promise<void> {
  const { componentId: component, agreement, period, revision, hash, reason } = added;
  await recordAudit(h, ctx, actor, {
    action: before === null ? 'period.close' : 'period.revise',
    subject: added.id,
    before: before && { revision: before.revision, hash: before.hash },
    after: {
      ...{ component, agreement, period, revision, hash },
      ...(reason === null ? {} : { reason }),
      ...(added.correctionId === null ? {} : { correction: added.correctionId }),
    },
  });
}
