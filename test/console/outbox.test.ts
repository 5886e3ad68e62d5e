import { addSubscriber } from '@upheld/services/subscriber/subscribers.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

describe('the undelivered messages in the console', () => {
  let served: ConsoleServer;
  before(async () => {
    served = await serveConsole({ role: 'manager' });
  });
  after(() => served.stop());

  test('show whom they were for and why, with every text as text, and are tried again', async () => {
    const { ctx } = served;
    assert.match(await (await served.get('/console/outbox')).text(), /Every message went out/);
    const jan = { name: 'jan' };
    await addSubscriber(ctx, jan, { channel: 'email', address: 'jan@example.com' });
    await ctx.db.transact(({ q, t }) =>
      q.update(t.outbox).set({
        state: 'dead',
        reason: 'bad-address: 550 <img src=x onerror=alert(1)>',
        settledAt: ctx.clock.now(),
      }),
    );
    const html = await (await served.get('/console/outbox')).text();
    assert.match(html, /jan@example\.com/);
    assert.match(html, /The address does not exist\./);
    assert.ok(
      html.includes('550 &lt;img src=x onerror=alert(1)&gt;') && !html.includes('<img src=x'),
    );
    const id = /name="id" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const answer = await served.post('/console/outbox', { do: 'retry', id });
    assert.deepEqual(
      [answer.status, answer.headers.get('location')],
      [303, '/console/outbox?said=retried'],
    );
    const again = await served.post('/console/outbox', { do: 'retry', id });
    assert.equal(again.status, 409);
    assert.match(await again.text(), /It is not given up: it is pending/);
    assert.match(
      await (await served.get('/console/outbox?said=retried')).text(),
      /The message is tried again now/,
    );
  });

  test('are for who may see the subscribers', async () => {
    for (const role of ['viewer', 'engineer'] as const)
      assert.equal((await served.get('/console/outbox', role)).status, 403);
    assert.equal(
      (await served.post('/console/outbox', { do: 'retry', id: 'x' }, 'viewer')).status,
      403,
    );
    assert.equal((await served.get('/console/outbox', null)).status, 303);
  });

  test('page on from any address, also one that was made up', async () => {
    for (const made of ['x', '1_', '1_id', '99999999999999999_x', '_', "1_'%00"])
      assert.ok(
        [200, 400].includes((await served.get(`/console/outbox?after=${made}`)).status),
        made,
      );
  });
});
