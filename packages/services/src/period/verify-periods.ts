import { eq } from '@upheld/db/query.ts';
import { spanOf } from '@upheld/domain/sla/period.ts';
import { formatInstant } from '@upheld/domain/time/zoned.ts';
import { z } from 'zod';
import { readWithEntries, type SealedEntry } from '../audit/entries-of.ts';
import type { Context } from '../context.ts';
import { allRevisions, type ClosedRow } from './closed.ts';
import {
  agreementOf,
  hashOf,
  readDocument,
  verifyDocument,
  type DocumentVerdict,
} from './document.ts';

/** A revision of a closed period by what people call it. */
export type RevisionName = Pick<ClosedRow, 'componentId' | 'agreement' | 'period' | 'revision'>;

export type PeriodFault =
  /** Its document is not the one that its hash was made of. */
  | 'changed'
  /** The audit log holds another hash of it, or none: it was written anew, or beside the product. */
  | 'other-than-sealed'
  /** The document is of another period or revision than its row. */
  | 'misplaced'
  /** What is shown beside the document is not what was sealed: its span, moment, person, reason or correction. */
  | 'relabelled'
  /** It does not follow the revision before it, or that one is missing. */
  | 'unlinked'
  /** The audit log holds its hash, and there is no such revision. */
  | 'missing';

export interface PeriodsVerdict {
  /** Revisions that were looked at. */
  revisions: number;
  faults: readonly (RevisionName & { fault: PeriodFault })[];
  /** Whole, but the product as it is now does not make the same statement of it; and why. */
  otherwise: readonly (RevisionName & { why: string })[];
}

/** Looks at every revision of every closed period, one document in memory at a time. */
export async function verifyPeriods(ctx: Pick<Context, 'db'>): Promise<PeriodsVerdict> {
  const { found: rows, entries } = await readWithEntries(ctx.db.read, ACTIONS, () =>
    allRevisions(ctx.db.read),
  );
  const sealed = sealedRevisions(entries);
  const faults: (RevisionName & { fault: PeriodFault })[] = [];
  const otherwise: (RevisionName & { why: string })[] = [];
  const before = new Map<string, ClosedRow>();
  for (const { id } of rows) {
    const row = await rowOf(ctx, id);
    const place = JSON.stringify([row.componentId, row.agreement, row.period]);
    const seal = sealed.get(id);
    const verdict = verifyDocument(row.document);
    const fault =
      faultOf(row, before.get(place) ?? null, seal) ??
      (isLabelled(row, verdict, seal) ? null : 'relabelled');
    if (fault !== null) faults.push({ ...nameOf(row), fault });
    else if (!verdict.ok) otherwise.push({ ...nameOf(row), why: verdict.why });
    before.set(place, row);
    sealed.delete(id);
  }
  for (const { component: componentId, agreement, period, revision } of sealed.values())
    faults.push({ componentId, agreement, period, revision, fault: 'missing' });
  return { revisions: rows.length, faults, otherwise };
}

function nameOf({ componentId, agreement, period, revision }: ClosedRow): RevisionName {
  return { componentId, agreement, period, revision };
}

async function rowOf({ db }: Pick<Context, 'db'>, id: string): Promise<ClosedRow> {
  const { q, t } = db.read;
  const [row] = await q.select().from(t.closedPeriods).where(eq(t.closedPeriods.id, id));
  if (!row) throw new Error(`the closed period ${id} went while it was looked at`);
  return row;
}

function faultOf(row: ClosedRow, before: ClosedRow | null, seal?: Sealed): PeriodFault | null {
  if (hashOf(row.document) !== row.hash) return 'changed';
  if (seal?.hash !== row.hash) return 'other-than-sealed';
  const { component, agreement, period, revision, previous } = readDocument(row.document);
  const own = JSON.stringify([row.componentId, row.agreement, row.period, row.revision]);
  if (JSON.stringify([component, agreement, period, revision]) !== own) return 'misplaced';
  const follows = row.revision === (before?.revision ?? 0) + 1;
  return follows && previous === (before?.hash ?? null) ? null : 'unlinked';
}

/** Whether what lists and corrections go by is what stands in the document and the audit log. */
function isLabelled(row: ClosedRow, verdict: DocumentVerdict, seal?: Sealed): boolean {
  const { closedAt, reason } = readDocument(row.document);
  const head = [row.reason, formatInstant(row.closedAt), row.closedBy, row.correctionId];
  const sealed = [reason, closedAt, seal?.actor, seal?.correction ?? null];
  if (JSON.stringify(head) !== JSON.stringify(sealed)) return false;
  if (!verdict.ok) return true;
  const { facts, agreement, agreementText } = verdict.document;
  const span = spanOf(facts.period, agreementOf(agreement, agreementText).document.zone);
  return span.from === row.spanFrom && span.to === row.spanTo;
}

const ACTIONS = ['period.close', 'period.revise'];
const sealedSchema = z.object({
  component: z.string(),
  agreement: z.string(),
  period: z.string(),
  revision: z.int(),
  hash: z.string(),
  correction: z.string().optional(),
});
type Sealed = z.infer<typeof sealedSchema> & { actor: string };

/** What the audit log says of every revision that was ever made, by its id. */
function sealedRevisions(entries: readonly SealedEntry[]): Map<string, Sealed> {
  return new Map(
    entries.flatMap(({ subject, actor, after }) => {
      const sealed = sealedSchema.safeParse(after);
      return sealed.success ? [[subject, { ...sealed.data, actor }] as const] : [];
    }),
  );
}
