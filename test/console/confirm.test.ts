import { PROOF_STANDS_MS } from '@upheld/services/account/proof.ts';
import { listTokens } from '@upheld/services/token/tokens.ts';
import { softAuthenticator } from '@upheld/testkit/authenticator.ts';
import { firstOwner, granted, type TestPerson } from '@upheld/testkit/accounts.ts';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

const NEXT = 'vier paarden op een bankje';
const TOKEN = { do: 'create', name: 'build server', scopes: 'read', lasts: '90', odd: '"<1>&' };

/** The hidden fields of the first form that goes to `action`, as a browser would send them. */
function hiddenOf(html: string, action: string): Record<string, string> {
  const form = html.split('<form ').find((part) => part.includes(`action="${action}"`)) ?? '';
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of (form.split('</form>')[0] ?? '').matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  ))
    fields[name] = value
      .replaceAll('&quot;', '"')
      .replaceAll('&#34;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  return fields;
}

describe('a form that makes new power, in a session that has not shown a second factor lately', () => {
  let server: ConsoleServer;
  let owner: TestPerson;
  before(async () => {
    server = await serveConsole({ real: true });
    owner = await firstOwner(server.ctx, server.desk);
  });
  after(() => server.stop());
  beforeEach(async () => {
    await server.clock.advance(PROOF_STANDS_MS);
  });

  const at = () => owner.browser;
  const open = async (path: string): Promise<Response> => {
    const answer = await fetch(server.url + path, {
      headers: { cookie: at().cookie },
      redirect: 'manual',
    });
    at().take({ cookies: answer.headers.getSetCookie() });
    return answer;
  };
  const send = async (path: string, fields: Record<string, string>): Promise<Response> => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { cookie: at().cookie, origin: server.url, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    at().take({ cookies: answer.headers.getSetCookie() });
    return answer;
  };
  const code = () => owner.totp(server.clock.now());

  test('is kept while the code is asked for, and sent on with it', async () => {
    const asked = await send('/console/tokens', TOKEN);
    assert.equal(asked.status, 401);
    const html = await asked.text();
    assert.match(html, /Confirm that it is you/);
    assert.match(html, /Nothing was changed yet/);
    assert.ok(!html.replace(/="[^"]*"/g, '').includes('<1>'));
    const kept = hiddenOf(html, '/console/confirm');
    assert.deepEqual(kept, { 'proof.by': 'code', 'proof.to': '/console/tokens', ...TOKEN });
    assert.deepEqual(await listTokens(server.ctx), []);

    const wrong = await send('/console/confirm', { ...kept, 'proof.code': '000000' });
    assert.equal(wrong.status, 401);
    const again = await wrong.text();
    assert.match(again, /is not right; codes change every 30 seconds/);
    assert.deepEqual(hiddenOf(again, '/console/confirm'), kept);

    const old = at().cookie;
    const typed = { ...kept, 'proof.code': ` ${code()} ` };
    const confirmed = await send('/console/confirm', typed);
    assert.deepEqual(
      [confirmed.status, confirmed.headers.get('location')],
      [307, '/console/tokens'],
    );
    assert.notEqual(at().cookie, old);
    // What a browser does with a 307: the same form, to there.
    const made = await send('/console/tokens', typed);
    assert.equal(made.status, 200);
    assert.match(await made.text(), /upheld_[A-Za-z0-9_-]{20,}/);
    assert.deepEqual(
      (await listTokens(server.ctx)).map(({ name }) => name),
      [TOKEN.name],
    );
  });

  test('is not kept where a secret is in it, and the page says so', async () => {
    const fields = { do: 'password', current: owner.password, next: NEXT, again: NEXT };
    const asked = await send('/console/security', fields);
    assert.equal(asked.status, 401);
    const html = await asked.text();
    for (const secret of [owner.password, NEXT]) assert.ok(!html.includes(secret));
    const kept = hiddenOf(html, '/console/confirm');
    assert.deepEqual(kept, { 'proof.by': 'code', 'proof.to': '/console/security' });
    const confirmed = await send('/console/confirm', { ...kept, 'proof.code': code() });
    assert.deepEqual(
      [confirmed.status, confirmed.headers.get('location')],
      [303, '/console/security?said=confirmed'],
    );
    assert.match(await (await open('/console/security?said=confirmed')).text(), /typed again/);
    const changed = await send('/console/security', fields);
    assert.equal(changed.headers.get('location'), '/console/security?said=password');
    owner = { ...owner, password: NEXT };
  });

  test('does not even stand on the page for a password, but the way to confirm does', async () => {
    const html = await (await open('/console/security')).text();
    assert.ok(!html.includes('name="current"'));
    assert.match(html, /\/console\/confirm\?next=%2Fconsole%2Fsecurity/);
  });

  test('leads to no other site, whatever it says it is for', async () => {
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/console/../x',
    ]) {
      await server.clock.advance(30_000);
      const query = new URLSearchParams({ next: to }).toString();
      const page = await (await open(`/console/confirm?${query}`)).text();
      assert.ok(!page.includes('evil'), to);
      const sent = { 'proof.by': 'code', 'proof.to': to, 'proof.code': code(), do: 'x' };
      const answer = await send('/console/confirm', sent);
      assert.deepEqual([answer.status, answer.headers.get('location')], [307, '/console'], to);
    }
  });

  test('of a new app is asked for before its secret is shown; reloading shows the same', async () => {
    const asked = await open('/console/enrol');
    const to = '/console/confirm?next=%2Fconsole%2Fenrol';
    assert.deepEqual([asked.status, asked.headers.get('location')], [303, to]);
    const kept = hiddenOf(await (await open(to)).text(), '/console/confirm');
    const confirmed = await send('/console/confirm', { ...kept, 'proof.code': code() });
    assert.equal(confirmed.headers.get('location'), '/console/enrol?said=confirmed');
    const secretOf = async () =>
      /id="totp-secret"[^>]*>\s*([A-Z2-7 ]{39})\s*</.exec(
        await (await open('/console/enrol')).text(),
      )?.[1];
    const first = await secretOf();
    assert.ok(first);
    assert.equal(await secretOf(), first);
    const refused = await send('/console/enrol', { do: 'app', code: '000000' });
    assert.equal(refused.status, 401);
    assert.ok((await refused.text()).includes(first));
  });

  test('can be confirmed with a passkey, with what was typed', async () => {
    const key = softAuthenticator();
    at().take(granted(await server.desk.proveTotp({ ...at().visit(), code: code() })));
    const asked = at().take(granted(await server.desk.passkeyRegistrationOptions(at().visit())));
    const origin = server.url;
    const response = key.create(asked.options, { origin });
    at().take(granted(await server.desk.verifyPasskeyRegistration({ ...at().visit(), response })));
    await server.clock.advance(PROOF_STANDS_MS);

    const fields = { ...TOKEN, name: 'by passkey' };
    await send('/console/tokens', fields);
    const sent = { ...fields, 'proof.to': '/console/tokens', 'proof.by': 'passkey' };
    const html = await (await send('/console/confirm', sent)).text();
    const options = /data-passkey-options="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#34;', '"');
    const parsed: unknown = JSON.parse((options ?? '').replaceAll('&quot;', '"'));
    const asserted = key.get(parsed as Record<string, unknown>, { origin });
    const kept = hiddenOf(html, '/console/confirm');
    assert.equal(kept['name'], 'by passkey');
    const answer = { ...kept, response: JSON.stringify(asserted) };
    const confirmed = await send('/console/confirm', answer);
    assert.equal(confirmed.status, 307);
    assert.equal((await send('/console/tokens', answer)).status, 200);
    const replayed = await send('/console/confirm', answer);
    assert.equal(replayed.status, 401);
  });

  test('is kept, without the code, when the session has ended meanwhile', async () => {
    const answer = await fetch(`${server.url}/console/confirm`, {
      method: 'POST',
      headers: { origin: server.url, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({
        ...TOKEN,
        ...{ 'proof.by': 'code', 'proof.to': '/console/tokens', 'proof.code': '123456' },
      }),
      redirect: 'manual',
    });
    assert.equal(answer.status, 401);
    const html = await answer.text();
    assert.deepEqual(hiddenOf(html, '/console/tokens'), TOKEN);
    assert.ok(!html.includes('123456'));
  });

  test('of another site is refused before anything is asked', async () => {
    const answer = await fetch(`${server.url}/console/confirm`, {
      method: 'POST',
      headers: { cookie: at().cookie, origin: 'https://evil.example' },
      body: new URLSearchParams({ ...TOKEN, 'proof.by': 'code', 'proof.code': code() }),
      redirect: 'manual',
    });
    assert.equal(answer.status, 403);
  });
});
