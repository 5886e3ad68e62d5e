import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A product that lives on a local port and behaves as its manner says. */
export interface SimulatedProduct {
  url: string;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const UP_MS = 150_000;
const DOWN_MS = 45_000;
const SLOW_MS = 2500;
const SLOW_EVERY = 3;

/** Always answers at once. */
export const steady: Answer = (_, response) => {
  healthy(response);
};

/** Answers for two and a half minutes and is broken for three quarters of one, over and over. */
export function flapping(now: () => number): Answer {
  const began = now();
  return (_, response) => {
    const phase = (now() - began) % (UP_MS + DOWN_MS);
    if (phase < UP_MS) healthy(response);
    else
      response
        .writeHead(503, { 'content-type': 'text/plain' })
        .end('No connection to the database.');
  };
}

/** Every third answer takes seconds. */
export function slow(): Answer {
  let asked = 0;
  return (request, response) => {
    asked += 1;
    if (asked % SLOW_EVERY !== 0) {
      healthy(response);
      return;
    }
    const later = setTimeout(() => healthy(response), SLOW_MS);
    request.once('close', () => clearTimeout(later));
  };
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
