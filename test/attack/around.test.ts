import { listAudit } from '@upheld/services/audit/list.ts';
import { browser, colleague, firstOwner, PASSWORD, tokenIn } from '@upheld/testkit/accounts.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { serveIncidentDesk, type IncidentDesk } from '../support/incident-desk.ts';

/** What came back for exactly these lines, head and body. */
async function raw(url: string, ...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  return text(socket);
}

describe('the guard of the console', () => {
  let desk: IncidentDesk;
  before(async () => {
    desk = await serveIncidentDesk();
  });
  after(() => desk.stop());

  const disguises = (page: string): string[] => [
    `/console/${page}`,
    `/console//${page}`,
    `//console/${page}`,
    `/CONSOLE/${page}`,
    `/%63onsole/${page}`,
    `/console%2f${page}`,
    `/console/./${page}`,
    `/console/sign-in/../${page}`,
    `/pages/../console/${page}`,
    `/pages/%2e%2e/console/${page}`,
    `/incidents/..%2fconsole/${page}`,
    `/components/x/../../console/${page}`,
    `/subscribe/../console/${page}`,
    `/console/${page}/`,
    `/console/${page}%2f`,
    `/console/${page};x`,
    `/console/${page}.html`,
    `/console/${page}?next=/console/sign-in`,
    `http://localhost/console/${page}`,
    `/_image?href=/console/${page}`,
    `/_server-islands/${page}`,
    `/_actions/${page}`,
  ];

  test('is walked around by no spelling of an address and by no header', async () => {
    const cookies = ['', `Cookie: ${desk.cookieOf('viewer')}`];
    for (const page of ['people', 'tokens', 'audit', 'outbox'])
      for (const path of disguises(page))
        for (const cookie of cookies)
          for (const method of ['GET', 'HEAD', 'POST']) {
            const answer = await raw(
              desk.url,
              `${method} ${path} HTTP/1.1`,
              'Host: localhost',
              'X-Original-URL: /console/sign-in',
              'X-Rewrite-URL: /console/sign-in',
              'X-Forwarded-For: 127.0.0.1',
              'x-astro-path: /console/people',
              'x-middleware-subrequest: middleware',
              'Content-Length: 0',
              ...(cookie === '' ? [] : [cookie]),
            );
            const status = Number(answer.split(' ')[1]);
            assert.ok(
              [303, 308, 400, 403, 404, 405].includes(status),
              `${method} ${path}: ${status}`,
            );
            assert.doesNotMatch(answer, /Make a token|Invite somebody|class="data"/, path);
          }
  });
});

describe('what a visitor brings along', () => {
  let desk: IncidentDesk;
  before(async () => {
    desk = await serveIncidentDesk();
  });
  after(() => desk.stop());

  const PAGES = ['/', '/subscribe', '/history/2026-11', '/components/fysioone/availability'];
  const FILES = ['/feed.atom', '/calendar.ics', '/api/v1/pages/main', '/api/v2/summary.json'];

  test('is in no public page, feed or answer: who has signed in, for which host, from where', async () => {
    for (const path of [...PAGES, `/incidents/${desk.incidentId}`, ...FILES]) {
      const odd: Record<string, string>[] = [
        { cookie: desk.cookieOf('owner') },
        { cookie: `lang=x"><script>; ${desk.cookieOf('owner')}` },
        { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher' },
        { 'x-host': 'evil.example', forwarded: 'host=evil.example', 'x-forwarded-port': '1' },
        { 'user-agent': '<script>alert(1)</script>', referer: 'https://evil.example/' },
        { authorization: 'Bearer upheld_evil-evil-evil-evil-evil' },
      ];
      for (const [n, headers] of odd.entries()) {
        // A query that nothing depends on is no way into a cache either.
        const answer = await fetch(`${desk.url}${path}?utm_source=%3Cscript%3E${n}`, { headers });
        const told = await answer.text();
        assert.doesNotMatch(told, /evil|<script>(alert|\d)|Olga|console-menu/, path);
        assert.equal(answer.headers.get('set-cookie'), null, path);
        const plain = await (await fetch(desk.url + path)).text();
        const same = (one: string): string => one.replace(/utm_source=[^"&]*/g, '');
        assert.equal(same(plain), same(told), path);
      }
    }
  });

  test('as a Host is in no link, no redirect and no page that others get', async () => {
    for (const path of [
      ...PAGES,
      ...FILES,
      '/console',
      '/console/sign-in',
      '/subscribe/',
      '/nothing',
    ])
      for (const host of ['evil.example', 'localhost@evil.example', 'evil.example:80']) {
        const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `X-Forwarded-Host: ${host}`];
        const answer = await raw(desk.url, ...lines);
        assert.doesNotMatch(answer, /evil/, `${path} for ${host}`);
      }
  });

  test('fetches nothing for anybody: there is no endpoint that reads images', async () => {
    const asked: string[] = [];
    const canary = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.setHeader('content-type', 'image/svg+xml').end('<svg>canary</svg>');
    }).listen(0, '127.0.0.1');
    await once(canary, 'listening');
    const { port } = canary.address() as AddressInfo;
    try {
      for (const path of ['/_image', '/%5fimage', '/_image/', '/subscribe/../_image', '//_image'])
        for (const href of ['/favicon.svg', `http://127.0.0.1:${port}/a`, `//127.0.0.1:${port}/b`])
          for (const host of ['localhost', `127.0.0.1:${port}`]) {
            const target = `${path}?href=${encodeURIComponent(href)}&f=svg`;
            const answer = await raw(desk.url, `GET ${target} HTTP/1.1`, `Host: ${host}`);
            assert.match(answer, /^HTTP\/1\.1 (308|404) /, target);
            assert.doesNotMatch(answer, /<svg|canary/);
          }
      assert.deepEqual(asked, []);
    } finally {
      canary.close();
    }
  });

  test('in the console is kept by nobody', async () => {
    for (const path of ['/console', '/console/people', '/console/nothing', '/console/audit']) {
      const { headers } = await desk.get(path, 'owner');
      assert.equal(headers.get('cache-control'), 'no-store', path);
    }
  });
});

describe('an address that somebody claims to come from', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await serveConsole({ real: true });
  });
  after(() => server.stop());

  const claim = (n: number): Record<string, string> => ({
    'x-forwarded-for': `198.51.100.${n}`,
    'x-real-ip': `198.51.100.${n}`,
    'cf-connecting-ip': `198.51.100.${n}`,
    'true-client-ip': `198.51.100.${n}`,
    forwarded: `for=198.51.100.${n}`,
  });

  test('is not believed without a proxy of ours: guesses at tokens are counted together', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1) {
      const authorization = `Bearer upheld_${'x'.repeat(43)}`;
      const headers = { ...claim(n), authorization };
      statuses.push((await fetch(`${server.url}/api/v1/audit`, { headers })).status);
    }
    assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429]);
  });

  test('nor at passwords, and the audit log has the real one', async () => {
    const owner = await firstOwner(server.ctx, server.desk);
    const guess = (n: number, email: string): Promise<Response> =>
      fetch(`${server.url}/console/sign-in`, {
        method: 'POST',
        headers: { ...claim(n), origin: server.url },
        body: new URLSearchParams({ do: 'sign-in', email, password: `guess ${n} of many` }),
        redirect: 'manual',
      });
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += 1) statuses.push((await guess(n, `p${n}@example.test`)).status);
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await guess(50, owner.email)).status, 429);
    const seen = (await listAudit(server.ctx, { limit: 100 })).map(({ address }) => address);
    assert.ok(!seen.some((address) => address?.startsWith('198.51.100.')), seen.join());
  });
});

describe('a role', () => {
  test('is that of the invitation, whatever else the form says', async () => {
    const server = await serveConsole({ real: true });
    try {
      const { ctx, desk } = server;
      const owner = await firstOwner(ctx, desk);
      const by = { name: owner.person.name, id: owner.person.id };
      const { link } = await desk.invite(by, { email: 'eva@example.test', role: 'viewer' });
      const fields = {
        do: 'account',
        token: tokenIn(link),
        name: 'Eva',
        password: PASSWORD,
        role: 'owner',
        email: 'olga@zorgsoftware.example',
        permissions: 'accounts',
        'person.role': 'owner',
        __proto__x: 'owner',
      };
      const made = await server.post('/console/invitation', fields, null);
      assert.equal(made.status, 303);
      const { people } = await desk.listPeople();
      assert.deepEqual(people.map(({ email, role }) => `${email} ${role}`).sort(), [
        'eva@example.test viewer',
        'olga@zorgsoftware.example owner',
      ]);
      const again = await server.post('/console/setup', { ...fields, do: 'account' }, null);
      assert.ok(again.status >= 400, String(again.status));
      assert.equal((await desk.listPeople()).people.length, 2);
    } finally {
      await server.stop();
    }
  });

  test('is taken from nobody by who has a lower one, and a session ends nobody else’s', async () => {
    const server = await serveConsole({ real: true });
    try {
      const { ctx, desk } = server;
      const owner = await firstOwner(ctx, desk);
      const invitedBy = owner.person;
      const eva = await colleague(ctx, desk, {
        invitedBy,
        role: 'manager',
        name: 'Eva Post',
        from: browser('192.0.2.77'),
      });
      const send = (path: string, fields: Record<string, string>): Promise<Response> =>
        fetch(server.url + path, {
          method: 'POST',
          headers: { cookie: eva.browser.cookie, origin: server.url },
          body: new URLSearchParams(fields),
          redirect: 'manual',
        });
      for (const verb of [
        'role',
        'block',
        'unblock',
        'reset-password',
        'reset-factor',
        'invite',
        'withdraw',
      ])
        for (const id of [eva.person.id, owner.person.id]) {
          const answer = await send('/console/people', {
            do: verb,
            id,
            role: 'owner',
            email: 'x@y.test',
          });
          assert.equal(answer.status, 403, verb);
        }
      for (const verb of ['end-session', 'remove-passkey', 'end-others'])
        await send('/console/security', { do: verb, id: owner.person.sessionId });
      assert.ok((await desk.personOf(owner.browser.visit())).person);
      const roles = (await desk.listPeople()).people.map(({ role }) => role).sort();
      assert.deepEqual(roles, ['manager', 'owner']);
    } finally {
      await server.stop();
    }
  });
});
