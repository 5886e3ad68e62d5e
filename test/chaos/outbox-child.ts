import type { Config } from '@upheld/config/schema.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { startOutbox } from '@upheld/worker/outbox/start-outbox.ts';
import { fastClock, type FastTime } from '@upheld/testkit/fast-clock.ts';
import { outbox } from '../../apps/worker/test/tell.ts';

/** What a delivering process is told to do, as JSON in its first argument. */
export interface Orders {
  file: string;
  config: Config;
  time: FastTime;
  /** Ends as SIGKILL ends a process, at so many times this step; null: when everything is delivered. */
  dieAt: { step: string; times: number } | null;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const db = await openDatabase({ kind: 'sqlite', file: orders.file });
const clock = fastClock(orders.time);
const ctx = { ...testContext(db, { config: orders.config }), clock };
let times = 0;
const loop = startOutbox(ctx, {
  workerId: `process-${process.pid}`,
  notifiers: createNotifiers(orders.config),
  alone: true,
  onStep(step) {
    if (step !== orders.dieAt?.step) return;
    times += 1;
    if (times === orders.dieAt.times) process.kill(process.pid, 'SIGKILL');
  },
});
while ((await outbox(ctx)).some(({ settledAt }) => settledAt === null)) {
  await loop.quiet();
  await clock.sleep(5000);
}
await loop.stop();
await db.close();
