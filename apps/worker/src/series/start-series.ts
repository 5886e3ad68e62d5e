import type { Context } from '@upheld/services/context.ts';
import { announceOccurrences } from '@upheld/services/maintenance/announce-occurrences.ts';

export interface SeriesLoop {
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

/** Between two looks: a contract counts its notice in hours, and a series is started by another process too. */
const LOOK_EVERY_MS = 30_000;

/** Announces the occurrences of recurring maintenance at their moments, until it is stopped. */
export function startSeries(
  ctx: Context,
  { onAnnounced }: { onAnnounced: () => void },
): SeriesLoop {
  const stopped = new AbortController();
  const ended = run(ctx, onAnnounced, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

async function run(ctx: Context, onAnnounced: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const announced = await announceOccurrences(ctx);
      if (announced.length > 0) onAnnounced();
    } catch (error) {
      ctx.log.error({ error }, 'recurring maintenance could not be announced; trying again');
    }
    await ctx.clock.sleep(LOOK_EVERY_MS, signal);
  }
}
