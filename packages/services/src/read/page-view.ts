import type { CorrectionKind } from '@upheld/domain/correction/correction.ts';
import type { Cause, Impact, IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { MaintenanceKind, MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import type { DayState } from '@upheld/domain/page/days.ts';
import type { ComponentState, OverallState } from '@upheld/domain/page/states.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';

export { OVERALL_STATES, type OverallState } from '@upheld/domain/page/states.ts';

/** Everything a public page, the Statuspage API and the feeds show, read in one go. */
export interface PageView {
  /** Grows with every change of a recorded fact: caches are keyed by it. */
  revision: number;
  generatedAt: Instant;
  /** Until when the probes certainly measured; null before the first check. */
  dataAsOf: Instant | null;
  /** When the view changes by the clock alone: a window begins or ends, a day turns. */
  validUntil: Instant;
  page: {
    id: string;
    title: Localised;
    description: Localised | null;
    url: string;
    timezone: string;
  };
  organisation: { name: string; website: string | null; contact: string | null };
  overall: OverallState;
  groups: readonly GroupView[];
  /** Newest first. */
  openIncidents: readonly IncidentView[];
  /** In progress first, then by start. */
  maintenances: readonly MaintenanceView[];
  /** Resolved incidents and completed or cancelled maintenances of the last 15 days, newest first. */
  history: readonly (IncidentView | MaintenanceView)[];
  /** Which channels a visitor can subscribe by. */
  channels: { email: boolean; sms: boolean };
  /** True while the product monitors only itself because nobody configured it yet. */
  firstRun: boolean;
}

export interface GroupView {
  id: string;
  name: Localised;
  components: readonly ComponentView[];
}

export interface ComponentView {
  id: string;
  name: Localised;
  description: Localised | null;
  /** `unknown`: nobody measured it yet, or not lately. */
  state: ComponentState | 'unknown';
  createdAt: Instant;
  updatedAt: Instant;
  /** Ninety local days, oldest first; the last one is today. */
  days: readonly DayView[];
  /** One entry a part of the leading agreement's measure; empty where it has no availability. */
  availability: readonly AvailabilityView[];
}

export interface DayView {
  /** Local date, YYYY-MM-DD. */
  date: string;
  /** The worst of the day; `unmeasured` when no second of it was measured. */
  state: DayState;
  downSeconds: number;
  degradedSeconds: number;
  maintenanceSeconds: number;
  unmeasuredSeconds: number;
  incidents: readonly { id: string; title: Localised }[];
}

export interface AvailabilityView {
  agreement: string;
  /** The part of time: `all`, or a name of the agreement's own such as `office` and `outside-office`. */
  part: string;
  from: Instant;
  to: Instant;
  /** When measuring began, when that is after `from`. */
  measuredSince: Instant | null;
  /** Cut to six decimals; null when nothing counts. */
  percent: string | null;
  coveragePercent: string | null;
  lowestPercent: string | null;
  highestPercent: string | null;
  norm: string | null;
  verdict: 'met' | 'missed' | 'not-proven' | 'no-norm' | 'no-data';
  downSeconds: number;
  budgetSeconds: number | null;
  /** As it was before somebody corrected it; null where no correction changes this figure. */
  recorded: { percent: string | null; downSeconds: number } | null;
}

export interface IncidentView {
  type: 'incident';
  id: string;
  title: Localised;
  status: IncidentStatus;
  impact: Impact;
  startedAt: Instant;
  noticedAt: Instant;
  resolvedAt: Instant | null;
  updatedAt: Instant;
  /** Grows with every change; see `expectVersion`. */
  version: number;
  componentIds: readonly string[];
  /** The cause last given; null where nobody gave one. */
  cause: Cause | null;
  /** Newest first; those of the incidents that turned out to be part of it are among them. */
  updates: readonly { id: string; status: IncidentStatus; body: Localised; at: Instant }[];
  /** When somebody took it up; null: nobody yet. */
  acknowledgedAt: Instant | null;
  /** The incident that this one turned out to be part of. */
  mergedIntoId: string | null;
  /** The incident that this one was split off. */
  splitFromId: string | null;
  /** The postmortem as Markdown; null where none is published. */
  postmortem: { body: Localised; at: Instant } | null;
  /** What was put right of its outages afterwards and holds now, in order. */
  corrections: readonly { kind: CorrectionKind; componentId: string; at: Instant }[];
}

export interface MaintenanceView {
  type: 'maintenance';
  id: string;
  title: Localised;
  kind: MaintenanceKind;
  status: MaintenanceStatus;
  from: Instant;
  to: Instant;
  updatedAt: Instant;
  createdAt: Instant;
  cancelledAt: Instant | null;
  /** Grows with every change, not with the clock. */
  version: number;
  componentIds: readonly string[];
  /** Newest first; the text of each announcement. */
  announcements: readonly {
    id: string;
    body: Localised;
    at: Instant;
    from: Instant;
    to: Instant;
  }[];
}
