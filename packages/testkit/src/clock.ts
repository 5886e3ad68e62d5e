import type { Clock, Instant } from '@upheld/domain/ports.ts';

export interface ControlledClock extends Clock {
  /** Moves time on and wakes, in order, every sleeper whose moment has come. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock without waking anyone: what a step of NTP looks like. */
  set(now: Instant): void;
  /** How many are asleep now. */
  readonly sleepers: number;
}

interface Sleeper {
  at: Instant;
  wake: () => void;
}

/** A clock that stands still until a test moves it. Starts at 2026-11-21T09:00:00Z unless told. */
export function controlledClock(start: Instant = Date.UTC(2026, 10, 21, 9)): ControlledClock {
  let now = start;
  const asleep = new Set<Sleeper>();

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: now + ms,
          wake() {
            asleep.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        signal?.addEventListener('abort', sleeper.wake);
        asleep.add(sleeper);
      });
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...asleep].filter((s) => s.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        next.wake();
        // Lets the woken run as far as they get without time: they may fall asleep again before `until`.
        await settle();
      }
      now = until;
      await settle();
    },
    set(value) {
      now = value;
    },
    get sleepers() {
      return asleep.size;
    },
  };
}

/** Lets everything that needs no time and no network run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
