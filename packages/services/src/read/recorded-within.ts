import type { TicketRecord } from '@upheld/domain/desk/ticket.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import type { MaintenanceRow, Recorded } from './recorded-types.ts';

/**
 * Of what was read for a long stretch of time, what would be read for a shorter one in it. Outages stay all:
 * facts take those of their time. What was over before the shorter one may be missing, as may what touches it
 * only because somebody put it right.
 */
export function recordedWithin(recorded: Recorded, span: Interval): Omit<Recorded, 'before'> {
  const { before: _before, ...read } = recorded;
  return {
    ...read,
    maintenances: recorded.maintenances.filter((row) => touches(row, span)),
    ...(recorded.tickets && { tickets: recorded.tickets.filter((one) => concerns(one, span)) }),
  };
}

/** As `maintenancesIn` asks the database. */
function touches(row: MaintenanceRow, { from, to }: Interval): boolean {
  const { windowFrom, windowTo, workStartedAt, workEndedAt } = row;
  const begun = windowFrom < to || (workStartedAt !== null && workStartedAt < to);
  const isWorkedOn = workStartedAt !== null && workEndedAt === null;
  return begun && (windowTo > from || isWorkedOn || (workEndedAt !== null && workEndedAt > from));
}

/** As `ticketsIn` asks the database. */
function concerns({ reportedAt, events }: TicketRecord, { from, to }: Interval): boolean {
  const last = events.findLast(({ kind }) => kind === 'recovered' || kind === 'reopened');
  const isSolved = last?.kind === 'recovered' && last.at <= from;
  return reportedAt < to && (reportedAt >= from || !isSolved);
}
