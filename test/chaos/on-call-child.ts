import type { Config } from '@upheld/config/schema.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { createGuard } from '@upheld/probes/guard/guard.ts';
import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { fastClock, type FastTime } from '@upheld/testkit/fast-clock.ts';
import { startAlerts } from '@upheld/worker/alerts/start-alerts.ts';
import { startOutbox } from '@upheld/worker/outbox/start-outbox.ts';
import { outbox } from '../../apps/worker/test/tell.ts';

/** What a calling process is told to do, as JSON in its first argument. */
export interface Orders {
  file: string;
  config: Config;
  time: FastTime;
  /** Ends as SIGKILL ends a process, at this step; null: when nobody is left to call. */
  dieAt: string | null;
  /** Makes the ids of one process other than those of another. */
  prefix: string;
}

const orders = JSON.parse(process.argv[2] ?? '') as Orders;
const db = await openDatabase({ kind: 'sqlite', file: orders.file });
const clock = fastClock(orders.time);
const ctx = { ...testContext(db, { config: orders.config, idPrefix: orders.prefix }), clock };
const die = (step: string): void => {
  if (step === orders.dieAt) process.kill(process.pid, 'SIGKILL');
};
const calls = startOutbox(ctx, {
  workerId: `process-${process.pid}`,
  notifiers: createNotifiers(orders.config, createGuard(orders.config.probing.allow)),
  alone: true,
  onStep: die,
});
const alerts = startAlerts(ctx, {
  onCall() {
    die('called');
    calls.wake();
  },
});
const isOver = async (): Promise<boolean> => {
  const [alert] = await listAlerts(ctx);
  const rows = await outbox(ctx);
  return alert?.state === 'unanswered' && rows.every(({ settledAt }) => settledAt !== null);
};
while (!(await isOver())) await clock.sleep(5000);
await alerts.stop();
await calls.stop();
await db.close();
