import type { Context } from '@upheld/services/context.ts';
import { keepAccounts } from '@upheld/services/account/housekeeping.ts';
import { startLoop, type Loop } from '../loop.ts';

const LOOK_EVERY_MS = 3_600_000;

/** Blocks accounts that lie unused and forgets what has run out, every hour until it is stopped. */
export function startAccounts(ctx: Context): Loop {
  return startLoop(ctx, {
    everyMs: LOOK_EVERY_MS,
    failing: 'accounts cannot be looked after',
    async turn() {
      await keepAccounts(ctx);
      return undefined;
    },
  });
}
