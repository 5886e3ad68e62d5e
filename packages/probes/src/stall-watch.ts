/** Knows when this process could not run: what was late then is our own fault. */
export interface StallWatch {
  /** How many milliseconds since `start` (of performance.now) the event loop stood still. */
  lagSince(start: number): number;
  stop(): void;
}

const TICK_MS = 100;
/** Later than this is more than the jitter of timers. */
const NOTICEABLE_MS = 50;
const REMEMBERED_MS = 10 * 60_000;

/** Watches the event loop with a timer that does nothing but come too late. */
export function watchStalls(): StallWatch {
  const stalls: { until: number; lag: number }[] = [];
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    const lag = now - last - TICK_MS;
    if (lag > NOTICEABLE_MS) {
      stalls.push({ until: now, lag });
      while (stalls[0] && stalls[0].until < now - REMEMBERED_MS) stalls.shift();
    }
    last = now;
  };
  const timer = setInterval(look, TICK_MS).unref();
  return {
    lagSince(start) {
      let lag = 0;
      for (let index = stalls.length - 1; index >= 0; index -= 1) {
        const stall = stalls[index];
        if (!stall || stall.until <= start) break;
        lag += Math.min(stall.lag, stall.until - start);
      }
      // A stall that has just ended may be noticed here before the timer runs.
      const open = performance.now() - Math.max(last, start) - TICK_MS;
      return open > NOTICEABLE_MS ? lag + open : lag;
    },
    stop: () => clearInterval(timer),
  };
}
