import type { Clock } from '@upheld/domain/ports.ts';

/** One time for several processes, that runs `speed` times as fast as that of the world. */
export interface FastTime {
  /** What it was (epoch ms) when the world's clock stood at `at`. */
  was: number;
  at: number;
  speed: number;
}

/** A clock on such a time: what waits for minutes is over in seconds. */
export function fastClock({ was, at, speed }: FastTime): Clock {
  return {
    now: () => Math.floor(was + (Date.now() - at) * speed),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms / speed);
        signal?.addEventListener('abort', done);
        if (signal?.aborted === true) done();
      }),
  };
}
