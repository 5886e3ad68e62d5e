import { addSubscriber, listSubscribers } from '@upheld/services/subscriber/subscribers.ts';
import { createToken } from '@upheld/services/token/tokens.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Message {
  id: string;
  address: string;
  state: string;
  reason: string | null;
}
const jan = { name: 'jan' };

eachDatabase(
  'the outbox over the API',
  (databases) => {
    let h: Harness;
    beforeEach(async () => {
      h = await harness(await databases.open());
      for (const name of ['a', 'b', 'c'])
        await addSubscriber(h.ctx, jan, { channel: 'email', address: `${name}@example.com` });
      await h.ctx.db.transact(({ q, t }) =>
        q.update(t.outbox).set({ state: 'dead', reason: 'bad-address: 550', settledAt: 1 }),
      );
    });
    const list = async (query: string) =>
      (await h.as('GET', `/api/v1/outbox${query}`)).json as {
        messages: Message[];
        next: string | null;
      };

    it('lists what was given up and why, a page at a time, and tries it again', async () => {
      const first = await list('?state=dead&state=expired&limit=2');
      assert.deepEqual(
        first.messages.map(({ address, reason }) => [address, reason]),
        [
          ['c@example.com', 'bad-address: 550'],
          ['b@example.com', 'bad-address: 550'],
        ],
      );
      const second = await list(`?state=dead&limit=2&cursor=${first.next ?? ''}`);
      assert.deepEqual([second.messages.length, second.next], [1, null]);
      const [letter] = first.messages;
      const again = await h.as('POST', `/api/v1/outbox/${letter?.id ?? ''}/retry`);
      assert.deepEqual([again.status, (again.json as Message).state], [200, 'pending']);
      const twice = problemIn(await h.as('POST', `/api/v1/outbox/${letter?.id ?? ''}/retry`));
      assert.deepEqual([twice.status, twice.detail], [409, 'it is not given up: it is pending']);
      assert.equal((await list('?state=pending')).messages.length, 1);
      assert.equal(problemIn(await h.as('POST', '/api/v1/outbox/none/retry')).status, 404);
      assert.equal(problemIn(await h.as('GET', '/api/v1/outbox?state=lost')).status, 400);
    });

    it('is for who may see the subscribers', async () => {
      const { token } = await createToken(h.ctx, jan, { name: 'reader', scopes: ['read'] });
      assert.equal((await h.ask('GET', '/api/v1/outbox', { token })).status, 403);
      assert.equal((await h.ask('GET', '/api/v1/outbox')).status, 401);
    });

    it('reminders of a subscriber are set as they wish', async () => {
      const id = (await listSubscribers(h.ctx))[0]?.id ?? '';
      const set = (reminders: unknown) =>
        h.as('PUT', `/api/v1/subscribers/${id}/reminders`, { reminders });
      assert.deepEqual(((await set(['start', '24h'])).json as { reminders: string[] }).reminders, [
        '24h',
        'start',
      ]);
      assert.deepEqual(((await set(null)).json as { reminders: string[] }).reminders, ['24h']);
      assert.equal(problemIn(await set(['tomorrow'])).status, 422);
    });
  },
  'sqlite',
);
