import type { Instant } from '@upheld/domain/ports.ts';
import type { Recorder } from '@upheld/services/check/recorder.ts';
import type { Context } from '@upheld/services/context.ts';

const RETRY_MS = 1000;

/** Stores what the recorder decided, one transaction at a time, and again when the database did not take it. */
export interface Keeper {
  /** There is something to store. */
  store(): void;
  /** Stores, and then says that everything before `until` was measured. */
  beat(until: Instant): void;
  /** Does something between two transactions. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing waits to be stored; what the database refuses now is left to the next try. */
  settled(): Promise<void>;
  /** Stores everything for the last time; what the database does not take now is lost, and said so. */
  close(): Promise<void>;
}

export function createKeeper(
  ctx: Context,
  recorder: Recorder,
  { onRecorded, signal }: { onRecorded: () => void; signal: AbortSignal },
): Keeper {
  let tail: Promise<unknown> = Promise.resolve();
  let storing = false;
  let failing = false;

  const flush = async (): Promise<void> => {
    storing = false;
    if (await recorder.flush()) onRecorded();
  };
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      if (failing) ctx.log.info({}, 'the database takes results again');
      failing = false;
    } catch (error) {
      // What was decided is still in memory, in order: nothing is lost unless the process dies too.
      if (!failing) ctx.log.error({ error }, 'results cannot be stored; trying again');
      failing = true;
      if (!signal.aborted) void ctx.clock.sleep(RETRY_MS, signal).then(store);
    }
  };
  const store = (): void => {
    if (storing) return;
    storing = true;
    tail = tail.then(() => guarded(flush));
  };

  const settled = async (): Promise<void> => {
    for (let seen: unknown; seen !== tail; await tail) seen = tail;
  };

  return {
    store,
    beat(until) {
      tail = tail.then(() =>
        guarded(async () => {
          await flush();
          if (await recorder.beat(until)) onRecorded();
        }),
      );
    },
    between(work) {
      const turn = tail.then(work);
      // Who asked for the work hears of its failure; what follows only waits for its end.
      tail = turn.catch(() => undefined);
      return turn;
    },
    settled,
    async close() {
      await settled();
      try {
        await flush();
        await recorder.close();
      } catch (error) {
        ctx.log.error({ error }, 'the last results could not be stored');
      }
    },
  };
}
