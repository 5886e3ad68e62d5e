import fc from 'fast-check';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { createResolver } from '../dns/resolver.ts';
import { createGuard } from '../guard/guard.ts';
import { prepareHttp } from './probe.ts';

/*
 * Whatever a server says and however it ends: the check gives an outcome in time, and nothing escapes
 * from the client underneath. An escaped error fails the test run as an uncaught exception.
 */

type Step = { say: Buffer } | { pause: number } | { end: 'end' | 'reset' | 'destroy' };

const sockets = new Set<Socket>();
let script: readonly Step[] = [];
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', () => void play(socket, script));
});

async function play(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if ('say' in step) socket.write(step.say);
    else if ('pause' in step) await new Promise((resolve) => setTimeout(resolve, step.pause));
    else {
      finish(socket, step.end);
      return;
    }
  }
}

function finish(socket: Socket, how: 'end' | 'reset' | 'destroy'): void {
  if (how === 'end') socket.end();
  else if (how === 'reset') socket.resetAndDestroy();
  else socket.destroy();
}

let port = 0;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
after(() => {
  server.close();
  for (const socket of sockets) socket.destroy();
});

const pieces = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 503 No\r\n',
  'HTTP/1.1 103 Early Hints\r\n',
  'HTTP/1.1 100 Continue\r\n',
  'HTTP/1.1 302 Found\r\nlocation: /again\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n',
  'HTTP/1.0 200 OK\r\n',
  'content-length: 5\r\n',
  'content-length: 0\r\n',
  'content-length: -1\r\n',
  'transfer-encoding: chunked\r\n',
  'content-encoding: gzip\r\n',
  'connection: keep-alive\r\n',
  'connection: close\r\n',
  '\r\n',
  '\r\n',
  'alive',
  '5\r\nalive\r\n',
  '0\r\n\r\n',
  'zz\r\n',
  '\u0000\u00ff',
];
const step = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...pieces).map((text) => ({ say: Buffer.from(text) })) },
  { weight: 1, arbitrary: fc.constant({ say: gzipSync('alive') }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((b) => ({ say: Buffer.from(b) })) },
  { weight: 1, arbitrary: fc.nat(30).map((pause) => ({ pause })) },
  { weight: 1, arbitrary: fc.constantFrom('end', 'reset', 'destroy').map((end) => ({ end })) },
);
const whole = fc
  .tuple(fc.constantFrom(...pieces.slice(0, 7)), fc.array(step, { maxLength: 8 }))
  .map(([first, rest]): Step[] => [{ say: Buffer.from(first) }, ...(rest as Step[])]);

for (const expect of [{}, { text: 'alive' }, { json: { path: '$', equals: 1 } }])
  test(`every conversation ends in an outcome, expecting ${JSON.stringify(expect)}`, async () => {
    const probe = prepareHttp(
      {
        url: `http://127.0.0.1:${port}/`,
        method: 'GET',
        headers: {},
        timeout: 25,
        redirects: 2,
        expect: { status: ['200-299'], ...expect },
      },
      {
        guard: createGuard([`127.0.0.1/32:${port}`]),
        resolver: createResolver(),
        stalls: { lagSince: () => 0 },
        secureContext: createSecureContext(),
      },
    );
    await fc.assert(
      fc.asyncProperty(whole, async (steps) => {
        script = steps;
        const outcome = await probe.check();
        if (outcome.kind === 'inconclusive') assert.notEqual(outcome.cause, 'internal');
      }),
      { numRuns: 150 },
    );
    probe.stop();
  });
