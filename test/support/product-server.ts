import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A product that a test breaks and repairs. It answers 200 until told otherwise. */
export interface ProductServer {
  url: string;
  port: number;
  break(status?: number): void;
  repair(): void;
  /** Resolves when it was asked `count` more times. */
  asked(count?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a product on a local port. */
export async function startProduct(): Promise<ProductServer> {
  let status = 200;
  const events = new EventEmitter();
  const server = createServer((_, response) => {
    response
      .writeHead(status, { 'content-type': 'text/plain' })
      .end(status === 200 ? 'alive' : 'broken');
    events.emit('asked');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    break(as = 503) {
      status = as;
    },
    repair() {
      status = 200;
    },
    async asked(count = 1) {
      for (let n = 0; n < count; n += 1) await once(events, 'asked');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
