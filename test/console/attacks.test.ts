import { browser, firstOwner, granted, tokenIn } from '@upheld/testkit/accounts.ts';
import { createToken, listTokens } from '@upheld/services/token/tokens.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const ACTOR = {
  name: 'Olga van Dam',
  id: 'person-owner',
  via: 'console',
  provenAt: CONSOLE_NOW,
} as const;
/** Whether a page has the markup in it that was typed: within the quotes of an attribute it is text. */
function isMarkup(html: string): boolean {
  return /<script>alert|<img src=x/.test(html.replace(/="[^"]*"/g, ''));
}

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&`;

describe('a form of another site', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await serveConsole({ role: 'owner' });
  });
  after(() => server.stop());

  const send = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.url}/console/tokens`, {
      method: 'POST',
      headers: { cookie: server.cookie, ...headers },
      body: new URLSearchParams({ do: 'create', name: 'stolen', scopes: 'read', lasts: '90' }),
      redirect: 'manual',
    });

  for (const [what, headers] of Object.entries({
    'from elsewhere by its origin': { origin: 'https://evil.example' },
    'with a hidden origin': { origin: 'null' },
    'from elsewhere as the browser says': { 'sec-fetch-site': 'cross-site' },
    'from a neighbour of our host': { 'sec-fetch-site': 'same-site' },
    'that no page has sent': { 'sec-fetch-site': 'none' },
    'that says nothing of where it comes from': {},
  } satisfies Record<string, Record<string, string>>))
    test(`${what} does nothing`, async () => {
      const response = await send(headers);
      assert.equal(response.status, 403);
      assert.deepEqual(await listTokens(server.ctx), []);
    });

  test('is told from one of ours, which does it', async () => {
    const response = await send({ origin: server.url, 'sec-fetch-site': 'same-origin' });
    assert.equal(response.status, 200);
    assert.match(await response.text(), /upheld_[A-Za-z0-9_-]{20,}/);
    assert.equal((await listTokens(server.ctx)).length, 1);
  });

  test('cannot frame, feed or keep a page of the console', async () => {
    const { headers } = await server.get('/console/tokens');
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "form-action 'self'",
      "base-uri 'none'",
    ])
      assert.ok(policy.includes(part), part);
    assert.ok(!policy.includes('unsafe'));
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-frame-options'), 'DENY');
  });
});

test('the check for markup sees markup', () => {
  assert.ok(isMarkup(`<p>${SCRIPT}</p>`));
  assert.ok(isMarkup(`<input value="${SCRIPT}">`));
});

describe('what people type', () => {
  test('is text on every page that shows it, never markup', async () => {
    const server = await serveConsole({ real: true });
    try {
      const { ctx, desk } = server;
      const owner = await firstOwner(ctx, desk);
      const from = browser();
      const { link } = await desk.invite(
        { ...ACTOR, name: SCRIPT },
        { email: 'eva@example.test', role: 'viewer' },
      );
      await desk.invite({ ...ACTOR, name: SCRIPT }, { email: 'x@example.test', role: 'viewer' });
      const about = { token: tokenIn(link), name: "Eva O'Neill", password: owner.password };
      granted(await desk.acceptInvitation({ ...from.visit(), ...about }));
      await createToken(ctx, { ...ACTOR, name: SCRIPT }, { name: 'robot', scopes: ['read'] });
      const pages = [
        '/console/people',
        '/console/tokens',
        '/console/audit',
        `/console/audit?actor=${encodeURIComponent(SCRIPT)}`,
        `/console/sign-in?next=${encodeURIComponent(SCRIPT)}&said=${encodeURIComponent(SCRIPT)}`,
        `/console/setup?token=${encodeURIComponent(SCRIPT)}`,
      ];
      for (const path of pages) {
        const response = await fetch(server.url + path, {
          headers: { cookie: owner.browser.cookie },
        });
        const text = await response.text();
        assert.ok(!isMarkup(text), path);
      }
    } finally {
      await server.stop();
    }
  });

  test('comes back into the fields of a refused form as text', async () => {
    const server = await serveConsole({ role: 'owner' });
    try {
      const response = await server.post('/console/tokens', {
        do: 'create',
        name: SCRIPT,
        scopes: 'read',
        lasts: '90',
      });
      assert.equal(response.status, 422);
      const text = await response.text();
      assert.ok(text.includes('alert(1)'));
      assert.ok(!isMarkup(text));
    } finally {
      await server.stop();
    }
  });

  test('before a session ended is kept as text, can be sent again, and holds no password', async () => {
    const server = await serveConsole({ role: 'owner' });
    try {
      const kept = await server.post('/console/people', { do: 'invite', email: SCRIPT }, null);
      assert.equal(kept.status, 401);
      const text = await kept.text();
      assert.ok(text.includes('action="/console/people"'));
      assert.ok(!isMarkup(text));
      const secret = await server.post(
        '/console/security',
        { do: 'password', current: 'hunter2' },
        null,
      );
      assert.equal(secret.status, 303);
      assert.ok(!(await secret.text()).includes('hunter2'));
    } finally {
      await server.stop();
    }
  });
});

describe('a way back after signing in', () => {
  test('leads to no other site', async () => {
    const server = await serveConsole({ real: true });
    try {
      const owner = await firstOwner(server.ctx, server.desk);
      for (const next of [
        'https://evil.example/',
        '//evil.example',
        '/\\evil.example',
        '/console/\\evil',
        '/console@evil.example',
      ]) {
        const signedIn = await fetch(
          `${server.url}/console/sign-in?${new URLSearchParams({ next }).toString()}`,
          {
            headers: { cookie: owner.browser.cookie },
            redirect: 'manual',
          },
        );
        assert.equal(signedIn.headers.get('location'), '/console', next);
        const { email, password } = owner;
        const posted = await server.post('/console/sign-in', {
          do: 'sign-in',
          email,
          password,
          next,
        });
        assert.equal(
          posted.headers.get('location'),
          '/console/second-factor?next=%2Fconsole',
          next,
        );
      }
    } finally {
      await server.stop();
    }
  });
});

describe('a session', () => {
  test('that somebody planted in a browser is not the one that is signed in', async () => {
    const server = await serveConsole({ real: true });
    try {
      const owner = await firstOwner(server.ctx, server.desk);
      await server.clock.advance(60_000);
      const { email, password } = owner;
      const planted = browser();
      planted.take(granted(await server.desk.signIn({ ...planted.visit(), email, password })));
      const send = (path: string, cookie: string, fields: Record<string, string>) =>
        fetch(server.url + path, {
          method: 'POST',
          headers: { cookie, origin: server.url },
          body: new URLSearchParams(fields),
          redirect: 'manual',
        });
      const first = await send('/console/sign-in', planted.cookie, {
        do: 'sign-in',
        email,
        password,
      });
      const own = browser();
      own.take({ cookies: first.headers.getSetCookie() });
      assert.notEqual(own.cookie, planted.cookie);
      const code = owner.totp(server.clock.now());
      const second = await send('/console/second-factor', own.cookie, { do: 'code', code });
      assert.equal(second.headers.get('location'), '/console');
      for (const line of second.headers.getSetCookie()) {
        assert.match(line, /; ?HttpOnly/i);
        assert.match(line, /; ?SameSite=(Lax|Strict)/i);
      }
      const before = own.cookie;
      own.take({ cookies: second.headers.getSetCookie() });
      const look = async (cookie: string): Promise<number> =>
        (await fetch(`${server.url}/console`, { headers: { cookie }, redirect: 'manual' })).status;
      assert.equal(await look(own.cookie), 200);
      assert.equal(await look(planted.cookie), 303);
      assert.equal(await look(before), 303);
      const again = await send('/console/second-factor', planted.cookie, { do: 'code', code });
      assert.equal(again.status, 303);
      assert.match(again.headers.get('location') ?? '', /sign-in/);
    } finally {
      await server.stop();
    }
  });
});

describe('a body', () => {
  test('as long as the longest postmortem in two languages is read', async () => {
    const server = await serveConsole({ role: 'owner' });
    try {
      const name = 'é'.repeat(100_000);
      const response = await server.post('/console/tokens', { do: 'create', lasts: '90', name });
      assert.equal(response.status, 422);
    } finally {
      await server.stop();
    }
  });

  test('that is no form, too long, or names no verb is refused', async () => {
    const server = await serveConsole({ role: 'owner' });
    const send = (body: string, type = 'application/x-www-form-urlencoded'): Promise<Response> =>
      fetch(`${server.url}/console/tokens`, {
        method: 'POST',
        headers: { cookie: server.cookie, origin: server.url, 'content-type': type },
        body,
      });
    try {
      assert.equal((await send('{}', 'application/json')).status, 400);
      assert.equal((await send('do=__proto__')).status, 400);
      assert.equal((await send('%')).status, 400);
      assert.ok(
        [400, 413].includes((await send(`do=create&name=${'x'.repeat(3_000_000)}`)).status),
      );
      assert.equal((await send('--x', 'multipart/form-data; boundary=x')).status, 400);
      assert.deepEqual(await listTokens(server.ctx), []);
    } finally {
      await server.stop();
    }
  });
});
