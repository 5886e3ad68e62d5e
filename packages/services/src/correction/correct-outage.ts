import type { Handle } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { eq } from '@upheld/db/query.ts';
import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { setIncident } from '../incident/incident-row.ts';
import { idInput, parseInput, reasonInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { auditRevision } from '../period/add-revision.ts';
import { correctedPeriods, reviseCorrected } from '../period/corrected-periods.ts';
import { holding } from '../read/corrections.ts';
import { bumpRevision } from '../revision.ts';
import { expectVersion, versionInput } from '../version.ts';
import {
  checkCorrection,
  correctionInput,
  evidenceInput,
  type CorrectionSaid,
} from './check-correction.ts';
import { correctionViews, type CorrectionView } from './correction-view.ts';
import {
  addEntry,
  correctedOutage,
  type CorrectedOutage,
  type CorrectionMatter,
} from './outage.ts';
import { touchedBy } from './touched.ts';

export interface CorrectOutage extends CorrectionSaid {
  /** Everyone can read it beside the figure. */
  reason: string;
  /** What shows it: a link, the name of a document, words. For managers and auditors only. */
  evidence: string;
  /** The version of the outage that the caller has read. */
  expectedVersion?: number | undefined;
}

const withdrawInput = z.strictObject({
  correctionId: idInput,
  reason: reasonInput,
  evidence: evidenceInput,
  expectedVersion: versionInput,
});

export interface WithdrawCorrection {
  correctionId: string;
  reason: string;
  evidence: string;
  /** The version of the outage that the caller has read. */
  expectedVersion?: number | undefined;
}

/**
 * Says what an outage that is over turned out to be. What was recorded stays beside it, and the last
 * correction of a kind holds. Throws DomainError: 'not-found', 'invalid-input'; 'conflict' while the
 * outage goes on, when it already stands so, or when somebody else corrected it since.
 */
export async function correctOutage(
  ctx: Context,
  actor: Actor,
  input: CorrectOutage,
): Promise<CorrectionView> {
  const { reason, evidence, expectedVersion, ...said } = parseInput(correctionInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const outage = await correctedOutage(h, said.outageId);
    expectVersion(outage, expectedVersion);
    const matter = await checkCorrection(h, ctx, outage, said, now);
    const entry = { ...matter, reason, evidence, now };
    const { id, revised } = await entered(h, ctx, actor, outage, entry);
    const before = holding(outage.entries).find(
      ({ kind, agreement }) => kind === matter.kind && agreement === matter.agreement,
    );
    await recordAudit(h, ctx, actor, {
      action: 'correction.add',
      subject: id,
      before: before ? told(outage.id, before) : null,
      after: { ...told(outage.id, matter), reason, evidence },
    });
    for (const one of revised) await auditRevision(h, ctx, actor, one.added, one.before);
    return correctionView(h, id);
  });
}

/**
 * Takes a correction back: what held before it holds again. Throws DomainError: 'not-found',
 * 'invalid-input'; 'conflict' when it is already withdrawn or somebody else corrected the outage since.
 */
export async function withdrawCorrection(
  ctx: Context,
  actor: Actor,
  input: WithdrawCorrection,
): Promise<CorrectionView> {
  const { correctionId, reason, evidence, expectedVersion } = parseInput(withdrawInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const { outageId } = await correctionRow(h, correctionId);
    const outage = await correctedOutage(h, outageId);
    expectVersion(outage, expectedVersion);
    const taken = mustStand(outage, correctionId);
    const withdrawal = { ...NOTHING, withdraws: correctionId, reason, evidence, now };
    const { revised } = await entered(h, ctx, actor, outage, withdrawal, taken.maintenanceId);
    await recordAudit(h, ctx, actor, {
      action: 'correction.withdraw',
      subject: correctionId,
      before: told(outageId, taken),
      after: { reason, evidence },
    });
    for (const one of revised) await auditRevision(h, ctx, actor, one.added, one.before);
    return correctionView(h, correctionId);
  });
}

/** What a withdrawal says of the outage itself. */
export const NOTHING = {
  kind: 'withdrawn',
  cause: null,
  agreement: null,
  severity: null,
  maintenanceId: null,
} as const;

/** The correction, unless somebody took it back. Throws DomainError('conflict'). */
export function mustStand(outage: CorrectedOutage, id: string): CorrectionMatter {
  const found = outage.entries.find((entry) => entry.id === id);
  if (!found || found.kind === 'withdrawn')
    throw new DomainError('not-found', `there is no correction "${id}"`);
  if (outage.entries.some(({ withdraws }) => withdraws === id))
    throw new DomainError('conflict', 'this correction is already withdrawn');
  return found;
}

/** Throws DomainError('not-found'). */
export async function correctionRow({ q, t }: Handle, id: string) {
  const [row] = await q.select().from(t.corrections).where(eq(t.corrections.id, id));
  if (!row || row.kind === 'withdrawn')
    throw new DomainError('not-found', `there is no correction "${id}"`);
  return row;
}

/** One correction as it now stands. Throws DomainError('not-found'). */
export async function correctionView(h: Handle, id: string): Promise<CorrectionView> {
  const [view] = await correctionViews(h, [await correctionRow(h, id)]);
  if (!view) throw new DomainError('not-found', `there is no correction "${id}"`);
  return view;
}

// The incident is changed with it, so that two people who correct at the same moment take turns; and what is
// closed gets its new revision at once, so that what is published follows the correction as everything does.
async function entered(
  h: Handle,
  ctx: Context,
  actor: Actor,
  outage: CorrectedOutage,
  entry: Omit<Parameters<typeof addEntry>[3], 'outageId'>,
  maintenanceId = entry.maintenanceId,
) {
  const { now, reason } = entry;
  await setIncident(h, outage.incident, { updatedAt: now });
  const id = await addEntry(h, ctx, actor, { ...entry, outageId: outage.id });
  await bumpRevision(h);
  const periods = await correctedPeriods(ctx, h, {
    componentId: outage.componentId,
    touched: await touchedBy(h, outage, maintenanceId, now),
    before: (rows) => rows.filter((row) => row.id !== id),
    now,
  });
  const why = { reason, correctionId: id, now };
  return { id, revised: await reviseCorrected(h, ctx, actor, periods, why) };
}

function told(
  outage: string,
  { kind, cause, agreement, severity, maintenanceId }: CorrectionMatter,
): Record<string, string> {
  const said = Object.entries({ outage, kind, cause, agreement, severity, maintenanceId });
  return Object.fromEntries(said.filter((entry): entry is [string, string] => entry[1] !== null));
}
