import type { Instant } from '@upheld/domain/ports.ts';
import type { SiteContext } from '../site-context.ts';
import { gather, within } from './gather.ts';

const ASK_AGAIN_MS = 1000;

/**
 * Gives the way to ask for the current revision; null where the database does not say within
 * `patienceMs`. After that it is left alone for a second, so that visitors do not wait for it in turn.
 */
export function watchRevision(
  upheld: SiteContext,
  patienceMs: number,
): () => Promise<number | null> {
  const ask = async (): Promise<number> => upheld.revision();
  const latest = gather(() => within(patienceMs, ask(), 'reading the revision'));
  let failedAt: Instant | null = null;
  return async () => {
    if (failedAt !== null && upheld.now() < failedAt + ASK_AGAIN_MS) return null;
    try {
      const revision = await latest();
      if (failedAt !== null) upheld.log.info({}, 'the database answers again; pages are current');
      failedAt = null;
      return revision;
    } catch (error) {
      if (failedAt === null)
        upheld.log.error({ error }, 'the database does not answer; showing the last good pages');
      failedAt = upheld.now();
      return null;
    }
  };
}
