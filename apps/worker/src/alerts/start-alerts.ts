import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import type { Context } from '@upheld/services/context.ts';

export interface AlertsLoop {
  /** Something may have happened: looks now instead of at the next turn. */
  wake(): void;
  /** Finishes the turn that is under way. */
  stop(): Promise<void>;
}

/** Between two looks. An alert is raised by what is recorded, whoever recorded it. */
const POLL_MS = 2000;
/** Duties come due by the minute, and working them out reads every open ticket. */
const DUTIES_EVERY_MS = 30_000;

/** Raises alerts and calls one person after the other until somebody acknowledges. */
export function startAlerts(ctx: Context, options: { onCall?: () => void } = {}): AlertsLoop {
  const stopped = new AbortController();
  let nap = new AbortController();
  let dutiesAt = -Infinity;
  const turn = async (): Promise<void> => {
    if (!ctx.config().onCall) return;
    const now = ctx.clock.now();
    const duties = now - dutiesAt >= DUTIES_EVERY_MS || now < dutiesAt;
    if (duties) dutiesAt = now;
    await reviewAlerts(ctx, { duties });
    if ((await escalate(ctx)) > 0) options.onCall?.();
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      nap = new AbortController();
      try {
        await turn();
      } catch (error) {
        ctx.log.error({ error }, 'alerts cannot be looked after; trying again');
      }
      if (!nap.signal.aborted) await ctx.clock.sleep(POLL_MS, nap.signal);
    }
  };
  const ended = run();
  return {
    wake: () => nap.abort(),
    async stop() {
      stopped.abort();
      nap.abort();
      await ended;
    },
  };
}
