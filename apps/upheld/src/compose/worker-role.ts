import type { Config } from '@upheld/config/schema.ts';
import type { Notifiers } from '@upheld/domain/notify/send.ts';
import { resumeMeasuring, stopMeasuring } from '@upheld/services/check/resume.ts';
import type { Context } from '@upheld/services/context.ts';
import { startAccounts } from '@upheld/worker/accounts/start-accounts.ts';
import { startAlerts } from '@upheld/worker/alerts/start-alerts.ts';
import { startOutbox } from '@upheld/worker/outbox/start-outbox.ts';
import { startProbing } from '@upheld/worker/probing/start-probing.ts';
import { startReminders } from '@upheld/worker/reminders/start-reminders.ts';
import { startSeries } from '@upheld/worker/series/start-series.ts';
import { isDeepStrictEqual } from 'node:util';

/** What measures and delivers. */
export interface WorkerRole {
  /** Applies a configuration that was swapped in. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Records the time in which nobody measured, then probes and delivers until it is stopped. */
export async function startWorkerRole(ctx: Context): Promise<WorkerRole> {
  const workerId = ctx.ids.next();
  await resumeMeasuring(ctx, workerId);
  let reach = reachOf(ctx.config());
  let notifiers = await notifiersFor(ctx.config());
  let outbox = startOutbox(ctx, { workerId, notifiers, alone: true });
  const probing = startProbing(ctx, { workerId, onRecorded: () => outbox.wake() });
  const reminders = startReminders(ctx, { onWritten: () => outbox.wake() });
  const series = startSeries(ctx, { onAnnounced: () => outbox.wake() });
  const alerts = startAlerts(ctx, { onCall: () => outbox.wake() });
  const accounts = startAccounts(ctx);
  return {
    async reload() {
      await probing.reload();
      alerts.wake();
      if (isDeepStrictEqual(reach, reachOf(ctx.config()))) return;
      reach = reachOf(ctx.config());
      await outbox.stop();
      notifiers = await notifiersFor(ctx.config());
      outbox = startOutbox(ctx, { workerId, notifiers, alone: true });
    },
    async stop() {
      await probing.stop();
      await reminders.stop();
      await series.stop();
      await alerts.stop();
      await accounts.stop();
      await stopMeasuring(ctx, workerId);
      await outbox.stop();
    },
  };
}

/** What the ways to reach people are made from. */
function reachOf({ channels, onCall, probing }: Config) {
  return { channels, onCall, allow: probing.allow };
}

/** Loaded only where a channel is configured: the first start has none, and is the faster for it. */
async function notifiersFor(config: Config): Promise<Notifiers> {
  const { channels, onCall, probing } = config;
  if (!channels.email && !channels.sms && !onCall) return {};
  const { createNotifiers } = await import('@upheld/notifiers/registry.ts');
  const { createGuard } = await import('@upheld/probes/guard/guard.ts');
  return createNotifiers(config, createGuard(probing.allow));
}
