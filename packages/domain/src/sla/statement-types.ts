/*
 * What a statement is made of. Instants are texts in UTC, percentages decimal texts cut to six
 * decimals, money decimal texts with two; durations are whole seconds.
 */

export const MAINTENANCE_VERDICTS = [
  'qualifies',
  'not-required',
  'late-notice',
  'over-cap',
  'unannounced',
  'emergency',
  'counts',
  'shown-apart',
  'cancelled',
] as const;
export type MaintenanceVerdict = (typeof MAINTENANCE_VERDICTS)[number];

export type AvailabilityVerdict = 'met' | 'missed' | 'not-proven' | 'no-norm' | 'no-data';

/** The buckets of a period, in the order in which a second is asked for them. */
export const BUCKETS = ['excluded', 'maintenance', 'down', 'degraded', 'unmeasured', 'up'] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface StatementAvailability {
  /** The name of the part of time: "all", or "office" and "outside-office". */
  part: string;
  /** Adds up to total. */
  seconds: Record<'total' | Bucket, number>;
  numeratorSeconds: number;
  denominatorSeconds: number;
  /** null where the denominator is 0. */
  percent: string | null;
  coveragePercent: string | null;
  /** All of the unmeasured time down. */
  lowestPercent: string | null;
  /** All of the unmeasured time up. */
  highestPercent: string | null;
  norm: string | null;
  verdict: AvailabilityVerdict;
  /** Down time still allowed in the whole period under the norm; may be negative. */
  budgetSeconds: number | null;
}

export interface StatementMaintenance {
  id: string;
  verdict: MaintenanceVerdict;
  /** The last moment at which the first announced window could have been announced in time. */
  lastValidAnnouncement: string | null;
  /** Before any cut to the period. */
  qualifyingSeconds: number;
  /** Of the last announced window. */
  outsidePreferredSeconds: number;
}

export interface StatementInterruptions {
  month: string;
  count: number;
  limit: number | null;
  verdict: 'met' | 'missed' | 'no-norm';
}

export const CLOCKS = ['response', 'recovery'] as const;
export type ClockName = (typeof CLOCKS)[number];
export type ClockVerdict = 'met' | 'missed' | 'running' | 'no-target';

export interface StatementClock {
  ticket: string;
  clock: ClockName;
  startedAt: string | null;
  dueAt: string | null;
  stoppedAt: string | null;
  /** In the clock's own calendar, pauses taken out; until stoppedAt, else asOf. */
  elapsedSeconds: number | null;
  /** In the clock's own calendar. */
  pausedSeconds: number;
  halfTimeUpdateDueAt: string | null;
  verdict: ClockVerdict;
}

export interface StatementAttainment {
  group: string;
  clock: ClockName;
  within: number;
  of: number;
  percent: string | null;
  norm: string;
  verdict: 'met' | 'missed' | 'no-data';
}

export interface StatementPerformance {
  limitMs: number;
  within: number;
  of: number;
  percent: string | null;
  p95Ms: number | null;
  maxMs: number | null;
}

export interface StatementCompensation {
  due: boolean;
  amount: string;
  currency: string;
  /** The amount before the floor of nothing, six decimals, cut toward zero. */
  formulaValue: string;
  flag: 'norm-missed-formula-not-positive' | null;
}

export interface Statement {
  agreement: string;
  component: string;
  customer?: string;
  period: { from: string; to: string };
  asOf: string;
  /** Every reading of the agreement with the option used. */
  readings: Record<string, string>;
  availability: StatementAvailability[];
  maintenances: StatementMaintenance[];
  interruptions: StatementInterruptions[];
  clocks: StatementClock[];
  attainment: StatementAttainment[];
  performance: StatementPerformance | null;
  compensation: StatementCompensation | null;
}
