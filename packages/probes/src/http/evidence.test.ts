import type { ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createSecureContext } from 'node:tls';
import { createResolver } from '../dns/resolver.ts';
import { createGuard } from '../guard/guard.ts';
import { excerpt } from './evidence.ts';
import { prepareHttp } from './probe.ts';
import type { HttpTarget } from './target.ts';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const certificate = fixture('localhost.cert.pem');

async function checked(
  t: TestContext,
  answer: RequestListener,
  { secure = false, ...more }: Partial<HttpTarget> & { secure?: boolean } = {},
): Promise<ProbeOutcome> {
  const server = secure
    ? createTlsServer({ cert: certificate, key: fixture('localhost.key.pem') }, answer)
    : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const target: HttpTarget = {
    url: secure ? `https://localhost:${port}/` : `http://127.0.0.1:${port}/`,
    method: 'GET',
    headers: {},
    timeout: 3000,
    redirects: 5,
    expect: { status: ['200-299'] },
    ...more,
  };
  const probe = prepareHttp(target, {
    guard: createGuard([`127.0.0.0/8:${port}`, `::1/128:${port}`]),
    resolver: createResolver(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }])),
    stalls: { lagSince: () => 0 },
    secureContext: createSecureContext({ ca: certificate }),
  });
  try {
    return await probe.check();
  } finally {
    probe.stop();
  }
}

describe('what a check that failed keeps', () => {
  it('is how the time was spent, the TLS, the address and the first of the body', async (t) => {
    const { kind, evidence } = await checked(
      t,
      (_, response) => {
        response.statusCode = 503;
        response.end('<h1>Service unavailable</h1>');
      },
      { secure: true },
    );
    assert.equal(kind, 'failed');
    assert.equal(evidence.status, 503);
    assert.equal(evidence.address, '127.0.0.1');
    assert.equal(evidence.bodyStart, '<h1>Service unavailable</h1>');
    assert.match(evidence.tls?.protocol ?? '', /^TLSv1\.[23]$/);
    assert.ok((evidence.tls?.certificateUntil ?? 0) > Date.parse('2026-01-01T00:00:00Z'));
    assert.deepEqual(Object.keys(evidence.phases ?? {}), [
      'lookupMs',
      'connectMs',
      'tlsMs',
      'firstByteMs',
    ]);
  });

  it('is the TLS also when it was the body that was wrong', async (t) => {
    const expect = { status: ['200-299'], text: 'alive' };
    const outcome = await checked(t, (_, response) => response.end('dead'), {
      secure: true,
      expect,
    });
    assert.ok(outcome.evidence.tls?.protocol);
    assert.equal(outcome.evidence.bodyStart, 'dead');
  });

  it('is nothing of a check that succeeded', async (t) => {
    const { kind, evidence } = await checked(t, (_, response) => response.end('alive'), {
      secure: true,
    });
    assert.equal(kind, 'ok');
    assert.deepEqual(Object.keys(evidence).sort(), ['address', 'latencyMs', 'status']);
  });

  it('stays a wrong status when the body never comes, or is cut', async (t) => {
    const silent = await checked(t, (_, response) => {
      response.writeHead(500, { 'content-length': 100 });
      response.flushHeaders();
    });
    assert.ok('cause' in silent && silent.cause === 'status');
    const cut = await checked(t, (_, response) => {
      response.writeHead(500, { 'content-length': 100 });
      response.flushHeaders();
      response.destroy();
    });
    assert.ok('cause' in cut && cut.cause === 'status');
  });

  it('holds at most 512 bytes of the body, and no half character', async (t) => {
    const { evidence } = await checked(t, (_, response) => {
      response.statusCode = 500;
      response.end(`a${'é'.repeat(2000)}`);
    });
    const bytes = Buffer.byteLength(evidence.bodyStart ?? '');
    assert.ok(bytes > 400 && bytes <= 512, `${bytes}`);
    assert.ok(!evidence.bodyStart?.slice(0, -1).includes('\uFFFD'));
  });

  it('holds no secret, neither ours nor theirs', async (t) => {
    const { evidence } = await checked(
      t,
      (request, response) => {
        response.statusCode = 500;
        const echo = request.headers['x-probe'];
        response.end(`no access with ${String(echo)}; Authorization: Bearer abc.def-123`);
      },
      { headers: { 'X-Probe': 'our-own-secret' } },
    );
    assert.equal(evidence.bodyStart, 'no access with ***; Authorization: ***');
  });

  for (const [given, kept] of [
    ['{"password":"hunter22","ok":false}', '{"password":"***","ok":false}'],
    ['?token=abc123&page=2', '?token=***&page=2'],
    ['set-cookie: session=0123456789; path=/', 'set-cookie: ***; path=/'],
    ['api_key = s3cr3t', 'api_key = ***'],
    ['got eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', 'got ***'],
    ['The passenger list is broken', 'The passenger list is broken'],
  ] as const)
    it(`is of ${given}: ${kept}`, () => {
      assert.equal(excerpt(given, []), kept);
    });
});
