import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import type { Context } from '@upheld/services/context.ts';
import { startLoop, type Loop } from '../loop.ts';

/** Between two looks. An alert is raised by what is recorded, whoever recorded it. */
const LOOK_EVERY_MS = 2000;
/** Duties come due by the minute, and working them out reads every open ticket. */
const DUTIES_EVERY_MS = 30_000;

/** Raises alerts and calls one person after the other until somebody acknowledges. */
export function startAlerts(ctx: Context, options: { onCall?: () => void } = {}): Loop {
  let dutiesAt = -Infinity;
  return startLoop(ctx, {
    everyMs: LOOK_EVERY_MS,
    failing: 'alerts cannot be looked after',
    async turn() {
      if (!ctx.config().onCall) return undefined;
      const now = ctx.clock.now();
      const duties = now - dutiesAt >= DUTIES_EVERY_MS || now < dutiesAt;
      if (duties) dutiesAt = now;
      await reviewAlerts(ctx, { duties });
      if ((await escalate(ctx)) > 0) options.onCall?.();
      return undefined;
    },
  });
}
