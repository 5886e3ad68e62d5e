import type { Context } from '@upheld/services/context.ts';
import type { Instant } from '@upheld/domain/ports.ts';

/** How a command ends: it did what was asked, it could not, or what it was given is not usable. */
export const EXIT = { ok: 0, failed: 1, badInput: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command may touch of the world. A test gives one that keeps what was written. */
export interface Io {
  /** Writes to standard output; a line end is added where the text has none. */
  out(text: string): void;
  /** Writes to standard error; a line end is added where the text has none. */
  err(text: string): void;
  /** Standard input, whole, as UTF-8. */
  stdin(): Promise<string>;
  /** The folder that relative paths on the command line start from. */
  cwd: string;
  now(): Instant;
  /** Sets the exit status that the process ends with; 0 unless set. */
  exit(code: ExitCode): void;
  /**
   * Opens the configuration and the database, runs `work`, and closes them again. Throws
   * DomainError('invalid-input') with every fault of the configuration.
   */
  withContext<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
}
