import { harness, problemIn, type Harness } from '../test/harness.ts';
import { operations } from '../test/conformance.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { createApi } from './app.ts';
import { PERMISSIONS_OF_ROUTES, routeName } from './http/permissions.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';

/** Every route that answers without a token. A route that is not here has to refuse. */
const PUBLIC = new Set(
  Object.entries(PERMISSIONS_OF_ROUTES)
    .filter(([, rule]) => rule === 'public' || rule === 'signed')
    .map(([route]) => route),
);

/** Of the document itself, and what only a provider calls, in words of its own. */
const UNTOLD = ['GET /api', 'GET /api/openapi.json', 'POST /api/incoming/sms-status'];

eachDatabase(
  'the HTTP API',
  (databases) => {
    let h: Harness;
    before(async () => {
      h = await harness(await databases.open());
    });

    describe('lets nobody write without a token', () => {
      const routes = () =>
        [
          ...new Set(
            h.api.routes.filter(({ method }) => method !== 'ALL').map((route) => routeName(route)),
          ),
        ].sort();

      it('every registered route is public by name or refuses with 401', async () => {
        let guarded = 0;
        for (const route of routes()) {
          const [method = '', pattern = ''] = route.split(' ');
          const path = pattern.replaceAll(/\{\w+\}/g, 'some-id');
          const answer = await h.ask(method, path, method === 'POST' ? { body: {} } : {});
          if (PUBLIC.has(route)) assert.notEqual(answer.status, 401, `${route} asks for a token`);
          else {
            guarded += 1;
            assert.equal(answer.status, 401, `${route} answers ${answer.status} without a token`);
            assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm="upheld"$/);
          }
        }
        assert.ok(guarded >= 14, `only ${guarded} routes are guarded`);
      });

      it('every route has a rule, and no rule is of a route that is gone', () => {
        assert.deepEqual(routes(), Object.keys(PERMISSIONS_OF_ROUTES).sort());
      });

      it('a route that somebody adds without a rule is closed, to every token', async () => {
        const authorization = `Bearer ${h.token}`;
        for (const path of ['/api/v1/secrets', '/secrets']) {
          const api = createApi(h.ctx, { desk: h.desk });
          api.get(path, (c) => c.json({ secret: true }));
          assert.equal((await api.request(path)).status, 401);
          assert.equal((await api.request(path, { headers: { authorization } })).status, 403);
        }
      });

      it('the OpenAPI document says which routes need one, and knows them all', () => {
        const told = operations(h.document).map(({ method, path, operation }) => ({
          route: `${method} ${path}`,
          guarded: operation.security !== undefined,
        }));
        assert.deepEqual(
          told.map(({ route }) => route).sort(),
          routes().filter((route) => !UNTOLD.includes(route)),
        );
        for (const { route, guarded } of told) assert.equal(guarded, !PUBLIC.has(route), route);
      });

      it('a token lets in, whatever the case of "Bearer", until it is revoked', async () => {
        assert.equal((await h.ask('GET', '/api/v1/subscribers', { token: h.token })).status, 200);
        const lower = { authorization: `bearer ${h.token}` };
        assert.equal((await h.ask('GET', '/api/v1/subscribers', { headers: lower })).status, 200);
      });

      const wrong = {
        'of another scheme': (token: string) => `Basic ${token}`,
        'without the scheme': (token: string) => token,
        'with something after it': (token: string) => `Bearer ${token} x`,
        'cut short': (token: string) => `Bearer ${token.slice(0, -1)}`,
        'with the scheme said twice': (token: string) => `Bearer Bearer ${token}`,
      };
      for (const [how, authorization] of Object.entries(wrong))
        it(`a token ${how} does not`, async () => {
          const answer = await h.ask('GET', '/api/v1/subscribers', {
            headers: { authorization: authorization(h.token) },
            from: `192.0.2.${how.length}`,
          });
          assert.equal(answer.status, 401);
          assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
        });

      it('who keeps guessing is refused for a while, alone', async () => {
        const guess = (from: string, token = 'upheld_wrong-wrong-wrong-wrong-wrong-wrong') =>
          h.ask('GET', '/api/v1/subscribers', { token, from });
        for (let n = 0; n < 20; n += 1) assert.equal((await guess('198.51.100.9')).status, 401);
        const refused = await guess('198.51.100.9', h.token);
        assert.equal(refused.status, 429);
        assert.ok(Number(refused.headers.get('retry-after')) > 0);
        assert.equal((await guess('198.51.100.10', h.token)).status, 200);
      });

      it('a good token never uses up the patience', async () => {
        for (let n = 0; n < 30; n += 1)
          assert.equal(
            (await h.ask('GET', '/api/v1/subscribers', { token: h.token, from: '198.51.100.20' }))
              .status,
            200,
          );
      });
    });

    describe('answers what is wrong as problem details', () => {
      it('404 for an unknown path, with a token and under /api/v2', async () => {
        assert.equal(problemIn(await h.as('GET', '/api/v1/nothing')).status, 404);
        assert.equal(problemIn(await h.ask('GET', '/api/v2/nothing.json')).status, 404);
      });

      it('405 with the methods that there are', async () => {
        const answer = await h.as('DELETE', '/api/v1/incidents');
        assert.equal(problemIn(answer).status, 405);
        assert.deepEqual(answer.headers.get('allow')?.split(', ').sort(), ['GET', 'HEAD', 'POST']);
      });

      it('400 for a body that is no JSON, with where it stops being any', async () => {
        const said = async (body: string): Promise<string> => {
          const headers = { 'content-type': 'application/json' };
          const asking = { token: h.token, body, headers };
          const { status, detail } = problemIn(await h.ask('POST', '/api/v1/incidents', asking));
          assert.equal(status, 400);
          return detail.replace('the body is no valid JSON: ', '');
        };
        assert.equal(await said('{"title":'), 'it ends too early, at line 1, column 10');
        assert.equal(
          await said('{\n  "a": 1,\n}'),
          '"}" at line 3, column 1 does not belong there',
        );
        assert.equal(await said(' '), 'it is empty');
      });

      it('says how a text for customers is written where one language stands alone', async () => {
        const answer = await h.as('POST', '/api/v1/incidents', {
          title: 'Slow',
          body: { nl: 'Traag.', en: 'Slow.' },
          componentIds: ['fysioone'],
          sevrity: 'a',
        });
        assert.deepEqual(problemIn(answer).faults, [
          { path: 'title', message: 'must be an object; write {"nl": …, "en": …}' },
          { path: 'sevrity', message: 'is no known key; did you mean "severity"?' },
        ]);
        const address = problemIn(await h.as('GET', '/api/v1/tickets?opn=true'));
        assert.deepEqual(address.faults, [
          { path: 'opn', message: 'is no known key; did you mean "open"?' },
        ]);
      });

      it('415 for a body that does not say it is JSON', async () => {
        for (const type of [
          'text/plain',
          'application/x-www-form-urlencoded',
          'text/json;a=application/json',
        ]) {
          const answer = await h.ask('POST', '/api/v1/incidents', {
            token: h.token,
            body: {},
            headers: { 'content-type': type },
          });
          assert.equal(problemIn(answer).status, 415, type);
        }
      });

      it('413 for a body that is too large, also when its size is not told', async () => {
        const body = JSON.stringify({ title: 'x'.repeat(70_000) });
        assert.equal(problemIn(await h.as('POST', '/api/v1/incidents', body)).status, 413);
        const stream = new Blob([body]).stream();
        const response = await h.api.request('/api/v1/incidents', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${h.token}` },
          body: stream,
          duplex: 'half',
        } as RequestInit);
        assert.equal(response.status, 413);
      });

      it('422 with the path of every fault, unknown keys among them', async () => {
        const answer = await h.as('POST', '/api/v1/maintenances', {
          componentIds: [],
          from: '2026-12-01T22:00',
          to: '2026-12-02T02:00:00+01:00',
          text: { nl: 'a' },
          announcedAt: '2026-01-01T00:00:00Z',
          __proto__x: 1,
        });
        const { status, faults } = problemIn(answer);
        assert.equal(status, 422);
        assert.deepEqual(faults?.map(({ path }) => path).sort(), [
          '__proto__x',
          'announcedAt',
          'componentIds',
          'from',
          'text.en',
        ]);
      });

      it('400 for a parameter in the address that is wrong', async () => {
        const answer = await h.ask('GET', '/api/v1/incidents?limit=all&colour=red');
        assert.deepEqual(
          problemIn(answer)
            .faults?.map(({ path }) => path)
            .sort(),
          ['colour', 'limit'],
        );
      });

      it('nothing of an unexpected error but the id under which the log tells more', async () => {
        const desk = { ...h.desk, confirm: () => Promise.reject(new Error('password=hunter2')) };
        const api = createApi(h.ctx, { desk });
        const response = await api.request('/api/v1/subscriptions/confirm', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"token":"t"}',
        });
        const text = await response.text();
        assert.equal(response.status, 500);
        assert.doesNotMatch(text, /hunter2|at /);
        const { requestId } = JSON.parse(text) as { requestId: string };
        const line = h.ctx.log.lines.at(-1);
        assert.equal((line?.fields as { requestId: string }).requestId, requestId);
      });

      it('503 with when to try again where something is not available', async () => {
        const desk = {
          ...h.desk,
          confirm: () => Promise.reject(new DomainError('unavailable', 'the desk is closed')),
        };
        const response = await createApi(h.ctx, { desk }).request('/api/v1/subscriptions/confirm', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"token":"t"}',
        });
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('retry-after'), '10');
      });

      it('their type leads to an address of the configured site, whatever Host says', async () => {
        const answer = await h.ask('GET', '/api/v2/nothing.json', {
          headers: { host: 'evil.example' },
        });
        assert.equal(problemIn(answer).type, 'http://status.example.test/api#not-found');
      });
    });

    describe('sends safe headers', () => {
      it('on every answer', async () => {
        for (const path of [
          '/healthz',
          '/api/v1/pages',
          '/api/v1/subscribers',
          '/api/v2/summary.json',
        ]) {
          const { headers } = await h.ask('GET', path);
          assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/, path);
          assert.equal(headers.get('x-content-type-options'), 'nosniff');
          assert.equal(headers.get('referrer-policy'), 'no-referrer');
          assert.equal(headers.get('x-frame-options'), 'DENY');
        }
      });

      it('lets caches keep what is public for a moment, and nothing else', async () => {
        const open = await h.ask('GET', '/api/v1/incidents');
        assert.match(open.headers.get('cache-control') ?? '', /^public, max-age=10,/);
        assert.equal(open.headers.get('access-control-allow-origin'), '*');
        const own = await h.ask('GET', '/api/v1/subscribers', { token: h.token });
        assert.equal(own.headers.get('cache-control'), 'no-store');
        assert.equal(own.headers.get('access-control-allow-origin'), null);
      });

      it('answers 304 while nothing has changed, and 200 once it has', async () => {
        const first = await h.ask('GET', '/api/v1/pages/main');
        const etag = first.headers.get('etag') ?? '';
        assert.match(etag, /^(W\/)?"/);
        const again = () =>
          h.ask('GET', '/api/v1/pages/main', { headers: { 'if-none-match': etag } });
        const second = await again();
        assert.equal(second.status, 304);
        assert.match(second.headers.get('cache-control') ?? '', /max-age=10/);
        await h.as('POST', '/api/v1/incidents', {
          title: { nl: 'Traag', en: 'Slow' },
          componentIds: ['fysioone'],
          body: { nl: 'We kijken.', en: 'We look.' },
        });
        assert.equal((await again()).status, 200);
      });
    });

    describe('tells of itself', () => {
      it('on a page for people, where each kind of problem has its place', async () => {
        const config = h.ctx.config();
        const organisation = { ...config.organisation, name: '<script>alert(1)</script>' };
        h.ctx.configure({ ...config, organisation });
        const response = await h.api.request('/api');
        h.ctx.configure(config);
        const page = await response.text();
        assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
        assert.doesNotMatch(page, /<script/);
        assert.match(page, /<code>POST \/api\/v1\/maintenances<\/code>.*\(token: maintenance\)/);
        const { type } = problemIn(await h.ask('GET', '/api/v2/nothing.json'));
        assert.ok(page.includes(`id="${new URL(type).hash.slice(1)}"`));
        const style = /<style>(.*)<\/style>/.exec(page)?.[1] ?? '';
        const hash = createHash('sha256').update(style).digest('base64');
        assert.ok(response.headers.get('content-security-policy')?.includes(`'sha256-${hash}'`));
      });

      it('in an OpenAPI 3.1 document whose pointers all lead somewhere', () => {
        assert.equal(h.document.openapi, '3.1.0');
        const text = JSON.stringify(h.document);
        for (const [, ref = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
          const target = ref
            .split('/')
            .reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], h.document);
          assert.ok(target, ref);
        }
        const ids = operations(h.document).map(({ operation }) => operation.operationId);
        assert.equal(new Set(ids).size, ids.length);
      });
    });
  },
  'sqlite',
);
