import type { Tables } from '@upheld/db/tables.ts';
import type { TicketRecord } from '@upheld/domain/desk/ticket.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { IntervalSet } from '@upheld/domain/time/interval.ts';
import type { AnnouncedWindow } from '../maintenance/announcements.ts';
import type { CorrectionsQuery } from './corrections.ts';
import type { Merges } from './merges.ts';

/* What is read of components before it becomes facts: what its readers give each other. */

/** What was put right of an outage, in place of what was recorded of it. */
export interface PutRight {
  cause?: Cause;
  /** Its level for the whole of it, by the reference of the agreement. */
  severity?: ReadonlyMap<string, string>;
}

/** An outage as it was recorded, but for when it was noticed. */
export type OutageRow = Omit<Tables['outages']['$inferSelect'], 'noticedAt'> & {
  /** What a correction says of it. */
  putRight?: PutRight;
};
export type ChangeRow = Pick<
  Tables['incidentChanges']['$inferSelect'],
  | 'incidentId'
  | 'componentId'
  | 'agreement'
  | 'severity'
  | 'cause'
  | 'effectiveFrom'
  | 'recordedAt'
  | 'recordedBy'
>;
/** A maintenance with the windows that count. */
export type MaintenanceRow = Tables['maintenances']['$inferSelect'] & {
  announcements: readonly AnnouncedWindow[];
};

/** What came before a stretch of time. */
export interface Before {
  /** Of the incidents that were down in the stretch, in order of their start. */
  outages: readonly OutageRow[];
  /** Those that touch these outages, or the start of one that went on into the stretch. */
  maintenances: readonly MaintenanceRow[];
}

/** What was recorded of one component and touches a stretch of time. */
export interface Recorded {
  /** When it was first configured; null when nobody knows it yet. */
  createdAt: Instant | null;
  /** When the first conclusive check of it was made; null before. */
  measuredSince: Instant | null;
  /** In order of their start. */
  outages: readonly OutageRow[];
  /** Of the incidents of that time, in the order in which they were said. */
  changes: readonly ChangeRow[];
  /** Which of the incidents are part of which: an outage stays with the one it was recorded under. */
  merges: Merges;
  maintenances: readonly MaintenanceRow[];
  /**
   * What was over before the stretch and tells whether an interruption began before it; read for one
   * component alone, and absent where there is none.
   */
  before?: Before;
  /** Within the stretch and until `now`; merged. */
  unmeasured: IntervalSet;
  /** Reports of customers; read for one component alone, because a page shows nothing of them. */
  tickets?: readonly TicketRecord[];
  /** The same before anybody corrected it; absent where nobody did. */
  asRecorded?: Recorded;
}

export interface RecordedQuery extends CorrectionsQuery {
  now: Instant;
}
