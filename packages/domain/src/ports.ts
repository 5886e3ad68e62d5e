/** The real seams of the product: whatever differs between production and a test, and nothing else. */

/** An instant as epoch milliseconds, UTC. */
export type Instant = number;

/** The only source of time. A use-case reads it once and passes the instant on. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once when the signal aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Makes sortable, unguessable-enough identifiers (UUIDv7) and secrets (base64url of random bytes). */
export interface Ids {
  next(): string;
  secret(bytes: number): string;
  /** A uniformly random whole number of exactly `digits` decimal digits, as text. */
  code(digits: number): string;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
