import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

const MAIL = { channel: 'email', address: 'jan@example.com' };
const SMS = { channel: 'sms', address: '+31612345678' };

eachDatabase(
  'subscribing over the API',
  (databases) => {
    let h: Harness;
    beforeEach(async () => {
      h = await harness(await databases.open());
    });
    const post = (path: string, body: object, more: object = {}) =>
      h.ask('POST', `/api/v1/subscriptions${path}`, { body, ...more });

    it('asks the desk, with the visitor’s language and address', async () => {
      const answer = await post('', MAIL, { headers: { 'accept-language': 'en-GB,nl;q=0.5' } });
      assert.equal(answer.status, 202);
      assert.deepEqual(answer.json, { status: 'accepted' });
      assert.deepEqual(h.desk.asked, [
        {
          verb: 'subscribe',
          input: {
            ...MAIL,
            language: 'en',
            componentIds: null,
            reminders: undefined,
            ip: '192.0.2.1',
          },
        },
      ]);
    });

    it('takes the address from a proxy only where one of ours is configured', async () => {
      const headers = { 'x-forwarded-for': '203.0.113.1, 203.0.113.2' };
      const config = h.ctx.config();
      for (const trustProxy of [false, true]) {
        h.ctx.configure({ ...config, server: { ...config.server, trustProxy } });
        await post('', MAIL, { headers });
      }
      assert.deepEqual(
        h.desk.asked.map(({ input }) => (input as { ip: string }).ip),
        ['192.0.2.1', '203.0.113.2'],
      );
    });

    it('gives on what the desk refuses, with the field', async () => {
      h.desk.answer = { ok: false, reason: 'not-mobile', field: 'address' };
      const { status, faults } = problemIn(await post('', SMS));
      assert.equal(status, 422);
      assert.deepEqual(faults, [
        { path: 'address', message: 'is no mobile number; text messages need one' },
      ]);
    });

    it('limits text messages to ten in four hours from one address', async () => {
      for (let n = 0; n < 10; n += 1) assert.equal((await post('', SMS)).status, 202);
      const refused = await post('', SMS);
      assert.equal(problemIn(refused).status, 429);
      assert.ok(Number(refused.headers.get('retry-after')) > 4 * 3600 - 60);
      assert.equal((await post('', SMS, { from: '192.0.2.77' })).status, 202);
      assert.equal((await post('', MAIL)).status, 202);
    });

    it('limits the tries of codes and tokens from one address, whatever the path', async () => {
      h.desk.answer = { ok: false, reason: 'wrong-code' };
      const code = { address: SMS.address, code: '000000' };
      for (let n = 0; n < 30; n += 1) {
        assert.equal((await post('/confirm-code', code)).status, 422);
        assert.equal((await post('/confirm', { token: `t${n}` })).status, 422);
      }
      assert.equal((await post('/confirm-code', code)).status, 429);
      assert.equal((await post('/unsubscribe', { token: 'x' })).status, 429);
    });

    it('passes on what a token is for', async () => {
      assert.equal((await post('/confirm', { token: 'good' })).status, 200);
      assert.equal(
        (await post('/choose', { token: 'good', componentIds: ['fysioone'] })).status,
        200,
      );
      assert.equal((await post('/choose', { token: 'good', componentIds: null })).status, 200);
      assert.equal((await post('/unsubscribe', { token: 'good' })).status, 200);
      assert.deepEqual(
        h.desk.asked.map(({ verb, input }) => [verb, (input as { token: string }).token]),
        [
          ['confirm', 'good'],
          ['choose', 'good'],
          ['choose', 'good'],
          ['unsubscribe', 'good'],
        ],
      );
      const look = await post('/look', { token: 'good' });
      assert.equal((look.json as { maskedAddress: string }).maskedAddress, 'j…n@example.com');
      assert.equal((await post('/look', { token: 'bad' })).status, 404);
    });

    it('changes nothing on GET and HEAD: a mail scanner opens links', async () => {
      for (const path of ['', '/confirm?token=good', '/unsubscribe?token=good'])
        for (const method of ['GET', 'HEAD'])
          assert.equal((await h.ask(method, `/api/v1/subscriptions${path}`)).status, 401);
      assert.deepEqual(h.desk.asked, []);
    });

    it('keeps nothing of it in a cache', async () => {
      const answer = await post('', MAIL);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    });
  },
  'sqlite',
);
