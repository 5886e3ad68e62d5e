import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A product that lives on a local port and behaves as its manner says. */
export interface SimulatedProduct {
  url: string;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A product is well for so long, and then is not for so long, over and over. */
const WELL_MS = 150_000;
const UNWELL_MS = 45_000;
/** The first time it happens soon, so that whoever looks need not wait. */
const FIRST_AFTER_MS = 20_000;
const SLOW_MS = 2500;

/** Always answers at once. */
export const steady: Answer = (_, response) => {
  healthy(response);
};

/** Is broken for three quarters of a minute out of every three. */
export function flapping(now: () => number): Answer {
  const isWell = cycle(now, FIRST_AFTER_MS);
  return (_, response) => {
    if (isWell()) healthy(response);
    else
      response
        .writeHead(503, { 'content-type': 'text/plain' })
        .end('No connection to the database.');
  };
}

/** Takes seconds to answer for three quarters of a minute out of every three. */
export function slow(now: () => number): Answer {
  const isWell = cycle(now, FIRST_AFTER_MS + UNWELL_MS);
  return (request, response) => {
    if (isWell()) {
      healthy(response);
      return;
    }
    const later = setTimeout(() => healthy(response), SLOW_MS);
    request.once('close', () => clearTimeout(later));
  };
}

function cycle(now: () => number, firstAfterMs: number): () => boolean {
  const began = now() - WELL_MS + firstAfterMs;
  return () => (now() - began) % (WELL_MS + UNWELL_MS) < WELL_MS;
}

function healthy(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"up"}');
}

/** Starts a product on a port of its own, on the loopback interface only. */
export async function startSimulated(answer: Answer): Promise<SimulatedProduct> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/health`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
