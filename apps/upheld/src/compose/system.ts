import type { Clock, Ids } from '@upheld/domain/ports.ts';
import { randomBytes, randomInt } from 'node:crypto';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      let left = ms;
      while (left > 0 && signal?.aborted !== true) {
        await timer(Math.min(left, LONGEST_TIMER_MS), signal);
        left -= LONGEST_TIMER_MS;
      }
    },
  };
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(pending);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const pending = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/**
 * UUIDv7 (RFC 9562) and secrets from the system's random source. Ids of one process only grow, also
 * within a millisecond and when the clock is set back.
 */
export function systemIds(clock: Pick<Clock, 'now'>): Ids {
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        counter = randomInt(0x800);
      } else if ((counter += 1) > 0xfff) {
        lastMs += 1;
        counter = 0;
      }
      return uuidV7(lastMs, counter);
    },
    secret: (bytes) => randomBytes(bytes).toString('base64url'),
    code: (digits) => String(randomInt(10 ** digits)).padStart(digits, '0'),
  };
}

function uuidV7(ms: number, counter: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
