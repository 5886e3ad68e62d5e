import type { Context } from '@upheld/services/context.ts';
import { sendReminders } from '@upheld/services/reminder/send-reminders.ts';
import { startLoop, type Loop } from '../loop.ts';

/** What is announced, moved or finished meanwhile, also by other processes, is seen after so long. */
const LOOK_EVERY_MS = 15_000;

/** Reminds subscribers at the moments of maintenance, until it is stopped. */
export function startReminders(
  ctx: Context,
  { onWritten = () => undefined }: { onWritten?: () => void } = {},
): Loop {
  return startLoop(ctx, {
    everyMs: LOOK_EVERY_MS,
    failing: 'reminders cannot be written',
    async turn() {
      const { written, nextAt } = await sendReminders(ctx);
      if (written > 0) {
        ctx.log.info({ written }, 'subscribers are reminded of maintenance');
        onWritten();
      }
      return nextAt === null ? undefined : nextAt - ctx.clock.now();
    },
  });
}
