import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { standings } from '@upheld/domain/correction/correction.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import {
  and,
  asc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  type SQL,
} from '@upheld/db/query.ts';

/** A correction, or the withdrawal of one, with the outage that it is of. */
export type CorrectionRow = Omit<
  Tables['corrections']['$inferSelect'],
  'reason' | 'evidence' | 'recordedBy'
> & {
  componentId: string;
  startedAt: Instant;
  /** Null only where nobody may correct it: it goes on. */
  endedAt: Instant | null;
};

export interface CorrectionsQuery {
  span: Interval;
  componentId?: string;
  /** What the corrections would be; by default what they are. */
  suppose?: ((rows: readonly CorrectionRow[]) => readonly CorrectionRow[]) | undefined;
}

/**
 * The corrections that hold and matter to a stretch of time, by component: those of its outages, and of any
 * outage that was maintenance, whose work they make longer.
 */
export async function readHolding(
  h: Handle,
  { span, componentId, suppose }: CorrectionsQuery,
): Promise<Map<string, CorrectionRow[]>> {
  const { corrections, outages } = h.t;
  const touches = and(
    lt(outages.startedAt, span.to),
    or(isNull(outages.endedAt), gt(outages.endedAt, span.from)),
  );
  const rows = await correctionsWhere(
    h,
    and(
      componentId === undefined ? undefined : eq(outages.componentId, componentId),
      or(touches, isNotNull(corrections.maintenanceId), isNotNull(corrections.withdraws)),
    ),
  );
  return Map.groupBy(holding(suppose ? suppose(rows) : rows), (row) => row.componentId);
}

/** Every correction and withdrawal of one outage, in the order in which they were recorded. */
export function correctionsOf(h: Handle, outageId: string): Promise<CorrectionRow[]> {
  return correctionsWhere(h, eq(h.t.corrections.outageId, outageId));
}

/** Those that hold of the outages of some incidents. */
export async function holdingOfIncidents(
  h: Handle,
  incidentIds: readonly string[],
): Promise<(CorrectionRow & { incidentId: string })[]> {
  const rows = await correctionsWhere(h, inArray(h.t.outages.incidentId, [...incidentIds]));
  return holding(rows);
}

/** Of rows in the order in which they were recorded, the corrections that hold. */
export function holding<R extends CorrectionRow>(rows: readonly R[]): R[] {
  const found = standings(rows);
  return rows.filter(({ id }) => found.get(id) === 'holds');
}

function correctionsWhere(
  { q, t }: Handle,
  which: SQL | undefined,
): Promise<(CorrectionRow & { incidentId: string })[]> {
  const { id, outageId, kind, cause, agreement, severity, maintenanceId, withdraws, recordedAt } =
    t.corrections;
  const { componentId, incidentId, startedAt, endedAt } = t.outages;
  return q
    .select({
      id,
      outageId,
      kind,
      cause,
      agreement,
      severity,
      maintenanceId,
      withdraws,
      recordedAt,
      componentId,
      incidentId,
      startedAt,
      endedAt,
    })
    .from(t.corrections)
    .innerJoin(t.outages, eq(t.outages.id, t.corrections.outageId))
    .where(which)
    .orderBy(asc(t.corrections.recordedAt), asc(t.corrections.id));
}
