import { withAdopted } from '@upheld/config/adopted.ts';
import { and, eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { startOfDate } from '@upheld/domain/time/zoned.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput, reasonInput } from '../input.ts';
import { transactUntilWon, won } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { expectVersion, versionInput } from '../version.ts';
import { HOLDS, versionOfAll, versionsOf, type AdoptedRow } from './adopted-rows.ts';
import { readAgreement, type AgreementView } from './agreement-view.ts';
import { usedAgreement, type UsedAgreement } from './in-use.ts';
import { judgeVersion, sourceInput } from './judge-version.ts';

export interface AdoptVersion {
  /** A name of the agreement; see `usedAgreement`. */
  agreement: string;
  /** YAML of one item of `versions`. */
  source: string;
  reason: string;
  /** The version of what was adopted for the agreement that the caller has read. */
  expectedVersion?: number | undefined;
}

const adoptInput = z.strictObject({
  agreement: idInput,
  source: sourceInput,
  reason: reasonInput,
  expectedVersion: versionInput,
});

/**
 * Adopts a version of an agreement from a day to come: it holds from midnight of that day in the zone of
 * the agreement, in every process. Throws DomainError: 'not-found'; 'invalid-input' with every fault and
 * its line; 'conflict' when somebody else adopted or withdrew one since.
 */
export async function adoptVersion(
  ctx: Context,
  actor: Actor,
  input: AdoptVersion,
): Promise<AgreementView> {
  const { agreement, source, reason, expectedVersion } = parseInput(adoptInput, input);
  const used = usedAgreement(ctx, agreement);
  await transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    // First: its row is held until the end, so that two who adopt at once are judged one after the other.
    await bumpRevision(h);
    const rows = await versionsOf(h, used.reference);
    expectVersion({ version: versionOfAll(rows) }, expectedVersion);
    const { version } = judgeVersion(ctx, used, { source, rows, now });
    const { label, validFrom } = version;
    const row = {
      id: ctx.ids.next(),
      agreement: used.reference,
      label,
      validFrom,
      source,
      reason,
      adoptedAt: now,
      adoptedBy: actor.name,
      holds: HOLDS,
      version: 1,
    };
    const made = await h.q
      .insert(h.t.agreementVersions)
      .values(row)
      .onConflictDoNothing()
      .returning({ id: h.t.agreementVersions.id });
    won(made);
    await recordAudit(h, ctx, actor, {
      action: 'agreement.adopt',
      subject: row.id,
      after: {
        ...{ agreement: used.reference, label, validFrom, source, reason },
        adoptedAt: moment(now),
      },
    });
  });
  await ctx.shelf.refresh();
  return readAgreement(ctx, used.reference);
}

export interface WithdrawVersion {
  /** A name of the agreement; see `usedAgreement`. */
  agreement: string;
  versionId: string;
  reason: string;
  /** The version of what was adopted for the agreement that the caller has read. */
  expectedVersion?: number | undefined;
}

const withdrawInput = z.strictObject({
  agreement: idInput,
  versionId: idInput,
  reason: reasonInput,
  expectedVersion: versionInput,
});

/**
 * Takes back a version that is not in force yet. Throws DomainError: 'not-found', 'invalid-input';
 * 'conflict' when it is in force, withdrawn already, or the ground of a later one.
 */
export async function withdrawVersion(
  ctx: Context,
  actor: Actor,
  input: WithdrawVersion,
): Promise<AgreementView> {
  const { agreement, versionId, reason, expectedVersion } = parseInput(withdrawInput, input);
  const used = usedAgreement(ctx, agreement);
  await transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    await bumpRevision(h);
    const rows = await versionsOf(h, used.reference);
    const row = rows.find(({ id }) => id === versionId);
    if (!row)
      throw new DomainError('not-found', `${used.reference} has no adopted version "${versionId}"`);
    expectVersion({ version: versionOfAll(rows) }, expectedVersion);
    if (row.holds === null) throw new DomainError('conflict', 'this version is already withdrawn');
    const begins = startOfDate(row.validFrom, used.file.document.zone) ?? Infinity;
    if (begins <= now)
      throw new DomainError(
        'conflict',
        `version "${row.label}" is in force since ${row.validFrom} and figures are made by it; adopt another version instead`,
      );
    mustCarryNone(used, rows, row);
    const v = h.t.agreementVersions;
    const taken = await h.q
      .update(v)
      .set({
        holds: null,
        withdrawnAt: now,
        withdrawnBy: actor.name,
        withdrawnReason: reason,
        version: row.version + 1,
      })
      .where(and(eq(v.id, row.id), eq(v.version, row.version)))
      .returning({ id: v.id });
    won(taken);
    const { label, validFrom, source } = row;
    await recordAudit(h, ctx, actor, {
      action: 'agreement.withdraw',
      subject: row.id,
      before: { agreement: used.reference, label, validFrom, source },
      after: { reason, withdrawnAt: moment(now) },
    });
  });
  await ctx.shelf.refresh();
  return readAgreement(ctx, used.reference);
}

/** Throws DomainError('conflict') where a later version would lose its ground. */
function mustCarryNone(
  { file }: UsedAgreement,
  rows: readonly AdoptedRow[],
  taken: AdoptedRow,
): void {
  const holding = rows.filter(({ holds }) => holds === HOLDS);
  const before = new Set(withAdopted(file, holding).leftOut.map(({ adopted }) => adopted.id));
  const rest = holding.filter(({ id }) => id !== taken.id);
  const fallen = withAdopted(file, rest).leftOut.find(({ adopted }) => !before.has(adopted.id));
  const row = rest.find(({ id }) => id === fallen?.adopted.id);
  if (row)
    throw new DomainError(
      'conflict',
      `version "${row.label}" of ${row.validFrom} is built on this one; withdraw that first`,
    );
}
