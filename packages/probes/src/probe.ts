import type { ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';

/** A check that is ready to be made again and again. */
export interface PreparedProbe {
  /** Makes one check; never throws for what the target does. One at a time. */
  check(): Promise<ProbeOutcome>;
  /** Ends a check under way as inconclusive (`stopped`), and lets go of what was kept for the next. */
  stop(): void;
}
