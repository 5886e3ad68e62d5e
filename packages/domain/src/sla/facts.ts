import type { Cause } from '../incident/incident.ts';
import type { MaintenanceKind } from '../maintenance/maintenance.ts';

/*
 * What was recorded of one component under one agreement, as JSON: instants are ISO 8601 texts with
 * an offset, intervals are half-open, a missing `to` means "still going on" and needs `asOf`.
 */

export interface FactsInterval {
  from: string;
  to: string;
}

export type FactsPeriod =
  | { kind: 'rolling-12-months'; endingAt: string }
  | { kind: 'calendar-year'; year: number }
  | { kind: 'calendar-month'; month: string }
  | { kind: 'contract-year'; start: string; nth: number }
  | { kind: 'range'; from: string; to: string };

export const PERIOD_KINDS = [
  'rolling-12-months',
  'calendar-year',
  'calendar-month',
  'contract-year',
  'range',
] as const satisfies readonly FactsPeriod['kind'][];

/** A level of the agreement's scale; a list when it changed, with the times from which each holds. */
export type FactsSeverity = string | { from: string; level: string }[];

export interface FactsOutage {
  id: string;
  from: string;
  to?: string;
  severity: FactsSeverity;
  /** Default internal. */
  cause?: Cause;
  /** Only these are hit; absent: everyone. */
  customers?: string[];
  /** Outages of one incident record share this; default: the outage's own id. */
  incident?: string;
}

export interface FactsAnnouncement extends FactsInterval {
  at: string;
}

export interface FactsMaintenance {
  id: string;
  kind: MaintenanceKind;
  /** In order of `at`; a later one moves or extends the window. */
  announcements: FactsAnnouncement[];
  cancelledAt?: string;
  /** When the work really went on; absent: exactly the last announced window. */
  work?: { from: string; to?: string };
  /** Required for an emergency. */
  reason?: string;
  customers?: string[];
}

export const TICKET_KINDS = ['incident', 'bug', 'question'] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

export const TICKET_EVENTS = [
  'received',
  'registered',
  'detected',
  'responded',
  'work-started',
  'root-cause-found',
  'workaround-delivered',
  'resolved',
  'status-update',
] as const;
export type TicketEvent = (typeof TICKET_EVENTS)[number];

/** Why a clock may stand still; which of them pause is data of the agreement. */
export const PAUSE_REASONS = [
  'force-majeure',
  'announced-maintenance',
  'customer-act',
  'customer-request',
  'key-user-unreachable',
  'third-party-software',
  'new-fix-needed',
  'no-access',
  'customer-software',
  'incomplete-request',
  'waiting-customer',
  'customer-infrastructure',
  'internet',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export interface FactsTicket {
  id: string;
  kind: TicketKind;
  /** Required but for questions; the last level decides the targets. */
  severity?: FactsSeverity;
  events: { at: string; event: TicketEvent }[];
  pauses?: { from: string; to?: string; reason: PauseReason }[];
}

export interface Facts {
  /** The id of a shipped agreement, or a path to an agreement file. */
  agreement: string;
  component: string;
  period: FactsPeriod;
  /** The moment of the statement; default: the end of the period. */
  asOf?: string;
  /** A statement for one customer; absent: the public figure. */
  customer?: string;
  /** Readings other than the default, by id. */
  readings?: Record<string, string>;
  outages?: FactsOutage[];
  maintenances?: FactsMaintenance[];
  /** Nobody measured: the probes were off or could not tell. */
  unmeasured?: FactsInterval[];
  tickets?: FactsTicket[];
  /** In the calendar year, for compensation. */
  feesPaid?: { amount: string; currency: string };
  /** Of the key screens, measured at the supplier's side. */
  responseTimesMs?: number[];
}
