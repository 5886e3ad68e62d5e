import { PROOF_STANDS_MS } from '@upheld/services/account/proof.ts';
import { listTokens } from '@upheld/services/token/tokens.ts';
import { firstOwner, type TestPerson } from '@upheld/testkit/accounts.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

describe('a console that is open to some addresses alone', () => {
  let server: ConsoleServer;
  let owner: TestPerson;
  before(async () => {
    server = await serveConsole({ real: true });
    owner = await firstOwner(server.ctx, server.desk);
  });
  after(() => server.stop());

  const allow = (addresses: string[], trustProxy: boolean): void => {
    const config = server.ctx.config();
    server.ctx.configure({
      ...config,
      server: { ...config.server, trustProxy },
      console: { ...config.console, allow: addresses },
    });
  };
  const opens = async (forwarded: string | null): Promise<boolean> => {
    const headers = {
      cookie: owner.browser.cookie,
      ...(forwarded === null ? {} : { 'x-forwarded-for': forwarded }),
    };
    const answer = await fetch(`${server.url}/console/people`, { headers, redirect: 'manual' });
    return answer.status === 200;
  };

  test('believes the last word of its proxy, and none before it', async () => {
    allow(['192.0.2.0/24', '2001:db8:5::/48'], true);
    const cases: [forwarded: string | null, expected: boolean][] = [
      ['192.0.2.7', true],
      ['203.0.113.9, 192.0.2.7', true],
      ['::ffff:192.0.2.7', true],
      ['::ffff:c000:207', true],
      ['2001:db8:5::9', true],
      ['192.0.2.7, 203.0.113.9', false],
      ['192.0.2.7,', false],
      ['192.0.2.7, ::ffff:203.0.113.9', false],
      ['2001:db8:6::9', false],
      ['192.0.2.7.example.com', false],
      ['unknown', false],
      [null, false],
    ];
    for (const [forwarded, expected] of cases)
      assert.equal(await opens(forwarded), expected, forwarded ?? 'no header');
  });

  test('believes no header at all without a proxy', async () => {
    allow(['192.0.2.0/24'], false);
    assert.equal(await opens('192.0.2.7'), false);
    allow(['127.0.0.0/8', '::1'], false);
    assert.equal(await opens('203.0.113.9'), true);
  });
});

describe('a cookie that somebody else has got hold of', () => {
  let server: ConsoleServer;
  let owner: TestPerson;
  before(async () => {
    server = await serveConsole({ real: true });
    owner = await firstOwner(server.ctx, server.desk);
    await server.clock.advance(PROOF_STANDS_MS);
  });
  after(() => server.stop());

  test('makes no way in that outlives it: each form asks for the second factor', async () => {
    const [session] = await server.desk.sessions(owner.person);
    const { id } = owner.person;
    const forms: [path: string, fields: Record<string, string>][] = [
      ['/console/security', { do: 'codes' }],
      ['/console/security', { do: 'remove-passkey', id: 'some' }],
      ['/console/security', { do: 'password', current: 'x', next: 'y', again: 'y' }],
      ['/console/people', { do: 'invite', email: 'eve@evil.example', role: 'owner' }],
      ['/console/people', { do: 'role', id, role: 'owner' }],
      ['/console/people', { do: 'unblock', id }],
      ['/console/people', { do: 'reset-password', id }],
      ['/console/people', { do: 'reset-factor', id }],
      ['/console/tokens', { do: 'create', name: 'eve', scopes: 'accounts', lasts: 'never' }],
      ['/console/enrol', { do: 'app', code: '123456' }],
      ['/console/enrol', { do: 'passkey' }],
      ['/console/enrol', { do: 'make-passkey', response: '{}' }],
    ];
    for (const [path, fields] of forms) {
      const answer = await fetch(server.url + path, {
        method: 'POST',
        headers: { cookie: owner.browser.cookie, origin: server.url },
        body: new URLSearchParams(fields),
        redirect: 'manual',
      });
      assert.equal(answer.status, 401, `${path} ${fields['do']}`);
      assert.match(await answer.text(), /Confirm that it is you/);
    }
    assert.deepEqual(await listTokens(server.ctx), []);
    assert.equal((await server.desk.listPeople()).people.length, 1);
    assert.deepEqual((await server.desk.listPeople()).invitations, []);
    assert.equal((await server.desk.sessions(owner.person))[0]?.id, session?.id);
  });
});
