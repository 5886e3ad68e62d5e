import type { Context } from '@upheld/services/context.ts';
import { startLoop, type Loop } from '../loop.ts';

const LOOK_EVERY_MS = 2000;

/**
 * Takes in the versions of agreements that other processes adopt or withdraw, every two seconds until it is
 * stopped. A version begins on a day to come, so nothing is judged by the wrong one in between.
 */
export function startAgreements(ctx: Context): Loop {
  return startLoop(ctx, {
    everyMs: LOOK_EVERY_MS,
    failing: 'versions of agreements cannot be read',
    async turn() {
      if (await ctx.shelf.refresh()) ctx.log.info({}, 'versions of agreements have changed');
      return undefined;
    },
  });
}
