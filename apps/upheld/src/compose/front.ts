import { DomainError } from '@upheld/domain/errors.ts';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** The one port. It answers from the first moment, with 503 until there is something to serve. */
export interface Front {
  port: number;
  serve(handler: RequestListener): void;
  /** Takes no new requests and waits for the open ones, at most `patienceMs`. */
  close(patienceMs: number): Promise<void>;
}

/** Listens; throws DomainError('unavailable') with what to do when the port is taken. */
export async function openFront(port: number): Promise<Front> {
  let handler: RequestListener = starting;
  let closing = false;
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, (req, res) => {
    // A connection that is kept alive becomes idle after its last answer, and then is to go.
    res.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    handler(req, res);
  });
  // Longer than the usual reverse proxy keeps an idle connection, so that it is the one that closes.
  server.keepAliveTimeout = 75_000;
  try {
    server.listen(port);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(port, error);
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    serve(next) {
      handler = next;
    },
    async close(patienceMs) {
      if (closing) return;
      closing = true;
      const closed = once(server, 'close');
      server.close();
      const impatient = setTimeout(() => server.closeAllConnections(), patienceMs);
      server.closeIdleConnections();
      await closed;
      clearTimeout(impatient);
    },
  };
}

const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8' });
  res.end('Upheld is starting.\n');
};

function cannotListen(port: number, error: unknown): DomainError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new DomainError(
      'unavailable',
      `port ${port} is in use; stop the program that has it, or choose another with PORT`,
    );
  if (code === 'EACCES')
    return new DomainError(
      'unavailable',
      `port ${port} may not be used by this user; choose one from 1024 with PORT`,
    );
  throw error;
}
