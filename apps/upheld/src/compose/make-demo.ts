import type { Environment } from '@upheld/config/environment.ts';
import { holdMeasuring } from '@upheld/db/hold.ts';
import { addSubscriber } from '@upheld/services/subscriber/subscribers.ts';
import { subscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { subscriberToken } from '@upheld/services/subscriber/token.ts';
import { instanceSecret } from '@upheld/services/secret.ts';
import type { Context } from '@upheld/services/context.ts';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { planHistory } from '../demo/plan-history.ts';
import { playHistory } from '../demo/play-history.ts';
import { alreadyRuns } from './control.ts';
import type { Logging } from './logging.ts';
import { systemIds } from './system.ts';
import { databaseAddress, openWorkspace } from './workspace.ts';

const OPERATOR = { name: 'demo' };

/**
 * Makes the data of the demo anew, in a folder of its own: a year of history and two subscribers who
 * have confirmed. Throws DomainError('conflict') while another demo runs on it.
 */
export async function makeDemo(
  environment: Environment,
  config: string,
  logging: Logging,
): Promise<void> {
  const address = databaseAddress(environment);
  const hold = await holdMeasuring(address, () => undefined);
  if (!hold) throw alreadyRuns(environment.dataDir);
  try {
    mkdirSync(dirname(environment.configPath), { recursive: true });
    writeFileSync(environment.configPath, config);
    if (address.kind === 'sqlite')
      for (const end of ['', '-wal', '-shm']) rmSync(`${address.file}${end}`, { force: true });
    const workspace = await openWorkspace(environment, logging);
    try {
      const { ctx } = workspace;
      const now = Math.floor(ctx.clock.now() / 1000) * 1000;
      await playHistory(ctx, systemIds, planHistory(now), now);
      await subscribe(ctx, 'email', 'praktijk@voorbeeld.example');
      await subscribe(ctx, 'sms', '+31612345678');
    } finally {
      await workspace.close();
    }
  } finally {
    await hold.release();
  }
}

async function subscribe(ctx: Context, channel: 'email' | 'sms', address: string): Promise<void> {
  const added = await addSubscriber(ctx, OPERATOR, { channel, address });
  const secret = await instanceSecret(ctx.db, ctx.ids);
  await subscriptionDesk(ctx).confirm(subscriberToken(secret, added));
}
