import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput, reasonInput } from '../input.ts';
import { bumpRevision } from '../revision.ts';
import { expectVersion, versionInput } from '../version.ts';
import { addRevision, auditRevision } from './add-revision.ts';
import { currentRevision, type ClosedRow } from './closed.ts';
import { readDocument } from './document.ts';
import { revisionView, type RevisionView } from './period-view.ts';
import { closableAsked, mustBeKnown, reckon, type PeriodQuery, type Reckoned } from './reckon.ts';

const fingerprintInput = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no fingerprint; take the one that the preview gives')
  .optional();

export const periodInput = z.strictObject({
  componentId: idInput,
  agreement: idInput.optional(),
  period: idInput,
});
const closeInput = periodInput.extend({ fingerprint: fingerprintInput });
const reviseInput = closeInput.extend({ reason: reasonInput, expectedRevision: versionInput });

export interface ClosePeriod extends PeriodQuery {
  /** Of the preview: what is frozen must be what was seen. */
  fingerprint?: string | undefined;
}

export interface RevisePeriod extends ClosePeriod {
  /** Everyone can read it beside the figure. */
  reason: string;
  /** The revision that the caller has read. */
  expectedRevision?: number | undefined;
}

/**
 * Freezes what is known of a period that is over: from now on this is what is published of it. Throws
 * DomainError: 'not-found'; 'invalid-input' for a period that cannot be closed, or of which nothing is known;
 * 'conflict' when it is closed already, or is no longer what the fingerprint says.
 */
export async function closePeriod(
  ctx: Context,
  actor: Actor,
  input: ClosePeriod,
): Promise<RevisionView> {
  const { fingerprint, ...query } = parseInput(closeInput, input);
  const asked = closableAsked(ctx, query);
  const { key, span } = asked;
  return inTurn(ctx, async (h) => {
    const now = ctx.clock.now();
    const before = await currentRevision(h, key);
    if (before)
      throw new DomainError(
        'conflict',
        `${key.period} is closed already, with revision ${before.revision}; give it a new revision with a reason where it is to change`,
      );
    const frozen = await reckon(ctx, h, asked);
    mustBeKnown(asked, frozen);
    expectSeen(frozen, fingerprint);
    const revision = { key, span, before, frozen, reason: null, now };
    const added = await addRevision(h, ctx, actor, revision);
    await auditRevision(h, ctx, actor, added, before);
    return revisionView(added);
  });
}

/**
 * Gives a closed period a new revision from what is recorded now; those before it stay beside it. Throws
 * DomainError: 'not-found' where nobody closed it; 'invalid-input'; 'conflict' when nothing changed since,
 * when somebody else gave it one meanwhile, or when it is no longer what the fingerprint says.
 */
export async function revisePeriod(
  ctx: Context,
  actor: Actor,
  input: RevisePeriod,
): Promise<RevisionView> {
  const { fingerprint, reason, expectedRevision, ...query } = parseInput(reviseInput, input);
  const asked = closableAsked(ctx, query);
  const { key, span } = asked;
  return inTurn(ctx, async (h) => {
    const now = ctx.clock.now();
    const before = await currentRevision(h, key);
    if (!before)
      throw new DomainError('not-found', `${key.period} of ${key.componentId} is not closed yet`);
    expectVersion({ version: before.revision }, expectedRevision);
    const frozen = await reckon(ctx, h, asked);
    if (isSame(frozen, before))
      throw new DomainError(
        'conflict',
        `nothing that is recorded of ${key.period} differs from revision ${before.revision}`,
      );
    expectSeen(frozen, fingerprint);
    const added = await addRevision(h, ctx, actor, { key, span, before, frozen, reason, now });
    await auditRevision(h, ctx, actor, added, before);
    return revisionView(added);
  });
}

/**
 * Everything that changes what is published moves the revision of the page, and holds it until it is done.
 * So no correction can slip in between what is read here and what is frozen.
 */
function inTurn<T>(ctx: Context, work: (h: Handle) => Promise<T>): Promise<T> {
  return ctx.db.transact(async (h) => {
    await bumpRevision(h);
    return work(h);
  });
}

function expectSeen({ fingerprint }: Reckoned, seen: string | undefined): void {
  if (seen !== undefined && seen !== fingerprint)
    throw new DomainError(
      'conflict',
      'what is recorded of the period changed since you looked at it; look again and decide anew',
    );
}

/** Whether a new revision would say what the last one says, but for the words of the agreement. */
export function isSame(
  { facts, statement }: Pick<Reckoned, 'facts' | 'statement'>,
  before: Pick<ClosedRow, 'document'>,
): boolean {
  const was = readDocument(before.document);
  return JSON.stringify([facts, statement]) === JSON.stringify([was.facts, was.statement]);
}
