import { PERMISSIONS, type Permission } from '@upheld/domain/access/permissions.ts';
import { createToken, revokeToken } from '@upheld/services/token/tokens.ts';
import { readRevision } from '@upheld/services/revision.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { harness, problemIn, type Answer, type Harness } from '../test/harness.ts';
import { createApi } from './app.ts';
import { routeName, ruleOf, type Rule } from './http/permissions.ts';

/** What may be written without a token, said here a second time: the table alone could be wrong. */
const OPEN_WRITES = [
  'POST /api/v1/subscriptions',
  'POST /api/v1/subscriptions/choose',
  'POST /api/v1/subscriptions/confirm',
  'POST /api/v1/subscriptions/confirm-code',
  'POST /api/v1/subscriptions/look',
  'POST /api/v1/subscriptions/unsubscribe',
];

const SIGNED = ['POST /api/incoming/mail', 'POST /api/incoming/sms-status'];

/** Where something stands before every method: a handler among these would be open to all of them. */
const BEFORE_EVERY_METHOD = [
  '/*',
  '/api',
  '/api/openapi.json',
  '/api/v1/*',
  '/api/v2/*',
  '/pages/:pageId/api/v2/*',
];

eachDatabase(
  'who may do what over the API',
  (databases) => {
    let h: Harness;
    let routes: string[];
    const tokens = new Map<string, string>();
    before(async () => {
      h = await harness(await databases.open());
      routes = namesOf(h.api);
      const make = async (name: string, scopes: readonly Permission[], expiresAt?: number) => {
        const made = await createToken(h.ctx, { name: 'cli' }, { name, scopes, expiresAt });
        tokens.set(name, made.token);
        return made;
      };
      for (const scope of PERMISSIONS) await make(scope, [scope]);
      const { id } = await make('revoked', PERMISSIONS);
      await revokeToken(h.ctx, { name: 'cli' }, { id });
      await make('expired', PERMISSIONS, h.ctx.clock.now() + 1000);
      await h.ctx.clock.advance(1000);
      tokens.set('malformed', 'upheld_x');
      tokens.set('unknown', `upheld_${'a'.repeat(43)}`);
    });

    let clients = 0;
    /** From a new address each time, so that no limit speaks in the place of a rule. */
    const ask = (route: string, token: string | undefined): Promise<Answer> => {
      const [method = '', pattern = ''] = route.split(' ');
      clients += 1;
      return h.ask(method, pattern.replaceAll(/\{\w+\}/g, 'some-id'), {
        ...(token === undefined ? {} : { token }),
        ...(['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}),
        from: `10.${clients >> 16}.${(clients >> 8) & 255}.${clients & 255}`,
      });
    };
    const guarded = (): { route: string; scope: Permission }[] =>
      routes.flatMap((route) => {
        const rule = ruleOf(route);
        return rule === undefined || rule === 'public' || rule === 'signed'
          ? []
          : [{ route, scope: rule }];
      });
    const withRule = (rule: Rule) => routes.filter((route) => ruleOf(route) === rule);

    it('is a table of every route, of which each has a rule', () => {
      assert.ok(routes.length > 60, `only ${routes.length} routes were found`);
      assert.deepEqual(
        routes.filter((route) => ruleOf(route) === undefined),
        [],
      );
    });

    it('sees a route without a rule (control)', async () => {
      const api = createApi(h.ctx, { desk: h.desk });
      api.get('/api/v1/leak/:id', (c) => c.json({ leak: true }));
      assert.deepEqual(
        namesOf(api).filter((route) => ruleOf(route) === undefined),
        ['GET /api/v1/leak/{id}'],
      );
      for (const token of [undefined, ...tokens.values()]) {
        const headers: Record<string, string> =
          token === undefined ? {} : { authorization: `Bearer ${token}` };
        const { status } = await api.request('/api/v1/leak/1', { headers });
        assert.ok([401, 403, 429].includes(status), String(status));
      }
    });

    it('lets nobody write without a token but who subscribes, and who signs', () => {
      const open = [...withRule('public'), ...withRule('signed')].filter(
        (route) => !route.startsWith('GET '),
      );
      assert.deepEqual(open.sort(), [...OPEN_WRITES, ...SIGNED].sort());
      assert.deepEqual(withRule('signed').sort(), SIGNED);
    });

    it('has no handler that answers to every method', () => {
      const paths = h.api.routes.filter(({ method }) => method === 'ALL').map(({ path }) => path);
      assert.deepEqual(
        [...new Set(paths)].filter((path) => !BEFORE_EVERY_METHOD.includes(path)),
        [],
      );
    });

    describe('what needs a token', () => {
      for (const who of ['nobody', 'malformed', 'unknown', 'revoked', 'expired'])
        it(`is refused with 401 to a token that is ${who === 'nobody' ? 'not there' : who}`, async () => {
          for (const { route } of guarded()) {
            const answer = await ask(route, tokens.get(who));
            assert.equal(answer.status, 401, route);
            problemIn(answer);
          }
        });

      for (const scope of PERMISSIONS)
        it(`with the scope "${scope}" alone, is what its rule says and nothing else`, async () => {
          for (const { route, scope: needed } of guarded()) {
            const answer = await ask(route, tokens.get(scope));
            if (needed === scope) {
              assert.ok(![401, 403, 405, 429].includes(answer.status), `${route}: ${answer.text}`);
              assert.ok(answer.status < 500, `${route}: ${answer.text}`);
              assert.doesNotMatch(answer.text, /nothing at this address/, route);
            } else {
              assert.equal(answer.status, 403, `${route} with ${scope}`);
              assert.ok(problemIn(answer).detail.includes(`the scope "${needed}"`));
              assert.ok(
                answer.headers.get('www-authenticate')?.endsWith(`scope="${needed}"`) === true,
              );
            }
          }
        });

      it('leaves no trace of what was refused, and every scope opens something', async () => {
        const used = new Set(guarded().map(({ scope }) => scope));
        for (const scope of ['incidents', 'maintenance', 'tickets', 'corrections'] as const)
          assert.ok(used.has(scope), scope);
        assert.equal(await readRevision(h.ctx.db.read), 0);
      });
    });

    it('shows what is public to everyone, whatever token they send', async () => {
      for (const route of withRule('public'))
        for (const who of ['nobody', 'malformed', 'revoked', 'expired', 'read']) {
          const { status, text } = await ask(route, tokens.get(who));
          assert.ok(![401, 403, 405].includes(status), `${route} for ${who}: ${text}`);
        }
    });

    it('takes no word of a provider that did not sign it', async () => {
      for (const route of withRule('signed'))
        for (const who of ['nobody', 'tickets', 'settings']) {
          const { status } = await ask(route, tokens.get(who));
          assert.ok([401, 403, 404].includes(status), `${route} for ${who}: ${status}`);
        }
    });
  },
  'sqlite',
);

function namesOf(api: Harness['api']): string[] {
  const names = api.routes.filter(({ method }) => method !== 'ALL').map((one) => routeName(one));
  return [...new Set(names)].sort();
}
