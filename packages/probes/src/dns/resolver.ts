import { lookup, type LookupAddress } from 'node:dns';

/** One name being looked up. */
export interface Lookup {
  /** Every address of the name; rejects with the system's error. */
  addresses: Promise<readonly LookupAddress[]>;
  /** False while it waits for a free thread of ours: whatever passes then is not the product's time. */
  started: boolean;
}

export interface Resolver {
  lookUp(hostname: string): Lookup;
}

type SystemLookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** getaddrinfo blocks one of libuv's four threads: one is left to the rest of the process. */
const MOST_AT_ONCE = 3;
/** A name that took so long waits behind the others, or a few dead names would hold every thread. */
const SLOW_MS = 1000;
const MOST_SLOW_AT_ONCE = 1;

interface Job extends Lookup {
  hostname: string;
  run(): Promise<void>;
}

/**
 * Looks names up as every program on this machine does (hosts file, search domains, getaddrinfo), with all
 * their addresses. Nothing is remembered: a check takes the whole way that a visitor takes.
 */
export function createResolver(system: SystemLookup = systemLookup): Resolver {
  const underWay = new Map<string, Job>();
  const waiting: Job[] = [];
  const slow = new Set<string>();
  let running = 0;
  let runningSlow = 0;

  const mayStart = ({ hostname }: Job): boolean =>
    !slow.has(hostname) || runningSlow < MOST_SLOW_AT_ONCE;

  const startNext = (): void => {
    while (running < MOST_AT_ONCE) {
      const index = waiting.findIndex(mayStart);
      const [job] = index < 0 ? [] : waiting.splice(index, 1);
      if (!job) return;
      void start(job);
    }
  };

  const start = async (job: Job): Promise<void> => {
    const wasSlow = slow.has(job.hostname);
    const began = performance.now();
    running += 1;
    if (wasSlow) runningSlow += 1;
    job.started = true;
    await job.run();
    running -= 1;
    if (wasSlow) runningSlow -= 1;
    underWay.delete(job.hostname);
    if (performance.now() - began > SLOW_MS) slow.add(job.hostname);
    else slow.delete(job.hostname);
    startNext();
  };

  return {
    lookUp(hostname) {
      let job = underWay.get(hostname);
      if (!job) {
        job = jobFor(hostname, system);
        underWay.set(hostname, job);
        waiting.push(job);
        startNext();
      }
      return job;
    },
  };
}

function jobFor(hostname: string, system: SystemLookup): Job {
  const found = Promise.withResolvers<readonly LookupAddress[]>();
  // Whoever asked may have given up by then.
  found.promise.catch(() => undefined);
  return {
    hostname,
    addresses: found.promise,
    started: false,
    run: () => system(hostname).then(found.resolve, found.reject),
  };
}

function systemLookup(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });
}
