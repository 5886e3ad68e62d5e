import { createApi } from '@upheld/api/app.ts';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { getRequestListener } from '@hono/node-server';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { after, before, beforeEach, describe, it } from 'node:test';

const CRLF = '\r\n';

/** What an attacker sends, byte by byte: a client library would mend most of it on the way. */
eachDatabase('the API under attack', (databases) => {
  let ctx: TestContext;
  let server: Server;
  let token: string;
  let reader: string;
  before(async () => {
    ctx = testContext(await databases.open());
    const cli = { name: 'cli' };
    ({ token } = await createToken(ctx, cli, { name: 'writer', scopes: ['incidents', 'audit'] }));
    ({ token: reader } = await createToken(ctx, cli, { name: 'reader', scopes: ['read'] }));
    const listener = getRequestListener(createApi(ctx, { desk: {} as SubscriptionDesk }).fetch);
    server = createServer((req, res) => void listener(req, res));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => ctx.log.lines.splice(0));

  interface Answer {
    status: number;
    head: string;
    body: string;
  }
  /** Sends exactly this and gives what came back until the server closed. */
  const raw = async (...parts: (string | Buffer)[]): Promise<Answer> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    for (const part of parts) socket.write(part);
    const all = await text(socket);
    const [head = '', ...body] = all.split(`${CRLF}${CRLF}`);
    return { status: Number(head.split(' ')[1]), head, body: body.join(`${CRLF}${CRLF}`) };
  };
  const head = (method: string, path: string, ...headers: string[]): string =>
    [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join(
      CRLF,
    );
  const bearer = (one: string): string => `Authorization: Bearer ${one}`;
  const post = (path: string, body: string | Buffer, ...headers: string[]): Promise<Answer> =>
    raw(
      head(
        'POST',
        path,
        bearer(token),
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...(headers.some((one) => /^content-type/i.test(one))
          ? headers
          : ['Content-Type: application/json', ...headers]),
      ),
      body,
    );
  const incident = (title: string): string =>
    JSON.stringify({
      title: { nl: 'Traag', en: '%' },
      componentIds: ['fysioone'],
      body: { nl: 'We kijken.', en: 'We look.' },
    }).replace('%', title);
  const opened = async (): Promise<number> =>
    (await ctx.db.read.q.select().from(ctx.db.read.t.incidents)).length;
  /** Refused in words, and not because something broke. */
  const refused = (answer: Answer, status: number | readonly number[], what: string): void => {
    assert.ok([status].flat().includes(answer.status), `${what}: ${answer.status} ${answer.body}`);
    assert.doesNotMatch(answer.body, /node_modules|\.ts:\d|SQLITE|Failed query/, what);
    assert.deepEqual(
      ctx.log.lines.filter(({ level }) => level === 'error'),
      [],
      what,
    );
  };

  describe('by its bodies', () => {
    it('refuses what is no JSON, no object, too deep or half', async () => {
      const bodies: [what: string, body: string | Buffer, status: number][] = [
        ['half', incident('x').slice(0, 40), 400],
        ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
        ['NaN', '{"title":NaN}', 400],
        ['a comment', `/**/${incident('x')}`, 400],
        ['two values', `${incident('x')}${incident('y')}`, 400],
        ['null', 'null', 422],
        ['a list', `[${incident('x')}]`, 422],
        ['deep lists', '['.repeat(30_000) + ']'.repeat(30_000), 422],
        ['deep objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 422],
        ['nothing', '', 400],
      ];
      for (const [what, body, status] of bodies)
        refused(await post('/api/v1/incidents', body), status, what);
      assert.equal(await opened(), 0);
    });

    it('takes no key that is not its own, least of all one of every object', async () => {
      const given = JSON.parse(incident('x')) as object;
      for (const key of ['__proto__', 'constructor', 'prototype', 'id', 'version', 'createdBy']) {
        const body = JSON.stringify(given).replace('{', `{"${key}":{"permissions":["accounts"]},`);
        const answer = await post('/api/v1/incidents', body);
        // The one that names the prototype is left out of what is read; the others are refused.
        refused(answer, [201, 422], key);
        if (answer.status === 201) assert.equal(key, '__proto__');
      }
      assert.equal(({} as { permissions?: unknown }).permissions, undefined);
    });

    it('keeps no character that a database, a feed or a chain of hashes cannot', async () => {
      const known = await opened();
      for (const bad of ['\\u0000', '\\ud800', '\\u001b', '\\u0085', '\\uffff'])
        refused(await post('/api/v1/incidents', incident(`a${bad}b`)), 422, bad);
      assert.equal(await opened(), known);
      assert.equal((await verifyAudit(ctx)).ok, true);
    });

    it('reads no more than 64 kB, told or not, packed or not', async () => {
      const large = incident('x'.repeat(70_000));
      refused(await post('/api/v1/incidents', large), 413, 'told');
      const chunk = `${(8192).toString(16)}${CRLF}${'x'.repeat(8192)}${CRLF}`;
      const chunked = await raw(
        head(
          'POST',
          '/api/v1/incidents',
          bearer(token),
          'Content-Type: application/json',
          'Transfer-Encoding: chunked',
        ),
        chunk.repeat(10),
        `0${CRLF}${CRLF}`,
      );
      refused(chunked, 413, 'chunked');
      const keyed = await raw(
        head(
          'POST',
          '/api/v1/incidents',
          bearer(token),
          'Content-Type: application/json',
          'Transfer-Encoding: chunked',
          'Idempotency-Key: large',
        ),
        chunk.repeat(10),
        `0${CRLF}${CRLF}`,
      );
      refused(keyed, 413, 'chunked, with a key');
      const bomb = gzipSync('['.repeat(10_000_000));
      refused(
        await post('/api/v1/incidents', bomb, 'Content-Encoding: gzip'),
        [400, 413, 415],
        'a bomb',
      );
    });

    it('takes nothing that a form of another site can send', async () => {
      for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])
        refused(await post('/api/v1/incidents', incident('x'), `Content-Type: ${type}`), 415, type);
    });
  });

  describe('by its paths', () => {
    const paths = [
      '/api/v1/agreements/../../../etc/passwd',
      '/api/v1/agreements/..%2f..%2f..%2fetc%2fpasswd',
      '/api/v1/agreements/%2e%2e%2f%2e%2e%2fpackage.json',
      '/api/v1/agreements/..%5c..%5cpackage.yaml',
      '/api/v1/agreements/....//package.yaml',
      '/api/v1/agreements/%252e%252e%252fpackage.yaml',
      '/api/v1/agreements/standard.yaml%00.json',
      '/api/v1/agreements/file:%2f%2f%2fetc%2fpasswd',
      '/../../../../etc/passwd',
      '//etc/passwd',
    ];
    it('gives no file but those that it has', async () => {
      for (const path of paths) {
        const answer = await raw(head('GET', path));
        refused(answer, [400, 401, 404], path);
        assert.doesNotMatch(answer.body, /root:|"workspaces"/);
      }
    });

    it('lets nobody walk around the guard', async () => {
      const disguises = [
        '/api/v1/audit/',
        '/api/v1//audit',
        '//api/v1/audit',
        '/api/v1/./audit',
        '/api/v1/pages/../audit',
        '/api/v1/pages/%2e%2e/audit',
        '/api/v1/pages/..%2faudit',
        '/api/v1/audit;.json',
        '/api/v1/audit%20',
        '/api/v1/audit%2f',
        '/API/V1/AUDIT',
        '/api/v1/%61udit',
        '/api/v2/../v1/audit',
        '/api/v1/audit?token=%',
        '/api/v1/audit#/api/v1/pages',
        'http://localhost/api/v1/audit',
      ];
      for (const path of disguises) {
        const answer = await raw(head('GET', path, 'X-Original-URL: /api/v1/pages'));
        refused(answer, [400, 401, 404], path);
        assert.doesNotMatch(answer.body, /"entries"/, path);
      }
    });
  });

  describe('by its methods', () => {
    it('knows only those that a route has', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL'])
        refused(
          await raw(head(method, '/api/v1/incidents', bearer(token))),
          [400, 404, 405, 415],
          method,
        );
    });

    it('is not told another one by a header or a query', async () => {
      const known = await opened();
      for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
        const answer = await raw(
          head('GET', '/api/v1/incidents?_method=POST', bearer(token), `${header}: POST`),
        );
        assert.ok([200, 400].includes(answer.status));
      }
      assert.equal(await opened(), known);
    });

    it('does nothing for HEAD and asks for a token as for GET', async () => {
      const answer = await raw(head('HEAD', '/api/v1/audit'));
      assert.deepEqual([answer.status, answer.body], [401, '']);
      assert.equal((await raw(head('HEAD', '/api/v1/audit', bearer(reader)))).status, 403);
    });
  });

  describe('by its headers', () => {
    it('writes nobody a header of their own', async () => {
      const injected = `x%0d%0aSet-Cookie:%20evil=1`;
      for (const path of [`/api/v1/incidents/${injected}`, `/api/v1/pages?lang=${injected}`]) {
        const answer = await raw(head('GET', path));
        assert.doesNotMatch(answer.head, /^set-cookie/im);
      }
      const body = JSON.stringify(JSON.parse(incident('Slow\\r\\nSet-Cookie: evil=1')));
      assert.doesNotMatch((await post('/api/v1/incidents', body)).head, /^set-cookie/im);
    });

    it('takes no key, tag or token that is made of something else', async () => {
      const cases: [header: string, status: number | number[]][] = [
        [`Idempotency-Key: ${'x'.repeat(256)}`, 400],
        ['Idempotency-Key: a b', 400],
        [`Content-Length: 5${CRLF}Transfer-Encoding: chunked`, 400],
      ];
      for (const [header, status] of cases)
        refused(await post('/api/v1/incidents', incident('x'), header), status, header);
      for (const odd of [
        `Bearer ${token},${token}`,
        `Bearer\t${token}`,
        `Bearer ${token}\0`,
        'Bearer',
      ])
        refused(await raw(head('GET', '/api/v1/audit', `Authorization: ${odd}`)), [400, 401], odd);
    });

    it('refuses more headers than anybody needs', async () => {
      const answer = await raw(head('GET', '/api/v1/pages', `X-Long: ${'x'.repeat(20_000)}`));
      assert.equal(answer.status, 431);
    });

    it('makes no address of a Host that it was told', async () => {
      const answer = await raw(
        [
          'GET /api/v1/nothing HTTP/1.1',
          'Host: evil.example',
          'X-Forwarded-Host: evil.example',
          'Connection: close',
          '',
          '',
        ].join(CRLF),
      );
      assert.equal(answer.status, 401);
      assert.doesNotMatch(answer.head + answer.body, /evil/);
    });
  });

  describe('by its queries', () => {
    it('reads no list further than it goes', async () => {
      const cursor = (value: unknown): string =>
        Buffer.from(JSON.stringify(value)).toString('base64url');
      const queries = [
        'limit=0',
        'limit=-1',
        'limit=201',
        'limit=1e99',
        'limit[]=1',
        'cursor=%00',
        `cursor=${cursor([2 ** 60, 'a'])}`,
        `cursor=${cursor([1, 'a\u0000'])}`,
        `cursor=${cursor([1, "a' or 1=1 --"])}`,
        `cursor=${cursor({ at: 1 })}`,
        `cursor=${'a'.repeat(501)}`,
      ];
      for (const query of queries)
        for (const path of ['/api/v1/incidents', '/api/v1/audit'])
          refused(await raw(head('GET', `${path}?${query}`, bearer(token))), 400, query);
      const far = cursor([8_640_000_000_000_000, 'zzz']);
      for (const path of ['/api/v1/incidents', '/api/v1/audit'])
        assert.equal((await raw(head('GET', `${path}?cursor=${far}`, bearer(token)))).status, 200);
    });
  });
});
