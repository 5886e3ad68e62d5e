import { asc } from '@upheld/db/query.ts';
import { z } from 'zod';
import { readWithEntries, type SealedEntry } from '../audit/entries-of.ts';
import { moment } from '../audit/moment.ts';
import type { Context } from '../context.ts';
import { HOLDS, type AdoptedRow } from './adopted-rows.ts';

/** An adopted version by what people call it. */
export type VersionName = Pick<AdoptedRow, 'agreement' | 'label' | 'validFrom'>;

export type VersionFault =
  /** The audit log does not say that anybody adopted it. */
  | 'added'
  /** The audit log says that it was adopted, and there is no such version. */
  | 'missing'
  /** Its rules are not those that were adopted. */
  | 'rewritten'
  /** It begins on another day. */
  | 'moved'
  /** It is of another agreement. */
  | 'misplaced'
  /** It does not hold, or says that it was withdrawn, and nobody withdrew it. */
  | 'ended'
  /** It was withdrawn, and is not any more. */
  | 'revived'
  /** What is shown beside its rules is not what was written: its label, or who, when and why. */
  | 'relabelled';

export interface VersionsVerdict {
  /** Versions that were looked at, withdrawn ones among them. */
  versions: number;
  /** By the names of the audit log, where it knows the version. */
  faults: readonly (VersionName & { fault: VersionFault })[];
}

/** Compares every version that was ever adopted, withdrawn ones among them, with what the audit log says. */
export async function verifyVersions(ctx: Pick<Context, 'db'>): Promise<VersionsVerdict> {
  const { q, t } = ctx.db.read;
  const { found: rows, entries } = await readWithEntries(ctx.db.read, [ADOPTED, WITHDRAWN], () =>
    q
      .select()
      .from(t.agreementVersions)
      .orderBy(asc(t.agreementVersions.validFrom), asc(t.agreementVersions.id)),
  );
  const sealed = sealedVersions(entries);
  const faults: (VersionName & { fault: VersionFault })[] = [];
  for (const row of rows) {
    const seal = sealed.get(row.id);
    for (const fault of seal ? faultsOf(row, seal) : (['added'] as const))
      faults.push({ ...nameOf(seal ?? row), fault });
    sealed.delete(row.id);
  }
  for (const seal of sealed.values()) faults.push({ ...nameOf(seal), fault: 'missing' });
  return { versions: rows.length, faults };
}

function nameOf({ agreement, label, validFrom }: VersionName): VersionName {
  return { agreement, label, validFrom };
}

const ADOPTED = 'agreement.adopt';
const WITHDRAWN = 'agreement.withdraw';

const adoptedSchema = z.object({
  agreement: z.string(),
  label: z.string(),
  validFrom: z.string(),
  source: z.string(),
  reason: z.string(),
  // Entries of the first versions of the product lack the moment.
  adoptedAt: z.string().optional(),
});
const withdrawnSchema = z.object({ reason: z.string(), withdrawnAt: z.string().optional() });

type Sealed = z.infer<typeof adoptedSchema> & {
  actor: string;
  withdrawal: (z.infer<typeof withdrawnSchema> & { actor: string }) | null;
};

/** What the audit log says of every version that was ever adopted, by its id. */
function sealedVersions(entries: readonly SealedEntry[]): Map<string, Sealed> {
  const sealed = new Map<string, Sealed>();
  for (const { action, subject, actor, after } of entries) {
    const adopted = action === ADOPTED ? adoptedSchema.safeParse(after) : null;
    if (adopted?.success) sealed.set(subject, { ...adopted.data, actor, withdrawal: null });
    const withdrawn = action === WITHDRAWN ? withdrawnSchema.safeParse(after) : null;
    const version = sealed.get(subject);
    if (withdrawn?.success && version) version.withdrawal = { ...withdrawn.data, actor };
  }
  return sealed;
}

/** Each kind of difference once. */
function faultsOf(row: AdoptedRow, seal: Sealed): VersionFault[] {
  const { withdrawal } = seal;
  const isWhole: [VersionFault, boolean][] = [
    ['rewritten', row.source === seal.source],
    ['moved', row.validFrom === seal.validFrom],
    ['misplaced', row.agreement === seal.agreement],
    ['ended', withdrawal !== null || isUntouched(row)],
    ['revived', withdrawal === null || row.holds === null],
    ['relabelled', isLabelled(row, seal)],
  ];
  return isWhole.flatMap(([fault, whole]) => (whole ? [] : [fault]));
}

function isUntouched({ holds, withdrawnAt, withdrawnBy, withdrawnReason }: AdoptedRow): boolean {
  const withdrawal = [withdrawnAt, withdrawnBy, withdrawnReason];
  return holds === HOLDS && withdrawal.every((one) => one === null);
}

/** Whether what is shown beside the rules is what the audit log says; a moment only where it says one. */
function isLabelled(row: AdoptedRow, seal: Sealed): boolean {
  const { withdrawal } = seal;
  const adoptedAt = moment(row.adoptedAt);
  const head = [row.label, row.reason, row.adoptedBy, adoptedAt];
  const sealed = [seal.label, seal.reason, seal.actor, seal.adoptedAt ?? adoptedAt];
  if (JSON.stringify(head) !== JSON.stringify(sealed)) return false;
  if (withdrawal === null) return row.version === 1;
  const withdrawnAt = moment(row.withdrawnAt);
  const end = [row.version, row.withdrawnReason, row.withdrawnBy, withdrawnAt];
  const said = [2, withdrawal.reason, withdrawal.actor, withdrawal.withdrawnAt ?? withdrawnAt];
  return JSON.stringify(end) === JSON.stringify(said);
}
