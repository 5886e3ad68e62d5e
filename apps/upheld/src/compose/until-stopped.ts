import type { Logger } from '@upheld/domain/ports.ts';
import { explainFailure } from '../failure.ts';
import { EXIT, type Io } from '../io.ts';
import type { Served } from './serve.ts';

/** A stop that takes longer than this is given up. */
const LONGEST_STOP_MS = 25_000;

/** Reloads on SIGHUP; resolves once the product is stopped, by a signal or because it cannot go on. */
export function untilStopped(
  served: Pick<Served, 'reload' | 'stop' | 'failed'>,
  io: Io,
  log: Logger,
): Promise<0 | 1> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (code: 0 | 1): void => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => {
        log.error({}, 'stopping took too long; leaving what was under way');
        process.exit(EXIT.failed);
      }, LONGEST_STOP_MS).unref();
      void served.stop().then(() => resolve(code));
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (!stopping) log.info({ signal }, 'stopping');
        stop(EXIT.ok);
      });
    process.on('SIGHUP', () => void served.reload());
    // Started by a launcher that is gone: nobody would stop us any more.
    process.on('disconnect', () => stop(EXIT.ok));
    process.channel?.unref();
    served.failed.catch((error: unknown) => {
      explainFailure(error, io);
      stop(EXIT.failed);
    });
  });
}
