import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { startOutbox } from '@upheld/worker/outbox/start-outbox.ts';
import { addSubscriber } from '@upheld/services/subscriber/subscribers.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';

const SITE = 'https://status.example.test';
const TOKEN = 'the-token-of-the-account';

/** As Twilio describes it: HMAC-SHA1 over the address and then each field with its value, by name. */
function sign(url: string, fields: Record<string, string>, token = TOKEN): string {
  const text = Object.keys(fields)
    .sort()
    .reduce((all, name) => `${all}${name}${fields[name] ?? ''}`, url);
  return createHmac('sha1', token).update(text).digest('base64');
}

eachDatabase('the reports of the provider', (databases) => {
  let sms: SmsServer;
  let now = () => 0;
  before(async () => {
    sms = await startSmsServer({ now: () => now(), authToken: TOKEN });
  });
  after(() => sms.close());

  /** A text message that was sent, and the way to report on it. */
  const sent = async () => {
    const config = testConfig({
      server: { url: SITE },
      channels: {
        sms: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: TOKEN,
          from: 'Upheld',
          baseUrl: sms.url,
        },
      },
    });
    const h: Harness = await harness(await databases.open(), { config });
    now = () => h.ctx.clock.now();
    await addSubscriber(h.ctx, { name: 'cli' }, { channel: 'sms', address: '+31612345678' });
    const arrival = sms.next();
    const outbox = startOutbox(h.ctx, { workerId: 'w', notifiers: createNotifiers(config) });
    const { sid, fields } = await arrival;
    await outbox.quiet();
    await outbox.stop();
    const url = fields['StatusCallback'] ?? '';
    const row = async () => {
      const { q, t } = h.ctx.db.read;
      const [one] = await q.select().from(t.outbox);
      assert.ok(one);
      return one;
    };
    const post = (given: {
      form: Record<string, string>;
      signature?: string;
      target?: string;
      headers?: Record<string, string>;
    }) => {
      const target = (given.target ?? url).replace(SITE, '');
      return h.api.request(target, {
        method: 'POST',
        body: new URLSearchParams(given.form).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(given.signature === undefined ? {} : { 'x-twilio-signature': given.signature }),
          ...given.headers,
        },
      });
    };
    const report = async (status: string, more: Record<string, string> = {}): Promise<number> => {
      const form = { MessageSid: sid, MessageStatus: status, AccountSid: 'AC0', ...more };
      return (await post({ form, signature: sign(url, form) })).status;
    };
    return { h, url, sid, row, post, report };
  };

  it('come to the address that each message names', async () => {
    const { url, row } = await sent();
    assert.equal(url, `${SITE}/api/incoming/sms-status?message=${(await row()).id}`);
  });

  it('are written on the message: that it arrived, or why it did not, once', async () => {
    const { row, report } = await sent();
    assert.equal(await report('sent'), 204);
    assert.equal((await row()).reason, null);
    assert.equal(await report('undelivered', { ErrorCode: '30005' }), 204);
    const dead = await row();
    assert.deepEqual([dead.state, dead.reason], ['dead', 'not-delivered: undelivered 30005']);
    assert.equal(await report('undelivered', { ErrorCode: '30005' }), 204);
    assert.equal((await row()).version, dead.version, 'the same report changes nothing');
    await report('delivered');
    await report('sent');
    await report('undelivered', { ErrorCode: '30005' });
    const arrived = await row();
    assert.deepEqual([arrived.state, arrived.reason], ['sent', 'delivered']);
  });

  it('of one who answered STOP end the subscription', async () => {
    const { h, report } = await sent();
    assert.equal(await report('failed', { ErrorCode: '21610' }), 204);
    const { q, t } = h.ctx.db.read;
    const [subscriber] = await q.select().from(t.subscribers);
    assert.deepEqual([subscriber?.state, subscriber?.address], ['unsubscribed', '']);
  });

  it('that the provider did not sign are refused, and change nothing', async () => {
    const { url, sid, row, post } = await sent();
    const form = { MessageSid: sid, MessageStatus: 'failed', ErrorCode: '30003' };
    const signature = sign(url, form);
    const { version } = await row();
    const other = url.replace(/message=.*/, 'message=another');
    for (const [name, given] of Object.entries({
      'without a signature': { form },
      'with an empty one': { form, signature: '' },
      'with another token': { form, signature: sign(url, form, 'x') },
      'with a changed field': { form: { ...form, MessageStatus: 'delivered' }, signature },
      'with a field more': { form: { ...form, More: '1' }, signature },
      'with a field less': { form: { MessageSid: sid, MessageStatus: 'failed' }, signature },
      'for another message': { form, signature, target: other },
      'over http': { form, signature: sign(url.replace('https:', 'http:'), form) },
      'for another host': { form, signature: sign(url.replace('example', 'evil'), form) },
      'by a host header': {
        form,
        signature: sign(url.replace('status.example.test', 'evil.test'), form),
        headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' },
      },
    })) {
      const answer = await post(given);
      assert.equal(answer.status, 403, name);
      assert.equal((await row()).version, version, name);
    }
  });

  it('of messages that nobody knows any more are taken and forgotten', async () => {
    const { url, post, row } = await sent();
    const form = { MessageSid: 'SMother', MessageStatus: 'failed' };
    const target = url.replace(/message=.*/, 'message=gone');
    assert.equal((await post({ form, target, signature: sign(target, form) })).status, 204);
    assert.equal((await post({ form, signature: sign(url, form) })).status, 204);
    assert.equal((await row()).state, 'sent');
    const long = { MessageSid: 'x'.repeat(100_000) };
    assert.equal((await post({ form: long, signature: sign(url, long) })).status, 413);
  });
});
