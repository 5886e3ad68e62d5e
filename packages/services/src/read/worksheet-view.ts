import type { ReadAs } from '@upheld/domain/correction/correction.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { MaintenanceKind } from '@upheld/domain/maintenance/maintenance.ts';
import type { GapReason } from '@upheld/domain/monitor/state.ts';
import type { FactsInterval } from '@upheld/domain/sla/facts.ts';
import type { LeadingFigures } from '@upheld/domain/sla/leading.ts';
import type { MaintenanceVerdict, Statement } from '@upheld/domain/sla/statement-types.ts';
import type {
  WorksheetAlternative,
  WorksheetPart,
  WorksheetReason,
  WorksheetRow,
} from '@upheld/domain/sla/worksheet.ts';
import type { Localised } from '@upheld/domain/text.ts';
import type { WorksheetCompared, WorksheetCorrection } from './worksheet-corrections.ts';

/*
 * How a figure came about, for people and for programs alike. Instants are texts in UTC and durations
 * whole seconds, as in the statement that it explains.
 */

export interface WorksheetView {
  component: { id: string; name: Localised };
  agreement: WorksheetAgreement;
  /** Every agreement of the component, the leading one first. */
  agreements: readonly { id: string; name: string }[];
  /** The period in one word, as the address of a request carries it. */
  period: string;
  /** Which truth the statement and everything in it is of. */
  as: ReadAs;
  /** The figures of both; empty where nobody corrected anything in them. */
  compared: readonly WorksheetCompared[];
  /** What was put right afterwards, in order; those that no longer hold among them. */
  corrections: readonly WorksheetCorrection[];
  /** Where the period is closed: the revision that is published, and those before it. */
  closed: WorksheetClosed | null;
  /** When measuring began, when that is after the period began. */
  measuredSince: string | null;
  /** Figures of other sources that lead, where the agreement says so. */
  leading: readonly LeadingFigures[];
  statement: Statement;
  /** In the order of the statement's figures. */
  parts: readonly WorksheetPartView[];
  readings: readonly WorksheetReading[];
  /** The evidence of the outages in the period, in order of their start. */
  outages: readonly OutageEvidence[];
  /**
   * What the agreement makes of every maintenance that touches the period, and of those in the same month that
   * are counted with one of them.
   */
  maintenances: readonly MaintenanceEvidence[];
}

/** A period that was closed: its figure is frozen. By whom is not public. */
export interface WorksheetClosed extends WorksheetRevision {
  /** Every one of them, the first one first. */
  revisions: readonly WorksheetRevision[];
  /** Whether what is recorded now would give another statement. */
  changedSince: boolean;
}

export interface WorksheetRevision {
  revision: number;
  closedAt: string;
  /** SHA-256 of its document. */
  hash: string;
  /** Why there is a revision after the first one. */
  reason: string | null;
}

export interface WorksheetAgreement {
  id: string;
  name: string;
  /** The document that it puts into data, and which version of it. */
  source: string;
  version: string;
  /** Of its days, months and periods. */
  zone: string;
  /** The contract year that goes on and the one before it; empty where no start of the contract is known. */
  contractYears: readonly { period: string; from: string }[];
}

export interface WorksheetPartView extends Omit<WorksheetPart, 'rows'> {
  /** What is left of the norm in words; null where there is no norm. */
  budget: Localised | null;
  rows: readonly WorksheetRowView[];
}

export interface WorksheetRowView extends FactsInterval {
  bucket: WorksheetRow['bucket'];
  seconds: number;
  /** The whole stretch, of which this is what lies in the part of time. */
  stretch: FactsInterval;
  reasons: readonly WorksheetReasonView[];
}

export interface WorksheetReasonView extends WorksheetReason {
  /** The rule that decided, in words. */
  rule: Localised;
  /** Why nobody measured; only where nobody did. */
  gaps?: readonly WorksheetGap[];
}

/** `not-yet`: measuring had not begun. `silent`: no measuring process gave a sign of life. */
export type WorksheetGap = GapReason | 'not-yet' | 'silent';

export interface OutageEvidence extends Omit<FactsInterval, 'to'> {
  /** As in the facts. */
  id: string;
  /** Null while it goes on. */
  to: string | null;
  cause: Cause;
  incident: { id: string; title: Localised };
  /** Whether checks found it, and not people. */
  detected: boolean;
  /** The check that found it; null where people did. */
  found: CheckEvidence | null;
  /** The check that found it over. */
  mended: CheckEvidence | null;
}

/** What one check proved, without what it tells of the network inside. */
export interface CheckEvidence {
  at: string;
  /** When it was recorded, which is after it was confirmed. */
  noticedAt: string;
  cause: string | null;
  /** Of HTTP. */
  status: number | null;
  latencyMs: number | null;
}

export interface MaintenanceEvidence {
  id: string;
  title: Localised;
  kind: MaintenanceKind;
  /** In the order in which they were made. */
  announcements: readonly (FactsInterval & { at: string })[];
  cancelledAt: string | null;
  work: { from: string; to: string | null } | null;
  verdict: MaintenanceVerdict;
  verdictWords: Localised;
  clause: string;
  /** Whether it only uses a turn of a month that the period has a part of. */
  outsidePeriod: boolean;
  lastValidAnnouncement: string | null;
  qualifyingSeconds: number;
}

export interface WorksheetReading {
  id: string;
  question: Localised;
  clause: string;
  option: string;
  /** The option in words, where the agreement has some. */
  means: Localised | null;
  /** Other options under which a verdict differs. */
  alternatives: readonly WorksheetOther[];
}

export interface WorksheetOther extends Omit<WorksheetAlternative, 'reading' | 'maintenances'> {
  option: string;
  means: Localised | null;
  maintenances: readonly { id: string; verdict: MaintenanceVerdict; words: Localised }[];
}
