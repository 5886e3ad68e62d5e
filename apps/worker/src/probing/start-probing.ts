import type { MonitorConfig } from '@upheld/config/schema.ts';
import type { PreparedProbe } from '@upheld/probes/probe.ts';
import { prepareProbe, probeEnvironment } from '@upheld/probes/registry.ts';
import { openRecorder } from '@upheld/services/check/recorder.ts';
import type { Context } from '@upheld/services/context.ts';
import { ProbingLoop } from './loop.ts';

/** The measuring of one process. */
export interface Probing {
  /** Applies a configuration that was swapped in; monitors that did not change go on as they were. */
  reload(): Promise<void>;
  /** Ends checks under way after a moment's patience and stores everything that was seen. */
  stop(): Promise<void>;
  /** Resolves when no check is under way and everything that was seen is stored. */
  idle(): Promise<void>;
}

export interface ProbingOptions {
  /** Of the row that `resumeMeasuring` made. */
  workerId: string;
  /** Called after something was stored that there may be messages about. */
  onRecorded?: () => void;
  /** How a monitor is checked; by default by its kind of probe. */
  prepare?: (monitor: MonitorConfig) => PreparedProbe;
}

/** Checks every configured monitor on its schedule until it is stopped. */
export function startProbing(ctx: Context, options: ProbingOptions): Probing {
  const environment = probeEnvironment(ctx.config().probing.allow);
  const starting = openRecorder(ctx, options.workerId).then((recorder) => {
    const loop = new ProbingLoop(ctx, recorder, {
      prepare: options.prepare ?? ((monitor) => prepareProbe(monitor, environment)),
      onRecorded: options.onRecorded ?? (() => undefined),
    });
    loop.start();
    return loop;
  });
  starting.catch((error: unknown) => ctx.log.error({ error }, 'probing could not be started'));
  return {
    async reload() {
      environment.allow(ctx.config().probing.allow);
      await (await starting).reload();
    },
    async stop() {
      await (await starting).stop();
      environment.stop();
    },
    async idle() {
      await (await starting).idle();
    },
  };
}
