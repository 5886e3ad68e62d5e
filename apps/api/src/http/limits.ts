import { DomainError } from '@upheld/domain/errors.ts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A client did something more often than it may. */
export class TooManyRequests extends DomainError {
  readonly retryAfterSeconds: number;
  constructor(state: RateLimiterRes) {
    super('too-many-requests', 'too many requests came from this address; try again later');
    this.retryAfterSeconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  }
}

/** Counts what one client does, in the memory of this process. */
export interface Limit {
  /** Counts one; throws TooManyRequests where that is one too many. */
  take(client: string): Promise<void>;
  /** Throws TooManyRequests where nothing is left; counts nothing. */
  check(client: string): Promise<void>;
}

/** At most `points` in `seconds`, for each client apart. */
export function limit(points: number, seconds: number): Limit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    async take(client) {
      try {
        await limiter.consume(client);
      } catch (refused) {
        throw refused instanceof RateLimiterRes ? new TooManyRequests(refused) : refused;
      }
    },
    async check(client) {
      const state = await limiter.get(client);
      if (state !== null && state.consumedPoints >= points) throw new TooManyRequests(state);
    },
  };
}

/** The limits of the API. Numbers are per client; see `clientAddress`. */
export function apiLimits() {
  return {
    /** Guesses at a token that were wrong. */
    failedTokens: limit(20, 300),
    subscribeByEmail: limit(20, 3600),
    /** Statuspage's own figure: a text message costs money. */
    subscribeBySms: limit(10, 4 * 3600),
    /** Codes and tokens tried; the desk limits the tries of one code by itself. */
    confirm: limit(60, 900),
  };
}

export type ApiLimits = ReturnType<typeof apiLimits>;
