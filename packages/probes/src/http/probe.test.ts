import type { ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createSecureContext } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createResolver } from '../dns/resolver.ts';
import type { ProbeEnvironment } from '../environment.ts';
import { createGuard } from '../guard/guard.ts';
import { prepareHttp } from './probe.ts';
import type { HttpTarget } from './target.ts';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const certificate = fixture('localhost.cert.pem');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const answers = new Map<string, Answer>();
const requests: {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}[] = [];
let connections = 0;
let server: Server;
let port = 0;

before(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body });
      const answer = answers.get(url);
      if (answer) answer(request, response);
      else response.end('alive and well');
    });
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
after(() => {
  server.close();
  server.closeAllConnections();
});

function environment(overrides: Partial<ProbeEnvironment> = {}): ProbeEnvironment {
  return {
    guard: createGuard([`127.0.0.0/8:${port}`]),
    resolver: createResolver(),
    stalls: { lagSince: () => 0 },
    secureContext: createSecureContext({ ca: certificate }),
    ...overrides,
  };
}

type Ask = Partial<Omit<HttpTarget, 'expect'>> & { expect?: Partial<HttpTarget['expect']> };

function target({ expect, ...rest }: Ask): HttpTarget {
  return {
    url: `http://127.0.0.1:${port}/`,
    method: 'GET',
    headers: {},
    timeout: 5000,
    redirects: 5,
    ...rest,
    expect: { status: ['200-299'], ...expect },
  };
}

async function check(ask: Ask, overrides?: Partial<ProbeEnvironment>): Promise<ProbeOutcome> {
  const probe = prepareHttp(target(ask), environment(overrides));
  try {
    return await probe.check();
  } finally {
    probe.stop();
  }
}

const named = ({ kind, ...rest }: ProbeOutcome): string =>
  'cause' in rest ? `${kind}/${rest.cause}` : kind;

/** A local path that is answered so. */
function path(answer: Answer): string {
  const url = `/${answers.size}`;
  answers.set(url, answer);
  return `http://127.0.0.1:${port}${url}`;
}

/** A server of bare sockets, which can say what no HTTP server would. */
async function bare(t: TestContext, talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const own = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    talk(socket);
  });
  own.listen(0, '127.0.0.1');
  await once(own, 'listening');
  t.after(() => {
    own.close();
    for (const socket of sockets) socket.destroy();
  });
  return (own.address() as AddressInfo).port;
}

const open = (at: number) => ({ guard: createGuard([`127.0.0.0/8:${at}`, `127.0.0.0/8:${port}`]) });

describe('what is asked', () => {
  it('method, headers and body go out as configured, on a new connection each time', async () => {
    const probe = prepareHttp(
      target({ method: 'POST', headers: { 'X-Key': 'k', 'content-type': 'a/b' }, body: 'ping' }),
      environment(),
    );
    const before = connections;
    assert.equal((await probe.check()).kind, 'ok');
    assert.equal((await probe.check()).kind, 'ok');
    probe.stop();
    assert.equal(connections - before, 2);
    const asked = requests.at(-1);
    assert.equal(asked?.method, 'POST');
    assert.equal(asked.body, 'ping');
    assert.equal(asked.headers['x-key'], 'k');
    assert.equal(asked.headers['content-type'], 'a/b');
    assert.equal(asked.headers['connection'], 'close');
    assert.match(asked.headers['user-agent'] ?? '', /Upheld/);
  });

  it('a header of the operator takes the place of ours', async () => {
    await check({ headers: { 'User-Agent': 'probe of ours', Host: 'product.example' } });
    assert.equal(requests.at(-1)?.headers['user-agent'], 'probe of ours');
    assert.equal(requests.at(-1)?.headers.host, 'product.example');
  });

  it('HEAD needs no body', async () => {
    assert.equal((await check({ method: 'HEAD' })).kind, 'ok');
  });

  it('evidence tells status, latency and the address that was reached', async () => {
    const { evidence } = await check({});
    assert.equal(evidence.status, 200);
    assert.equal(evidence.address, '127.0.0.1');
    assert.ok(Number.isInteger(evidence.latencyMs));
  });
});

describe('status, redirects and latency', () => {
  for (const [status, ranges, wanted] of [
    [200, ['200-299'], 'ok'],
    [204, ['200', '204'], 'ok'],
    [301, ['301'], 'ok'],
    [404, ['200-299'], 'failed/status'],
    [500, ['200-299', '500-502'], 'ok'],
    [503, ['200-299', '500-502'], 'failed/status'],
  ] as const)
    it(`${status} where ${ranges.join(' ')} is expected is ${wanted}`, async () => {
      const url = path((_, response) => response.writeHead(status, { location: '/' }).end());
      assert.equal(named(await check({ url, expect: { status: ranges } })), wanted);
    });

  it('early hints are not the answer', async () => {
    const url = path((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(503).end();
    });
    assert.equal(named(await check({ url })), 'failed/status');
  });

  it('a redirect is followed to what it points at', async () => {
    const url = path((_, response) => response.writeHead(302, { location: '/there?x=1' }).end());
    assert.equal((await check({ url })).kind, 'ok');
    assert.equal(requests.at(-1)?.url, '/there?x=1');
  });

  it('POST becomes GET by 303 and stays POST by 307', async () => {
    for (const [status, method, body] of [
      [303, 'GET', ''],
      [301, 'GET', ''],
      [307, 'POST', 'ping'],
    ] as const) {
      const url = path((_, response) => response.writeHead(status, { location: '/there' }).end());
      await check({ url, method: 'POST', body: 'ping', headers: { 'content-type': 'a/b' } });
      assert.equal(requests.at(-1)?.method, method);
      assert.equal(requests.at(-1)?.body, body);
    }
  });

  it("the operator's headers stay with the origin that they were written for", async () => {
    const elsewhere = `http://localhost:${port}/elsewhere`;
    const away = path((_, response) => response.writeHead(302, { location: elsewhere }).end());
    const headers = { Authorization: 'Bearer secret', 'X-Key': 'secret', Cookie: 'a=b' };
    assert.equal((await check({ url: away, headers })).kind, 'ok');
    const asked = requests.at(-1);
    assert.equal(asked?.url, '/elsewhere');
    assert.doesNotMatch(JSON.stringify(asked.headers), /secret|a=b/);
    const within = path((_, response) => response.writeHead(302, { location: '/within' }).end());
    await check({ url: within, headers });
    assert.equal(requests.at(-1)?.headers.authorization, 'Bearer secret');
  });

  it('a redirect that never ends is cut off, and none is followed where none may be', async () => {
    const loop = path((request, response) =>
      response.writeHead(302, { location: request.url ?? '' }).end(),
    );
    const before = requests.length;
    assert.equal(named(await check({ url: loop, redirects: 3 })), 'failed/redirect');
    assert.equal(requests.length - before, 4);
    assert.equal(named(await check({ url: loop, redirects: 0 })), 'failed/status');
  });

  for (const location of [
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'http://user:secret@127.0.0.1/',
    'http://[',
  ])
    it(`a redirect to ${location} is not followed`, async () => {
      const url = path((_, response) => response.writeHead(302, { location }).end());
      assert.equal(named(await check({ url })), 'failed/redirect');
    });

  it('slower than wanted is degraded, unless the time was our own', async () => {
    const url = path((_, response) => void setTimeout(() => response.end('late'), 60));
    assert.equal(named(await check({ url, expect: { within: 20 } })), 'degraded/slow');
    assert.equal((await check({ url, expect: { within: 4000 } })).kind, 'ok');
    const stalls = { lagSince: () => 10_000 };
    assert.equal((await check({ url, expect: { within: 20 } }, { stalls })).kind, 'ok');
  });
});

describe('bodies', () => {
  const plain = (body: string | Buffer, headers: Record<string, string> = {}): string =>
    path((_, response) => response.writeHead(200, headers).end(body));

  it('a text is found, also where it is cut by the network', async () => {
    const url = path((_, response) => {
      response.write('it is al');
      setTimeout(() => response.end('ive'), 20);
    });
    assert.equal((await check({ url, expect: { text: 'alive' } })).kind, 'ok');
    const missing = await check({ url, expect: { text: 'dead' } });
    assert.equal(named(missing), 'failed/assertion');
    assert.equal(missing.evidence.bodyStart, 'it is alive');
  });

  it('no more of a body is read than the text needs', async () => {
    let closed: Promise<unknown> | undefined;
    const url = path((_, response) => {
      response.write('ready');
      closed = once(response, 'close');
    });
    assert.equal((await check({ url, expect: { text: 'ready' } })).kind, 'ok');
    await closed;
  });

  it('without an assertion nothing of the body is waited for', async () => {
    let closed: Promise<unknown> | undefined;
    const url = path((_, response) => {
      response.flushHeaders();
      closed = once(response, 'close');
    });
    assert.equal((await check({ url })).kind, 'ok');
    await closed;
  });

  it('a body without end is read up to the cap', async () => {
    let sent = 0;
    const url = path((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536;
        response.once('drain', more);
      };
      more();
    });
    const outcome = await check({ url, expect: { text: 'never there' } });
    assert.equal(named(outcome), 'failed/assertion');
    assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were sent`);
    const json = { path: '$', equals: 1 };
    assert.match(
      (await check({ url, expect: { json } })).evidence.message ?? '',
      /longer than 1 MiB/,
    );
  });

  for (const [name, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)
    it(`a body in ${name} is unpacked, and a bomb is not`, async () => {
      const packed = (text: string): string =>
        plain(pack(Buffer.from(text)), { 'content-encoding': name });
      assert.equal((await check({ url: packed('alive'), expect: { text: 'alive' } })).kind, 'ok');
      const bomb = await check({
        url: packed('0'.repeat(50_000_000)),
        expect: { text: 'alive' },
      });
      assert.equal(named(bomb), 'failed/assertion');
      assert.match(bomb.evidence.message ?? '', /unpacks to more than 1 MiB/);
    });

  it('what only claims to be packed is a fault of the product', async () => {
    for (const encoding of ['gzip', 'rot13']) {
      const url = plain('alive', { 'content-encoding': encoding });
      assert.equal(named(await check({ url, expect: { text: 'alive' } })), 'failed/assertion');
    }
  });

  it('the charset of the answer is that of the text', async () => {
    const url = plain(Buffer.from('patiënt', 'latin1'), {
      'content-type': 'text/plain; charset=ISO-8859-1',
    });
    assert.equal((await check({ url, expect: { text: 'patiënt' } })).kind, 'ok');
    assert.equal((await check({ url: plain('patiënt'), expect: { text: 'ënt' } })).kind, 'ok');
  });

  for (const [body, jsonPath, equals, wanted] of [
    ['{"status":"ok"}', '$.status', 'ok', 'ok'],
    ['{"status":"down"}', '$.status', 'ok', 'failed/assertion'],
    ['{"n":1}', '$.n', 1, 'ok'],
    ['{"n":"1"}', '$.n', 1, 'failed/assertion'],
    ['{"x":null}', '$.x', null, 'ok'],
    ['{}', '$.x', null, 'failed/assertion'],
    ['{"checks":[{"ok":true},{"ok":true}]}', '$.checks[*].ok', true, 'ok'],
    ['{"checks":[{"ok":true},{"ok":false}]}', '$.checks[*].ok', true, 'failed/assertion'],
    ['[{"id":"db","up":true}]', '$[?@.id=="db"].up', true, 'ok'],
    ['no json', '$.status', 'ok', 'failed/assertion'],
    ['{"a":1}', '$[?match(@,"(a+)+$")]', 1, 'inconclusive/internal'],
    ['{"a":1}', '$.[', 1, 'inconclusive/internal'],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, '$..a', 1, 'failed/assertion'],
  ] as const)
    it(`${jsonPath} = ${JSON.stringify(equals)} on ${body.slice(0, 40)} is ${wanted}`, async () => {
      const outcome = await check({
        url: plain(body),
        expect: { json: { path: jsonPath, equals } },
      });
      assert.equal(named(outcome), wanted, outcome.evidence.message);
    });

  it('text and JSON can be asked for together', async () => {
    const url = plain('{"status":"ok"}');
    const json = { path: '$.status', equals: 'ok' };
    assert.equal((await check({ url, expect: { text: 'status', json } })).kind, 'ok');
    assert.equal(named(await check({ url, expect: { text: 'x', json } })), 'failed/assertion');
  });
});

describe('connections', () => {
  it('a closed port is refused', async (t) => {
    const closed = await bare(t, () => undefined);
    const gone = await bare(t, (socket) => socket.resetAndDestroy());
    const dead = createTcpServer().listen(0, '127.0.0.1');
    await once(dead, 'listening');
    const free = (dead.address() as AddressInfo).port;
    dead.close();
    await once(dead, 'close');
    const at = (where: number): Ask => ({ url: `http://127.0.0.1:${where}/`, timeout: 300 });
    assert.equal(named(await check(at(free), open(free))), 'failed/refused');
    assert.equal(named(await check(at(gone), open(gone))), 'failed/unreachable');
    assert.equal(named(await check(at(closed), open(closed))), 'failed/timeout');
  });

  it('the deadline holds for the whole check, however slowly it trickles', async (t) => {
    const slow = await bare(t, (socket) => {
      const timer = setInterval(() => socket.write('H'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const trickle = await bare(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const url = (where: number): string => `http://127.0.0.1:${where}/`;
    const ask = { timeout: 300, expect: { text: 'never' } };
    const first = await check({ url: url(slow), ...ask }, open(slow));
    assert.ok(['failed/protocol', 'failed/timeout'].includes(named(first)), named(first));
    const second = await check({ url: url(trickle), ...ask }, open(trickle));
    assert.equal(named(second), 'failed/timeout');
    assert.ok((second.evidence.latencyMs ?? 0) < 2000);
  });

  for (const [what, bytes, wanted] of [
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'failed/protocol'],
    ['a header without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1_000_000)}`, 'failed/protocol'],
    [
      'too many headers',
      `HTTP/1.1 200 OK\r\n${'x: yyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(10_000)}\r\n`,
      'failed/protocol',
    ],
    [
      'a second answer after the first',
      'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\naliveHTTP/1.1 500 No\r\n\r\n',
      'ok',
    ],
    [
      'a body cut short',
      'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf',
      'failed/unreachable',
    ],
  ] as const)
    it(`${what} is ${wanted}`, async (t) => {
      const odd = await bare(t, (socket) => socket.end(bytes));
      const url = `http://127.0.0.1:${odd}/`;
      const expect = { text: 'alive' };
      const outcome = await check({ url, expect, timeout: 2000 }, open(odd));
      assert.equal(named(outcome), wanted, outcome.evidence.message);
    });

  it('TLS is checked as a visitor checks it: trust, name, and that it is TLS', async (t) => {
    const secure = createTlsServer(
      { cert: certificate, key: fixture('localhost.key.pem') },
      (_, response) => response.end('alive'),
    ).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    t.after(() => {
      secure.close();
      secure.closeAllConnections();
    });
    const at = (secure.address() as AddressInfo).port;
    const trusting = open(at);
    const distrusting = { ...open(at), secureContext: createSecureContext() };
    const url = `https://localhost:${at}/`;
    const local = (address: string): LookupAddress[] => [{ address, family: 4 }];
    const other = {
      ...trusting,
      resolver: createResolver(() => Promise.resolve(local('127.0.0.1'))),
    };
    assert.equal((await check({ url, expect: { text: 'alive' } }, trusting)).kind, 'ok');
    assert.equal(named(await check({ url }, distrusting)), 'failed/tls');
    assert.equal(named(await check({ url: `https://wrong.example:${at}/` }, other)), 'failed/tls');
    assert.equal(named(await check({ url: `https://127.0.0.1:${at}/` }, trusting)), 'failed/tls');
    assert.equal(named(await check({ url: `https://localhost:${port}/` })), 'failed/tls');
    assert.equal((await check({ url: `http://localhost:${at}/` }, trusting)).kind, 'failed');
  });

  it('the next address is tried when the first does not answer', async () => {
    const addresses = [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const resolver = createResolver(() => Promise.resolve(addresses));
    const outcome = await check({ url: `http://product.example:${port}/` }, { resolver });
    assert.equal(outcome.kind, 'ok');
    assert.equal(outcome.evidence.address, '127.0.0.1');
  });

  it('a check that is stopped says nothing about the product', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const url = path(() => arrived.resolve(undefined));
    const probe = prepareHttp(target({ url }), environment());
    const outcome = probe.check();
    await arrived.promise;
    probe.stop();
    assert.equal(named(await outcome), 'inconclusive/stopped');
  });

  it('what this process slept through is not a timeout of the product', async () => {
    const url = path(() => undefined);
    const stalls = { lagSince: () => 900 };
    assert.equal(named(await check({ url, timeout: 200 }, { stalls })), 'inconclusive/overloaded');
  });

  it('an answer that arrived while we were busy counts, though its time is over', async () => {
    const probe = prepareHttp(target({ timeout: 100 }), environment());
    const checked = probe.check();
    await new Promise((resolve) => server.once('request', resolve));
    await new Promise(setImmediate);
    const busy = performance.now() + 300;
    while (performance.now() < busy);
    assert.equal((await checked).kind, 'ok');
    probe.stop();
  });
});

describe('names', () => {
  const failing = (code: string) => ({
    resolver: createResolver(() =>
      Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code })),
    ),
  });
  for (const [code, wanted] of [
    ['ENOTFOUND', 'failed/dns'],
    ['EAI_AGAIN', 'inconclusive/no-resolver'],
    ['EAI_FAIL', 'inconclusive/no-resolver'],
    ['EMFILE', 'inconclusive/overloaded'],
    ['EWHATEVER', 'inconclusive/internal'],
  ] as const)
    it(`${code} is ${wanted}`, async () => {
      assert.equal(named(await check({ url: 'http://product.example/' }, failing(code))), wanted);
    });

  it('a look-up that hangs is the product’s timeout, one that never began is our overload', async () => {
    const resolver = createResolver(() => new Promise(() => undefined));
    const ask = (name: string) =>
      check({ url: `http://${name}.example/`, timeout: 100 }, { resolver });
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map(ask));
    assert.deepEqual(outcomes.map(named), [
      'failed/timeout',
      'failed/timeout',
      'failed/timeout',
      'inconclusive/overloaded',
    ]);
  });
});

describe('the guard', () => {
  let canary: Server;
  let canaryPort = 0;
  let arrived = 0;
  before(async () => {
    canary = createServer((_, response) => response.end('secret'));
    canary.on('connection', () => (arrived += 1));
    canary.listen(0, '127.0.0.1');
    await once(canary, 'listening');
    canaryPort = (canary.address() as AddressInfo).port;
  });
  after(() => {
    canary.close();
    canary.closeAllConnections();
  });

  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '127.1', 'localhost', '[::ffff:7f00:1]'])
    it(`nothing arrives through http://${host}`, async () => {
      const outcome = await check({ url: `http://${host}:${canaryPort}/` });
      assert.equal(named(outcome), 'inconclusive/address-not-allowed');
      assert.match(outcome.evidence.message ?? '', /probing\.allow/);
      assert.equal(arrived, 0);
    });

  it('a redirect inward is not followed', async () => {
    const location = `http://127.0.0.1:${canaryPort}/`;
    const url = path((_, response) => response.writeHead(302, { location }).end());
    assert.equal(named(await check({ url })), 'failed/redirect');
    assert.equal(arrived, 0);
  });

  it('a name is asked for once, and one inward address among its addresses is one too many', async () => {
    let asked = 0;
    const rebinding = createResolver(() => {
      asked += 1;
      const address = asked === 1 ? '93.184.216.34' : '127.0.0.1';
      return Promise.resolve([
        { address, family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    });
    const url = `http://rebind.example:${canaryPort}/`;
    const outcome = await check({ url }, { resolver: rebinding });
    assert.equal(named(outcome), 'inconclusive/address-not-allowed');
    assert.equal(asked, 1);
    assert.equal(arrived, 0);
  });

  it('control: what is allowed does arrive', async () => {
    const outcome = await check(
      { url: `http://localhost:${canaryPort}/`, expect: { text: 'secret' } },
      open(canaryPort),
    );
    assert.equal(outcome.kind, 'ok');
    assert.equal(arrived, 1);
  });
});
