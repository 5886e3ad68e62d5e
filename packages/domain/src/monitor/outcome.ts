import type { Instant } from '../ports.ts';

/** Why a check failed: the product's fault, as far as the probe can tell. */
export const FAILURE_CAUSES = [
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'tls',
  'protocol',
  'status',
  'assertion',
  'redirect',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** Why a check says nothing about the product: our own fault. Never a customer's downtime. */
export const INCONCLUSIVE_CAUSES = [
  'address-not-allowed',
  'no-route',
  'no-resolver',
  'overloaded',
  'stopped',
  'internal',
] as const;
export type InconclusiveCause = (typeof INCONCLUSIVE_CAUSES)[number];

/** What proves an outcome: kept for every transition, never for steady successes. */
export interface Evidence {
  status?: number;
  latencyMs?: number;
  address?: string;
  message?: string;
  /** At most 512 bytes, without what looks like a secret; only of a check that failed. */
  bodyStart?: string;
  /** How the time was spent, as far as the check came; only of a check that failed or was slow. */
  phases?: { lookupMs?: number; connectMs?: number; tlsMs?: number; firstByteMs?: number };
  /** Only of a check that failed. */
  tls?: { protocol?: string; certificateUntil?: Instant };
}

export type ProbeOutcome =
  | { kind: 'ok'; evidence: Evidence }
  | { kind: 'degraded'; cause: 'slow'; evidence: Evidence }
  | { kind: 'failed'; cause: FailureCause; evidence: Evidence }
  | { kind: 'inconclusive'; cause: InconclusiveCause; evidence: Evidence };

/** One check of one monitor. `at` is when it began; `dueAt` when the schedule wanted it. */
export interface CheckResult {
  monitorId: string;
  dueAt: Instant;
  at: Instant;
  outcome: ProbeOutcome;
}
