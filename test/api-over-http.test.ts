import { createApi } from '@upheld/api/app.ts';
import type { SubscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { getRequestListener } from '@hono/node-server';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';

/** The API as it stands on the wire: what a call without a server cannot show. */
eachDatabase(
  'the API behind a real server',
  (databases) => {
    let ctx: TestContext;
    let server: Server;
    let token: string;
    before(async () => {
      ctx = testContext(await databases.open());
      ({ token } = await createToken(
        ctx,
        { name: 'cli' },
        { name: 'tests', scopes: ['read', 'incidents', 'maintenance', 'subscribers'] },
      ));
      const desk = {} as SubscriptionDesk;
      const listener = getRequestListener(createApi(ctx, { desk }).fetch);
      server = createServer((req, res) => void listener(req, res));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    after(() => {
      server.close();
      server.closeAllConnections();
    });

    interface Sent {
      method?: string;
      headers?: Record<string, string>;
      /** Parts of a body whose length is not told beforehand. */
      parts?: readonly string[];
    }
    const send = async (
      path: string,
      { method = 'GET', headers = {}, parts = [] }: Sent = {},
    ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> => {
      const { port } = server.address() as AddressInfo;
      const asking = request({ port, path, method, headers, agent: false });
      for (const part of parts) asking.write(part);
      asking.end();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
    };
    const trustProxy = (value: boolean): void => {
      const config = ctx.config();
      ctx.configure({ ...config, server: { ...config.server, trustProxy: value } });
    };
    const guess = (forwarded: string, given = 'upheld_wrong-wrong-wrong-wrong-wrong') =>
      send('/api/v1/subscribers', {
        headers: { authorization: `Bearer ${given}`, 'x-forwarded-for': forwarded },
      });

    it('counts guesses by the address that our proxy saw, and only where there is one', async () => {
      trustProxy(true);
      for (let n = 0; n < 20; n += 1)
        assert.equal((await guess('10.0.0.1, 203.0.113.5')).status, 401);
      assert.equal((await guess(`203.0.113.5`, token)).status, 429);
      assert.equal((await guess('203.0.113.6', token)).status, 200);
      // Nobody gets fresh tries by making an address up.
      trustProxy(false);
      for (let n = 0; n < 20; n += 1) assert.equal((await guess(`198.51.100.${n}`)).status, 401);
      assert.equal((await guess('198.51.100.99', token)).status, 429);
      trustProxy(true);
    });

    it('stops reading a body that goes on and on', async () => {
      const answer = await send('/api/v1/subscriptions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        parts: ['{"address":"', ...Array.from({ length: 20 }, () => 'x'.repeat(8192)), '"}'],
      });
      assert.equal(answer.status, 413);
      assert.match(answer.headers['content-type'] ?? '', /problem\+json/);
    });

    it('answers HEAD as it would GET, without the body', async () => {
      const head = await send('/api/v2/summary.json', { method: 'HEAD' });
      const get = await send('/api/v2/summary.json');
      assert.equal(head.status, 200);
      assert.equal(head.body, '');
      assert.equal(head.headers.etag, get.headers.etag);
    });

    it('gives gzip to who asks for it, with a length of its own', async () => {
      const { headers } = await send('/api/v2/summary.json', {
        headers: { 'accept-encoding': 'gzip, br' },
      });
      assert.equal(headers['content-encoding'], 'gzip');
      assert.match(headers.vary ?? '', /accept-encoding/i);
      assert.match(headers.etag ?? '', /^W\//);
    });
  },
  'sqlite',
);
