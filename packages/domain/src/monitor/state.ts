/** What a monitor is known to be. `unknown` until the first conclusive check. */
export const MONITOR_STATES = ['unknown', 'up', 'degraded', 'down'] as const;
export type MonitorStateName = (typeof MONITOR_STATES)[number];

/** Why nobody measured. */
export const GAP_REASONS = ['not-running', 'inconclusive', 'paused', 'overloaded'] as const;
export type GapReason = (typeof GAP_REASONS)[number];
