import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { addSubscriber, listSubscribers } from '@upheld/services/subscriber/subscribers.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { listOutbox } from '@upheld/services/outbox/list-outbox.ts';
import { listTickets } from '@upheld/services/ticket/ticket-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { startOutbox } from '@upheld/worker/outbox/start-outbox.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, it } from 'node:test';
import { harness } from '../../test/harness.ts';

const SECRET = 'what-the-mail-service-signs-with';
const jan = { name: 'jan' };
const text = { nl: 'x', en: 'x' };

eachDatabase('a report of a mail server', (databases) => {
  let server: MailServer;
  before(async () => {
    server = await startMailServer();
  });
  after(() => server.close());

  it('comes to the address that the mail was sent from, and ends what goes to nobody', async () => {
    const config = testConfig({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          bounces: 'bounces@status.example.test',
          smtp: { host: '127.0.0.1', port: server.port, tls: 'none' },
        },
      },
      incoming: { mail: { secret: SECRET, component: 'fysioone' } },
    });
    const h = await harness(await databases.open(), { config });
    const { ctx } = h;
    await addSubscriber(ctx, jan, { channel: 'email', address: 'gone@example.test' });
    await ctx.db.transact(async ({ q, t }) => {
      await q.update(t.outbox).set({ state: 'suppressed', settledAt: 1 });
      await q.update(t.subscribers).set({ state: 'confirmed', confirmedAt: 1 });
    });
    const from = ctx.clock.now() + 50 * 3_600_000;
    const window = { from, to: from + 3_600_000 };
    await announceMaintenance(ctx, jan, { componentIds: ['fysioone'], ...window, text });
    const arrival = server.next();
    const outbox = startOutbox(ctx, { workerId: 'w', notifiers: createNotifiers(config) });
    const mail = await arrival;
    await outbox.quiet();
    await outbox.stop();
    assert.match(mail.from, /^bounces\+\S+@status\.example\.test$/);
    assert.deepEqual(mail.parsed.from?.value[0]?.address, 'status@example.test');

    const post = async (to: string) => {
      const body = [
        'From: MAILER-DAEMON@mx.example.test',
        `To: <${to}>`,
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example.test',
        '',
        'Final-Recipient: rfc822; gone@example.test',
        'Action: failed',
        'Status: 5.1.1',
        '',
        '--b--',
      ].join('\r\n');
      const timestamp = String(Math.floor(ctx.clock.now() / 1000));
      const mac = createHmac('sha256', SECRET).update(`c.${timestamp}.${body}`).digest('base64');
      const answer = await h.api.request('/api/incoming/mail', {
        method: 'POST',
        headers: {
          'content-type': 'message/rfc822',
          'webhook-id': 'c',
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${mac}`,
        },
        body,
      });
      return { status: answer.status, json: (await answer.json()) as unknown };
    };
    const forged = mail.from.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@'));
    assert.deepEqual(await post(forged), {
      status: 202,
      json: { taken: 'report', reason: 'ignored' },
    });
    assert.equal((await listSubscribers(ctx))[0]?.bounced, false);
    assert.deepEqual(await post(mail.from), {
      status: 202,
      json: { taken: 'report', reason: 'hard' },
    });
    assert.equal((await listSubscribers(ctx))[0]?.bounced, true);
    assert.equal(
      (await listOutbox(ctx, { states: ['dead'], limit: 5 }))[0]?.reason,
      'bounced: 5.1.1',
    );
    assert.deepEqual(await listTickets(ctx), [], 'no report is a ticket');
  });
});
