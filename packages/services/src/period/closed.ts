import type { Handle } from '@upheld/db/database.ts';
import { and, asc, desc, eq, gt, lt } from '@upheld/db/query.ts';
import type { Tables } from '@upheld/db/tables.ts';
import type { FactsPeriod } from '@upheld/domain/sla/facts.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';

export type ClosedRow = Tables['closedPeriods']['$inferSelect'];

/** Which period is meant: of one component, under one agreement as the public knows it, in one word. */
export type PeriodKey = Pick<ClosedRow, 'componentId' | 'agreement' | 'period'>;

/** Periods that end for everyone at once and follow each other. A rolling year is another one every moment. */
const CLOSABLE = ['calendar-month', 'calendar-year', 'contract-year'] as const;
export type ClosablePeriod = Extract<FactsPeriod, { kind: (typeof CLOSABLE)[number] }>;

/** Whether a period is of a kind that can be closed. */
export function isClosable(period: FactsPeriod): period is ClosablePeriod {
  return CLOSABLE.some((kind) => kind === period.kind);
}

/** Every revision of a period, the first one first; empty while nobody closed it. */
export function revisionsOf({ q, t }: Handle, key: PeriodKey): Promise<ClosedRow[]> {
  const c = t.closedPeriods;
  return q.select().from(c).where(isOf(t, key)).orderBy(asc(c.revision));
}

/** The revision that is published; null while nobody closed the period. */
export async function currentRevision({ q, t }: Handle, key: PeriodKey): Promise<ClosedRow | null> {
  const c = t.closedPeriods;
  const rows = await q.select().from(c).where(isOf(t, key)).orderBy(desc(c.revision)).limit(1);
  return rows[0] ?? null;
}

function isOf({ closedPeriods: c }: Tables, { componentId, agreement, period }: PeriodKey) {
  return and(eq(c.componentId, componentId), eq(c.agreement, agreement), eq(c.period, period));
}

/** A revision without its document, which can be long. */
export type RevisionRow = Omit<ClosedRow, 'document'>;

/** The revisions of every closed period, of one component or of all, first ones first. */
export function allRevisions({ q, t }: Handle, componentId?: string): Promise<RevisionRow[]> {
  const c = t.closedPeriods;
  return q
    .select(headColumns(t))
    .from(c)
    .where(componentId === undefined ? undefined : eq(c.componentId, componentId))
    .orderBy(asc(c.revision));
}

function headColumns({ closedPeriods: c }: Tables) {
  return {
    id: c.id,
    componentId: c.componentId,
    agreement: c.agreement,
    period: c.period,
    spanFrom: c.spanFrom,
    spanTo: c.spanTo,
    revision: c.revision,
    hash: c.hash,
    reason: c.reason,
    correctionId: c.correctionId,
    closedAt: c.closedAt,
    closedBy: c.closedBy,
  };
}

/** The published revisions of the closed periods of a component that touch a stretch of time. */
export async function currentTouching(
  { q, t }: Handle,
  componentId: string,
  { from, to }: Interval,
): Promise<ClosedRow[]> {
  const c = t.closedPeriods;
  const rows = await q
    .select()
    .from(c)
    .where(and(eq(c.componentId, componentId), lt(c.spanFrom, to), gt(c.spanTo, from)))
    .orderBy(asc(c.spanFrom), asc(c.agreement), asc(c.period), asc(c.revision));
  // The last of each period is the one that is published.
  const current = new Map(rows.map((row) => [`${row.agreement} ${row.period}`, row]));
  return [...current.values()];
}
