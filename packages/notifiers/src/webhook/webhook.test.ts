import type { OutgoingWebhook } from '@upheld/domain/notify/send.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createWebhookNotifier, type AddressGuard } from './webhook.ts';

const SECRET = 'a-secret-of-a-webhook';
const everywhere: AddressGuard = { judge: () => ({ allowed: true }) };
const nowhere: AddressGuard = { judge: (address) => ({ allowed: false, why: `${address}: no` }) };
const never = new AbortController().signal;

describe('a webhook', () => {
  let server: Server;
  let port = 0;
  let answer: (req: IncomingMessage, res: ServerResponse) => void;
  let bodies: string[] = [];
  before(async () => {
    server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString());
        answer(req, res);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    bodies = [];
    answer = (_req, res) => res.writeHead(204).end();
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const call = (over: Partial<OutgoingWebhook> = {}): OutgoingWebhook => ({
    channel: 'webhook',
    id: 'call-1',
    to: `http://127.0.0.1:${port}/call?of=anna`,
    secret: SECRET,
    body: '{"title":"€"}',
    at: Date.UTC(2026, 10, 21, 9),
    ...over,
  });
  const send = (over: Partial<OutgoingWebhook> = {}, guard = everywhere) =>
    createWebhookNotifier(guard).send(call(over), never);

  it('is signed as Standard Webhooks say, over the bytes that go out', async () => {
    let headers: IncomingMessage['headers'] = {};
    answer = (req, res) => {
      headers = req.headers;
      res.writeHead(200).end('thanks');
    };
    assert.deepEqual(await send(), { ok: true, receipt: 'HTTP 200' });
    const signed = createHmac('sha256', SECRET)
      .update(`call-1.1795251600.${bodies[0] ?? ''}`)
      .digest('base64');
    assert.equal(headers['webhook-signature'], `v1,${signed}`);
    assert.equal(headers['webhook-timestamp'], '1795251600');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(bodies[0], '{"title":"€"}');
  });

  const statuses: readonly [number, string][] = [
    [200, 'sent'],
    [202, 'sent'],
    [301, 'never refused'],
    [400, 'never refused'],
    [401, 'later not-authorised'],
    [403, 'later not-authorised'],
    [404, 'never refused'],
    [408, 'later refused-for-now'],
    [410, 'never refused'],
    [425, 'later refused-for-now'],
    [429, 'later rate-limited'],
    [500, 'later refused-for-now'],
    [503, 'later refused-for-now'],
  ];
  for (const [status, outcome] of statuses)
    it(`that answers ${status} is ${outcome}`, async () => {
      answer = (_req, res) => res.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
      const result = await send();
      assert.equal(result.ok ? 'sent' : `${result.retry} ${result.reason}`, outcome);
      assert.equal(bodies.length, 1, 'a redirect is not followed');
    });

  it('is waited for as long as it asks, within an hour', async () => {
    const after = async (seconds: string): Promise<number | undefined> => {
      answer = (_req, res) => res.writeHead(503, { 'retry-after': seconds }).end();
      const result = await send();
      return result.ok ? undefined : result.retryAfterMs;
    };
    assert.deepEqual(
      [await after('30'), await after('999999'), await after('soon')],
      [30_000, 3_600_000, undefined],
    );
  });

  it('that cuts the connection may have got it; one that cannot be reached has not', async () => {
    answer = (req) => req.socket.destroy();
    const cut = await send();
    assert.equal(cut.ok ? '' : cut.retry, 'unknown');
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const gone = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, 'close');
    const away = await send({ to: `http://127.0.0.1:${gone}/` });
    assert.deepEqual(away.ok ? '' : [away.retry, away.reason], ['later', 'not-reached']);
  });

  it('is given up at once when the sending is', async () => {
    const given = new AbortController();
    answer = () => given.abort();
    const result = await createWebhookNotifier(everywhere).send(call(), given.signal);
    assert.equal(result.ok ? '' : result.retry, 'unknown');
  });

  it('is not called where the guard refuses, by its address or by what its name leads to', async () => {
    for (const to of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
    ]) {
      const result = await send({ to }, nowhere);
      assert.deepEqual(
        result.ok ? '' : [result.retry, result.reason],
        ['never', 'bad-address'],
        to,
      );
    }
    assert.equal(bodies.length, 0);
  });
});
