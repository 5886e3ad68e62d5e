import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { CorrectionRow } from './corrections.ts';
import type { MaintenanceRow, OutageRow, Recorded } from './recorded-types.ts';

/**
 * What was recorded of a component with the corrections that hold of it: the one place where they are
 * applied. What a customer is told of the figures follows from the facts that this gives.
 *
 * - A false alarm is no outage.
 * - A cause and a severity hold for the whole of the outage; each agreement decides what they mean.
 * - An outage that was maintenance stays an outage, and the work of that maintenance went on through it:
 *   `work` becomes the one stretch that holds both. So the agreement judges it like any other work, and
 *   what lies outside the announced window, or was announced too late, still counts as down.
 *
 * `linked` are maintenances that such outages name and that do not touch the stretch themselves.
 */
export function correct(
  recorded: Recorded,
  corrections: readonly CorrectionRow[],
  linked: readonly MaintenanceRow[],
): Recorded {
  const { before } = recorded;
  const inStretch = idsOf(recorded.outages);
  const outages = idsOf([...recorded.outages, ...(before?.outages ?? [])]);
  const known = idsOf([...recorded.maintenances, ...(before?.maintenances ?? [])]);
  const matters = ({ outageId, maintenanceId }: CorrectionRow): boolean =>
    outages.has(outageId) || (maintenanceId !== null && known.has(maintenanceId));
  if (!corrections.some(matters)) return recorded;
  const of = Map.groupBy(corrections, ({ outageId }) => outageId);
  const isFalse = (id: string): boolean =>
    of.get(id)?.some(({ kind }) => kind === 'false-alarm') ?? false;
  const works = Map.groupBy(
    corrections.filter(({ outageId, maintenanceId }) => maintenanceId && !isFalse(outageId)),
    ({ maintenanceId }) => maintenanceId,
  );
  const righted = (rows: readonly OutageRow[]): OutageRow[] =>
    rows.flatMap((row) => (isFalse(row.id) ? [] : putRight(row, of.get(row.id) ?? [])));
  const worked = (rows: readonly MaintenanceRow[]): MaintenanceRow[] =>
    rows.map((row) => workedThrough(row, works.get(row.id) ?? []));
  const isOfStretch = ({ id }: MaintenanceRow): boolean =>
    works.get(id)?.some(({ outageId }) => inStretch.has(outageId)) ?? false;
  return {
    ...recorded,
    outages: righted(recorded.outages),
    maintenances: worked([...recorded.maintenances, ...linked.filter(isOfStretch)]),
    ...(before && {
      before: {
        outages: righted(before.outages),
        maintenances: worked([
          ...before.maintenances,
          ...linked.filter((row) => !isOfStretch(row)),
        ]),
      },
    }),
    asRecorded: recorded,
  };
}

function idsOf(rows: readonly { id: string }[]): Set<string> {
  return new Set(rows.map(({ id }) => id));
}

function putRight(row: OutageRow, corrections: readonly CorrectionRow[]): OutageRow {
  const cause = corrections.find(({ kind }) => kind === 'cause')?.cause;
  const levels = corrections.flatMap(({ agreement, severity }) =>
    agreement !== null && severity !== null ? [[agreement, severity] as const] : [],
  );
  if (!cause && levels.length === 0) return row;
  return {
    ...row,
    putRight: {
      ...(cause ? { cause } : {}),
      ...(levels.length > 0 ? { severity: new Map(levels) } : {}),
    },
  };
}

/** A maintenance of which these outages were part: nobody had said when its work began or ended rightly. */
function workedThrough(row: MaintenanceRow, outages: readonly CorrectionRow[]): MaintenanceRow {
  // What was cancelled was not worked on, and nobody may call an outage part of it.
  if (outages.length === 0 || row.cancelledAt !== null) return row;
  const from = row.workStartedAt ?? row.windowFrom;
  const to = row.workStartedAt === null ? row.windowTo : row.workEndedAt;
  const ends = outages.flatMap(({ endedAt }) => endedAt ?? []);
  return {
    ...row,
    workStartedAt: Math.min(from, ...outages.map(({ startedAt }) => floorSecond(startedAt))),
    workEndedAt: to === null ? null : Math.max(to, ...ends),
  };
}
