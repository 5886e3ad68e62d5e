import type { Context } from '@upheld/services/context.ts';
import { announceOccurrences } from '@upheld/services/maintenance/announce-occurrences.ts';
import { startLoop, type Loop } from '../loop.ts';

/** Between two looks: a contract counts its notice in hours, and a series is started by another process too. */
const LOOK_EVERY_MS = 30_000;

/** Announces the occurrences of recurring maintenance at their moments, until it is stopped. */
export function startSeries(ctx: Context, { onAnnounced }: { onAnnounced: () => void }): Loop {
  return startLoop(ctx, {
    everyMs: LOOK_EVERY_MS,
    failing: 'recurring maintenance cannot be announced',
    async turn() {
      const announced = await announceOccurrences(ctx);
      if (announced.length > 0) onAnnounced();
      return undefined;
    },
  });
}
