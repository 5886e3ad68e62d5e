import type { Config } from '@upheld/config/schema.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { revisionReader } from '@upheld/services/revision.ts';
import type { ProductContext } from '../http/env.ts';

/** As long as no fact changes, a text only ages by what leaves its window of time. */
const OLDEST_MS = 600_000;

interface Kept {
  text: Promise<string>;
  revision: number;
  config: Config;
  until: Instant;
}

/**
 * Makes a text at most once for each change of a recorded fact or of the configuration, whoever many ask
 * for it. Keys must be of a bounded number: those of things that exist.
 */
export function revisionCache(
  ctx: ProductContext,
): (key: string, make: () => Promise<string>) => Promise<string> {
  const revision = revisionReader(ctx.db.read);
  const kept = new Map<string, Kept>();
  return async (key, make) => {
    const current = await revision();
    const config = ctx.config();
    const now = ctx.clock.now();
    const known = kept.get(key);
    if (known?.revision === current && known.config === config && now < known.until)
      return known.text;
    const text = make();
    kept.set(key, { text, revision: current, config, until: now + OLDEST_MS });
    text.catch(() => kept.delete(key));
    return text;
  };
}
