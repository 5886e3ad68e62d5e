import { Resolver } from 'node:dns/promises';

/** What a name is asked for, and its records as `node:dns` gives them; rejects with its errors. */
export type LookUp = (name: string, type: string) => Promise<string[] | string[][]>;

/** Looks up what says who may write in the name of a domain. */
export interface MailDns {
  /** How long one mail may take of it, in milliseconds. */
  withinMs: number;
  /** For one mail: whatever is still asked for when `signal` aborts is given up. */
  forOne(signal: AbortSignal): LookUp;
}

const TRY_MS = 1500;
/** A mail may name many signatures and an SPF record many others: more than this no honest one needs. */
const MOST_LOOKUPS = 60;

/** The name servers of this machine, or the given ones (`address:port`). */
export function createMailDns(
  options: { servers?: readonly string[]; withinMs?: number } = {},
): MailDns {
  const { servers, withinMs = 4000 } = options;
  return {
    withinMs,
    forOne(signal) {
      const resolver = new Resolver({ timeout: TRY_MS, tries: 2 });
      if (servers) resolver.setServers(servers);
      signal.addEventListener('abort', () => resolver.cancel(), { once: true });
      let asked = 0;
      return async (name, type) => {
        asked += 1;
        if (signal.aborted || asked > MOST_LOOKUPS)
          throw Object.assign(new Error(`${name} is not looked up any more`), { code: 'ETIMEOUT' });
        return (await resolver.resolve(name, type)) as string[] | string[][];
      };
    },
  };
}
