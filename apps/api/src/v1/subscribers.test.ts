import { subscriptionDesk } from '@upheld/services/subscriber/desk.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Subscriber {
  id: string;
  address: string;
  confirmed: boolean;
}

eachDatabase(
  'subscribers over the API',
  (databases) => {
    let h: Harness;
    beforeEach(async () => {
      h = await harness(await databases.open());
    });
    const list = async (): Promise<Subscriber[]> =>
      ((await h.as('GET', '/api/v1/subscribers')).json as { subscribers: Subscriber[] })
        .subscribers;

    it('one that an engineer adds still has to confirm, and can be removed', async () => {
      const added = await h.as('POST', '/api/v1/subscribers', {
        channel: 'email',
        address: 'jan@example.com',
        componentIds: ['fysioone'],
      });
      assert.equal(added.status, 201);
      const { id, confirmed } = added.json as Subscriber;
      assert.equal(confirmed, false);
      assert.deepEqual(
        (await list()).map(({ address }) => address),
        ['jan@example.com'],
      );
      assert.equal((await h.as('DELETE', `/api/v1/subscribers/${id}`)).status, 200);
      assert.deepEqual(await list(), []);
      assert.equal(problemIn(await h.as('DELETE', `/api/v1/subscribers/${id}`)).status, 404);
    });

    it('an address that cannot be is refused with what would be right', async () => {
      const wrong = { channel: 'sms', address: '+31201234567' };
      const { status, faults } = problemIn(await h.as('POST', '/api/v1/subscribers', wrong));
      assert.equal(status, 422);
      assert.match(faults?.[0]?.message ?? '', /no mobile number/);
      const unknown = { channel: 'email', address: 'a@example.com', componentIds: ['nothing'] };
      const { faults: of } = problemIn(await h.as('POST', '/api/v1/subscribers', unknown));
      assert.equal(of?.[0]?.path, 'componentIds[0]');
    });

    it('at the real desk the answer is the same for an address that is known and one that is not', async () => {
      const real = await harness(await databases.open(), {
        desk: (ctx) => subscriptionDesk(ctx),
      });
      const ask = (address: string) =>
        real.ask('POST', '/api/v1/subscriptions', { body: { channel: 'email', address } });
      const first = await ask('jan@example.com');
      await real.ctx.db.transact(async ({ q, t }) => {
        await q.update(t.subscribers).set({ state: 'confirmed', confirmedAt: 1 });
      });
      for (const address of ['jan@example.com', 'JAN@example.com', 'piet@example.com']) {
        const again = await ask(address);
        assert.deepEqual([again.status, again.text], [first.status, first.text]);
      }
      assert.equal((await ask('no address')).status, 422);
    });
  },
  'sqlite',
);
