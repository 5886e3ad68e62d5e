import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { createGuard } from '@upheld/probes/guard/guard.ts';
import { settle } from '@upheld/testkit/clock.ts';
import type { TestContext } from '@upheld/testkit/context.ts';
import { startAlerts } from '../src/alerts/start-alerts.ts';
import { startOutbox } from '../src/outbox/start-outbox.ts';

/** The loops that call people, over a clock that the test moves. */
export interface Calling {
  /** Moves time on by so many milliseconds, and waits until both loops sleep again. */
  move(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export function startCalling(ctx: TestContext): Calling {
  const outbox = startOutbox(ctx, {
    workerId: 'w1',
    notifiers: createNotifiers(ctx.config(), createGuard(ctx.config().probing.allow)),
    random: () => 0,
  });
  const alerts = startAlerts(ctx, { onCall: () => outbox.wake() });
  return {
    async move(ms) {
      ctx.clock.set(ctx.clock.now() + ms);
      alerts.wake();
      while (ctx.clock.sleepers < 2) await settle();
      await outbox.quiet();
      while (ctx.clock.sleepers < 2) await settle();
    },
    async stop() {
      await Promise.all([alerts.stop(), outbox.stop()]);
    },
  };
}
