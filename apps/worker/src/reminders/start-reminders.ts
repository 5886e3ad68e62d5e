import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '@upheld/services/context.ts';
import { sendReminders } from '@upheld/services/reminder/send-reminders.ts';

/** The reminding of one process. */
export interface RemindersLoop {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** What is announced, moved or finished meanwhile, also by other processes, is seen after so long. */
const LOOK_MS = 15_000;

/** Reminds subscribers at the moments of maintenance, until it is stopped. */
export function startReminders(
  ctx: Context,
  { onWritten = () => undefined }: { onWritten?: () => void } = {},
): RemindersLoop {
  const stopped = new AbortController();
  let failing = false;

  const round = async (): Promise<Instant | null> => {
    try {
      const { written, nextAt } = await sendReminders(ctx);
      if (written > 0) {
        ctx.log.info({ written }, 'subscribers are reminded of maintenance');
        onWritten();
      }
      failing = false;
      return nextAt;
    } catch (error) {
      if (!failing) ctx.log.error({ error }, 'reminders cannot be written; trying again');
      failing = true;
      return null;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const nextAt = await round();
      const until = nextAt === null ? Infinity : nextAt - ctx.clock.now();
      await ctx.clock.sleep(Math.max(0, Math.min(LOOK_MS, until)), stopped.signal);
    }
  };
  const ended = run();
  return {
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}
