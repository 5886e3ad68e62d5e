import type { Context } from '@upheld/services/context.ts';
import { keepAccounts } from '@upheld/services/account/housekeeping.ts';

export interface AccountLoop {
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 3_600_000;

/** Blocks accounts that lie unused and forgets what has run out, every hour until it is stopped. */
export function startAccounts(ctx: Context): AccountLoop {
  const stopped = new AbortController();
  const ended = run(ctx, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

async function run(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await keepAccounts(ctx);
    } catch (error) {
      ctx.log.error({ error }, 'accounts could not be looked after; trying again in an hour');
    }
    await ctx.clock.sleep(LOOK_EVERY_MS, signal);
  }
}
