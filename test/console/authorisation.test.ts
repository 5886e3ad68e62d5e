import { ROLES, roleMay, type Role } from '@upheld/domain/access/permissions.ts';
import { browser, colleague, firstOwner, granted } from '@upheld/testkit/accounts.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_ROUTES, type Rule } from '../../apps/site/src/console/routes.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

/*
 * Every route of the console, for everyone, read and posted to: generated from the rules, so that a new
 * route stands in the table by itself.
 */

const VISITORS = ['nobody', 'expired', 'revoked', 'forged', ...ROLES] as const;
type Visitor = (typeof VISITORS)[number];

type Answer = 'opens' | 'to sign in' | 'refused' | 'not there';

const isRole = (visitor: Visitor): visitor is Role => ROLES.some((role) => role === visitor);

function expected(rule: Rule | null, visitor: Visitor): Answer {
  if (rule === null) return 'not there';
  if (rule === 'anyone') return 'opens';
  if (!isRole(visitor)) return 'to sign in';
  return rule === 'signed-in' || roleMay(visitor, rule) ? 'opens' : 'refused';
}

async function answered(response: Response): Promise<Answer> {
  const text = await response.text();
  if (
    response.status === 303 &&
    /^\/console\/sign-in(\?|$)/.test(response.headers.get('location') ?? '')
  )
    return 'to sign in';
  if (response.status === 401 && text.includes('You are signed out')) return 'to sign in';
  if (response.status === 403) return 'refused';
  assert.ok(response.status < 500, `answered ${response.status}`);
  // A page of the console says itself that what it is about is not there.
  return response.status === 404 && !text.includes('Upheld console') ? 'not there' : 'opens';
}

/** Ends the session of whoever posts to it, and opens for who has none by sending them to sign in. */
const SIGN_OUT = '/console/sign-out';
/** Shown in the place of others: it says 403 or 401 to whoever asks for it. */
const STAND_INS = ['/console/refused', '/console/unsent'];

let server: ConsoleServer;
const cookies = new Map<Visitor, string>();
before(async () => {
  server = await serveConsole({ real: true });
  const { ctx, desk, clock } = server;
  const gone = await firstOwner(ctx, desk);
  await clock.advance(ctx.config().console.longest + 1000);
  cookies.set('expired', gone.browser.cookie);
  const owner = browser();
  const { email, password } = gone;
  owner.take(granted(await desk.signIn({ ...owner.visit(), email, password })));
  owner.take(granted(await desk.verifyTotp({ ...owner.visit(), code: gone.totp(clock.now()) })));
  cookies.set('owner', owner.cookie);
  const { person } = await desk.personOf(owner.visit());
  assert.ok(person);
  for (const role of ['viewer', 'engineer', 'manager'] as const) {
    const made = await colleague(ctx, desk, { invitedBy: person, role, name: `The ${role}` });
    cookies.set(role, made.browser.cookie);
  }
  const other = await colleague(ctx, desk, { invitedBy: person, role: 'owner', name: 'Another' });
  await desk.revokeSession(other.person, { ...other.browser.visit(), id: other.person.sessionId });
  cookies.set('revoked', other.browser.cookie);
  cookies.set('forged', owner.cookie.replace(/=./g, '=x'));
});
after(() => server.stop());

function ask(path: string, method: string, visitor: Visitor): Promise<Response> {
  const cookie = cookies.get(visitor);
  return fetch(server.url + path, {
    method,
    redirect: 'manual',
    headers: { ...(cookie === undefined ? {} : { cookie }), origin: server.url },
    ...(method === 'POST' ? { body: new URLSearchParams({ do: 'no-such-verb' }) } : {}),
  });
}

describe('a page of the console', () => {
  const routes = Object.entries(CONSOLE_ROUTES).filter(
    ([path]) => path !== SIGN_OUT && !STAND_INS.includes(path),
  );
  for (const [route, { read, post }] of routes)
    for (const method of ['GET', 'POST'] as const)
      test(`${method} ${route} opens to whom its rule names, and to nobody else`, async () => {
        const path = route.replace(/\[[^\]]*\]/g, 'x');
        const rule = method === 'GET' ? read : post;
        for (const visitor of VISITORS) {
          const response = await ask(path, method, visitor);
          assert.equal(response.headers.get('cache-control'), 'no-store', visitor);
          const wanted = expected(rule, visitor);
          const got = await answered(response);
          const onward = got === 'to sign in' && wanted === 'opens' && rule === 'anyone';
          // The steps of signing in send who has not begun to its beginning.
          if (!onward) assert.equal(got, wanted, `${method} ${path} for ${visitor}`);
        }
      });

  test('that stands in for others tells nobody anything', async () => {
    for (const path of STAND_INS)
      for (const visitor of VISITORS) {
        const { status } = await ask(path, 'GET', visitor);
        assert.ok([303, 403].includes(status), `${path} for ${visitor}: ${status}`);
      }
  });

  test('that is unknown sends strangers to sign in, so that they learn no paths', async () => {
    assert.equal(await answered(await ask('/console/none/such', 'GET', 'nobody')), 'to sign in');
    assert.equal((await ask('/console/none/such', 'GET', 'viewer')).status, 404);
  });

  test('signs out by its form alone, and only whoever sends it', async () => {
    const read = await ask(SIGN_OUT, 'GET', 'viewer');
    assert.equal(read.headers.get('location'), '/console');
    assert.equal((await ask('/console', 'GET', 'viewer')).status, 200);
    const sent = await ask(SIGN_OUT, 'POST', 'viewer');
    assert.equal(sent.headers.get('location'), '/console/sign-in?said=signed-out');
    assert.equal(await answered(await ask('/console', 'GET', 'viewer')), 'to sign in');
    assert.equal((await ask('/console', 'GET', 'engineer')).status, 200);
  });
});
