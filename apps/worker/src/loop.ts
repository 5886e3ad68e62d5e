import type { Context } from '@upheld/services/context.ts';

/** Something that one process does again and again. */
export interface Loop {
  /** Something may have happened: the next turn begins now. */
  wake(): void;
  /** Finishes the turn that is under way, and resolves when nothing is. */
  stop(): Promise<void>;
}

interface Turns {
  /** Between two turns, in milliseconds. */
  everyMs: number;
  /** One turn; how long it may be until the next, when that is sooner. Rejections are logged and it goes on. */
  turn: () => Promise<number | undefined>;
  /** What cannot be done while turns fail, for the log; said once for a row of failures. */
  failing: string;
}

/** Takes turns until it is stopped; the first begins at once. */
export function startLoop(
  { clock, log }: Pick<Context, 'clock' | 'log'>,
  { everyMs, turn, failing }: Turns,
): Loop {
  const stopped = new AbortController();
  let nap = new AbortController();
  let isFailing = false;

  const taken = async (): Promise<number | undefined> => {
    try {
      const soonest = await turn();
      isFailing = false;
      return soonest;
    } catch (error) {
      if (!isFailing) log.error({ error }, `${failing}; trying again`);
      isFailing = true;
      return undefined;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      nap = new AbortController();
      const soonest = await taken();
      const rest = Math.max(0, Math.min(everyMs, soonest ?? everyMs));
      if (!nap.signal.aborted) await clock.sleep(rest, nap.signal);
    }
  };
  const ended = run();
  return {
    wake: () => nap.abort(),
    async stop() {
      stopped.abort();
      nap.abort();
      await ended;
    },
  };
}
