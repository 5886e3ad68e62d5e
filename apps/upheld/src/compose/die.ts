import type { Logger } from '@upheld/domain/ports.ts';
import { unexpected } from '../failure.ts';
import { EXIT } from '../io.ts';

/**
 * Ends the process, with one line, at whatever nobody caught: half a product that looks alive is
 * worse than none, and one that is gone is started again.
 */
export function dieOnTheUnexpected(log: Logger): void {
  const die = (error: unknown): never => {
    log.error({ error }, unexpected(error));
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
