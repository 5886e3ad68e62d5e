import type { Language } from '@upheld/domain/text.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { SiteContext } from '../site-context.ts';
import {
  HIDDEN_BANNER,
  pageCache,
  type KeepablePage,
  type PageCacheOptions,
} from './page-cache.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const START = Date.UTC(2026, 10, 21, 9);
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A cache on a port of its own, over a page that says which rendering it is. */
async function cacheFixture(options: Partial<PageCacheOptions> = {}) {
  const state = {
    now: START,
    revision: 1,
    until: START + 3_600_000,
    broken: null as Error | null,
    status: 200,
    renders: 0,
    asked: 0,
    logged: [] as string[],
    /** Awaited by each rendering. */
    gate: Promise.resolve() as Promise<unknown>,
  };
  const log = (_fields: object, message: string) => void state.logged.push(message);
  const upheld = {
    now: () => state.now,
    log: { info: log, warn: log, error: log },
    revision() {
      state.asked += 1;
      if (state.broken) throw state.broken;
      return state.revision;
    },
  } as unknown as SiteContext;
  const render = async (path: string, language: Language): Promise<KeepablePage> => {
    state.renders += 1;
    const count = state.renders;
    await state.gate;
    const text = `<aside${HIDDEN_BANNER}>old</aside>${path} in ${language}, rendering ${count}, ${'x'.repeat(2000)}`;
    return {
      status: state.broken ? 500 : state.status,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-length': text.length },
      body: Buffer.from(text),
      until: state.until,
    };
  };
  const cache = pageCache({ upheld, render, ...options });
  const server = createServer((req, res) => {
    const [path = '/', search = ''] = (req.url ?? '/').split('?');
    const query = new URLSearchParams(search);
    const language = query.get('lang') === 'en' ? 'en' : 'nl';
    void cache.serve(req, res, { path, language, switched: query.has('lang') });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const port = (server.address() as AddressInfo).port;
  const get = (path = '/', headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      httpRequest({ port, path, headers, method, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            body: Buffer.concat(chunks),
          }),
        );
      })
        .once('error', reject)
        .end();
    });
  return { state, get };
}

test('a page is rendered once for all who ask while nothing changes', async () => {
  const { state, get } = await cacheFixture();
  const first = await get();
  const second = await get();
  assert.equal(state.renders, 1);
  assert.deepEqual(second.body, first.body);
  assert.match(
    first.headers['cache-control'] ?? '',
    /^public, max-age=10, stale-while-revalidate=60/,
  );
  assert.equal(first.headers.vary, 'Accept-Language, Cookie, Accept-Encoding');
  assert.equal(first.headers['content-language'], 'nl');
});

test('a change of what is recorded shows at once', async () => {
  const { state, get } = await cacheFixture();
  const before = await get();
  state.revision = 2;
  const after = await get();
  assert.equal(state.renders, 2);
  assert.notEqual(after.headers.etag, before.headers.etag);
});

test('a page is rendered again when the clock alone has changed it', async () => {
  const { state, get } = await cacheFixture();
  state.until = START + 5000;
  await get();
  state.now = START + 4999;
  await get();
  assert.equal(state.renders, 1);
  state.now = START + 5000;
  await get();
  assert.equal(state.renders, 2);
});

test('a page on which nothing happens is rendered again after half a minute', async () => {
  const { state, get } = await cacheFixture();
  await get();
  state.now = START + 30_000;
  await get();
  assert.equal(state.renders, 2);
});

test('each language and each path has a page of its own', async () => {
  const { state, get } = await cacheFixture();
  const bodies = [await get('/'), await get('/?lang=en'), await get('/pages/two')];
  assert.equal(state.renders, 3);
  assert.match(bodies[1]!.body.toString(), /\/ in en/);
  assert.match(bodies[2]!.body.toString(), /\/pages\/two in nl/);
});

test('a switch of language sets the cookie and is kept by nobody else', async () => {
  const { get } = await cacheFixture();
  await get('/');
  const { headers } = await get('/?lang=en');
  assert.match(String(headers['set-cookie']), /^lang=en; Path=\//);
  assert.equal(headers['cache-control'], 'private, no-cache');
});

test('a visitor who has the page gets 304, in each encoding', async () => {
  const { get } = await cacheFixture();
  for (const encoding of ['identity', 'gzip', 'br']) {
    const first = await get('/', { 'accept-encoding': encoding });
    const again = await get('/', {
      'accept-encoding': encoding,
      'if-none-match': `"other", ${first.headers.etag ?? ''}`,
    });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers.etag, first.headers.etag);
    assert.equal(again.headers['content-length'], undefined);
    assert.equal(
      (await get('/', { 'accept-encoding': encoding, 'if-none-match': '"x"' })).status,
      200,
    );
  }
});

test('every encoding holds the same page under a strong tag of its own', async () => {
  const { get } = await cacheFixture();
  const plain = await get('/');
  const zipped = await get('/', { 'accept-encoding': 'gzip, deflate' });
  const smallest = await get('/', { 'accept-encoding': 'gzip, deflate, br;q=0.9' });
  assert.deepEqual(gunzipSync(zipped.body), plain.body);
  assert.deepEqual(brotliDecompressSync(smallest.body), plain.body);
  const tags = [plain, zipped, smallest].map(({ headers }) => headers.etag ?? '');
  assert.equal(new Set(tags).size, 3);
  for (const tag of tags) assert.match(tag, /^"[\w-]+"$/);
  assert.equal(Number(smallest.headers['content-length']), smallest.body.length);
});

test('an encoding that is refused is not used', async () => {
  const { get } = await cacheFixture();
  const { headers } = await get('/', { 'accept-encoding': 'br;q=0, gzip;q=0.0, identity' });
  assert.equal(headers['content-encoding'], undefined);
});

test('HEAD tells the length and sends nothing', async () => {
  const { get } = await cacheFixture();
  const { body } = await get('/');
  const head = await get('/', {}, 'HEAD');
  assert.equal(head.body.length, 0);
  assert.equal(Number(head.headers['content-length']), body.length);
});

test('all who come together share one rendering', async () => {
  const { state, get } = await cacheFixture();
  const gate = Promise.withResolvers<undefined>();
  state.gate = gate.promise;
  const answers = Promise.all(Array.from({ length: 10 }, () => get()));
  while (state.renders === 0) await new Promise((resolve) => setImmediate(resolve));
  gate.resolve(undefined);
  assert.equal(new Set((await answers).map(({ body }) => body.toString())).size, 1);
  assert.equal(state.renders, 1);
});

test('when the database fails, the last good page is shown with its age', async () => {
  const { state, get } = await cacheFixture();
  const good = await get();
  assert.match(good.body.toString(), /data-age-banner hidden/);
  state.broken = new Error('the disk is gone');
  const aged = await get();
  assert.equal(aged.status, 200);
  assert.equal(aged.body.toString(), good.body.toString().replace(' data-age-banner hidden', ''));
  assert.notEqual(aged.headers.etag, good.headers.etag);
  assert.equal(state.renders, 1);
});

test('a database that fails is left alone for a second, and then asked again', async () => {
  const { state, get } = await cacheFixture();
  await get();
  state.broken = new Error('the disk is gone');
  await get();
  const asked = state.asked;
  await get();
  assert.equal(state.asked, asked);
  state.now += 1000;
  state.broken = null;
  const back = await get();
  assert.match(back.body.toString(), /data-age-banner hidden/);
  assert.deepEqual(state.logged, [
    'the database does not answer; showing the last good pages',
    'the database answers again; pages are current',
  ]);
});

test('a page that can no longer be rendered is shown as it was, with its age', async () => {
  const { state, get } = await cacheFixture();
  await get();
  state.revision = 2;
  state.status = 500;
  assert.doesNotMatch((await get()).body.toString(), /hidden/);
  await get();
  assert.equal(state.renders, 2, 'and is not tried again for a second');
  state.now += 1000;
  state.status = 200;
  assert.match((await get()).body.toString(), /rendering 3/);
});

test('a database that hangs is one that fails', async () => {
  const never = new Promise<number>(() => undefined);
  const { state, get } = await cacheFixture({ patienceMs: 20 });
  await get();
  Object.defineProperty(state, 'revision', { get: () => never });
  assert.doesNotMatch((await get()).body.toString(), /hidden/);
});

test('a page that hangs is an error, and is kept by nobody', async () => {
  const { state, get } = await cacheFixture({ renderMs: 20 });
  state.gate = new Promise(() => undefined);
  const hung = await get();
  assert.equal(hung.status, 500);
  assert.equal(hung.headers['cache-control'], 'no-store');
  state.gate = Promise.resolve();
  assert.equal((await get()).status, 200);
});

test('what is not there is not kept', async () => {
  const { state, get } = await cacheFixture();
  state.status = 404;
  assert.equal((await get('/incidents/none')).status, 404);
  assert.equal((await get('/incidents/none')).headers['cache-control'], 'no-store');
  assert.equal(state.renders, 2);
});

test('the pages used last stay when there is no room for all', async () => {
  const { state, get } = await cacheFixture({ maxBytes: 10_000 });
  await get('/one');
  await get('/two');
  await get('/one');
  await get('/three');
  assert.equal(state.renders, 3);
  await get('/one');
  assert.equal(state.renders, 3);
  await get('/two');
  assert.equal(state.renders, 4);
});
