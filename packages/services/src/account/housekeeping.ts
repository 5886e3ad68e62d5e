import type { Context } from '../context.ts';
import { blockUnused } from './idle.ts';
import { forgetDevices } from './devices.ts';
import { forgetExpired } from './sessions.ts';
import { forgetTries } from './tries.ts';

/** What has to be done for accounts now and then, in whichever process: once an hour is enough. */
export async function keepAccounts(
  ctx: Pick<Context, 'db' | 'clock' | 'config' | 'log'>,
): Promise<void> {
  const now = ctx.clock.now();
  for (const { id } of await blockUnused(ctx))
    ctx.log.warn({ person: id }, 'an account lay unused and is blocked');
  await ctx.db.transact(async (h) => {
    await forgetExpired(h, now);
    await forgetDevices(h, now);
    await forgetTries(h, now);
  });
}
