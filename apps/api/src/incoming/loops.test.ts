import { createMailNotifier } from '@upheld/notifiers/email/mail.ts';
import { claimDue } from '@upheld/services/outbox/claim.ts';
import { prepareDelivery } from '@upheld/services/outbox/prepare.ts';
import { settleDelivery } from '@upheld/services/outbox/settle.ts';
import { respondToTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { listTickets, readTicket } from '@upheld/services/ticket/ticket-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';
import { incomingMail, sendMail } from '../../test/incoming-mail.ts';

const mail = (headers: Readonly<Record<string, string>>, text = 'Ik ben er niet.'): string => {
  const all = {
    From: 'Jan <jan@debrug.example>',
    Subject: 'Agenda',
    'Message-ID': '<m1@debrug.example>',
    ...headers,
  };
  return [...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', text].join(
    '\r\n',
  );
};

eachDatabase('two machines', (databases) => {
  let server: MailServer;
  before(async () => {
    server = await startMailServer();
  });
  after(() => server.close());

  const open = async (from = 'Status <status@example.test>'): Promise<Harness> => {
    const email = { from, smtp: { host: '127.0.0.1', port: server.port, tls: 'none' as const } };
    const own = testConfig({ incoming: incomingMail, channels: { email } });
    return harness(await databases.open(), { config: own });
  };
  /** What goes out, over a real connection: the bytes that arrived. */
  const goesOut = async ({ ctx }: Harness): Promise<string[]> => {
    const begun = server.count();
    const notifier = createMailNotifier({
      from: ctx.config().channels.email?.from ?? '',
      smtp: { host: '127.0.0.1', port: server.port, tls: 'none' },
    });
    for (;;) {
      const [row] = await claimDue(ctx, 'w', 1);
      if (!row) break;
      const prepared = await prepareDelivery(ctx, row, { canAsk: false });
      assert.equal(prepared.act, 'send');
      const sent = await notifier.send(prepared.outgoing, new AbortController().signal);
      assert.ok(sent.ok);
      await settleDelivery(ctx, prepared.row, sent, { canAsk: false, random: 0 });
    }
    return server.received.slice(begun).map(({ raw }) => raw);
  };

  it('do not answer each other: what says that a machine wrote it is ignored', async () => {
    const h = await open();
    const machines: Record<string, string>[] = [
      { 'Auto-Submitted': 'auto-replied' },
      { 'Auto-Submitted': '(vacation) auto-replied; owner-email="x"' },
      { 'Auto-Submitted': 'auto-generated' },
      { Precedence: 'bulk' },
      { Precedence: 'list' },
      { Precedence: 'junk' },
      { Precedence: 'auto_reply' },
      { 'List-Id': 'News <news.example.com>' },
      { 'List-Unsubscribe': '<https://example.com/u>' },
      { 'X-Autoreply': 'yes' },
      { 'X-Autorespond': 'yes' },
      { 'X-Loop': 'jan@debrug.example' },
      { 'Feedback-ID': '1:2:3' },
      { 'Return-Path': '<>' },
      { 'Return-Path': '< >' },
      { From: 'Mail Delivery <MAILER-DAEMON@mail.example>' },
      { From: 'no-reply@debrug.example' },
      { From: 'Status <status@example.test>' },
      { From: 'STATUS@example.test' },
      { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' },
    ];
    for (const headers of machines) {
      const { json } = await sendMail(h, mail(headers));
      assert.equal(json['taken'], 'ignored', JSON.stringify(headers));
    }
    assert.deepEqual(await goesOut(h), []);
    // The control: the same without those headers is a report, and is answered.
    await sendMail(h, mail({ 'Auto-Submitted': 'no' }));
    assert.equal((await goesOut(h)).length, 1);
  });

  it('keep what may be a report from whoever wants no answer, and give none', async () => {
    const h = await open();
    const quiet: Record<string, string>[] = [
      { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' },
      { 'X-Auto-Response-Suppress': 'All' },
      { Subject: 'Automatisch antwoord: Agenda' },
      { Subject: 'Automatic reply: Agenda' },
      { Subject: 'Out of office' },
      { Subject: 'Afwezig: Agenda' },
    ];
    for (const [n, headers] of quiet.entries()) {
      const { json } = await sendMail(h, mail({ ...headers, 'Message-ID': `<${n}@x.example>` }));
      assert.equal(json['taken'], 'new', JSON.stringify(headers));
    }
    assert.deepEqual(await goesOut(h), []);
    await sendMail(
      h,
      mail({ Subject: 'Afwezigheid plannen lukt niet', 'Message-ID': '<o@x.example>' }),
    );
    assert.equal((await listTickets(h.ctx)).length, quiet.length + 1);
  });

  it('that are both this product never go on, whatever one says to the other', async () => {
    const [a, b] = [await open('A <a@one.example>'), await open('B <b@two.example>')];
    // The first mail comes from the mailbox of the other one, as a person would write it.
    await sendMail(a, mail({ From: 'B <b@two.example>' }));
    await respondToTicket(a.ctx, { name: 'jan' }, { ticketId: '1', text: 'Zo.' });
    let between = await goesOut(a);
    assert.equal(between.length, 2, 'a receipt and an answer');
    for (let round = 0; round < 3; round += 1)
      for (const other of [b, a]) {
        for (const raw of between) {
          const { json } = await sendMail(other, raw);
          assert.equal(json['taken'], 'ignored');
        }
        between = await goesOut(other);
        assert.deepEqual(between, []);
      }
    assert.deepEqual(
      [(await listTickets(a.ctx)).length, (await listTickets(b.ctx)).length],
      [1, 0],
    );
  });

  it('stop at five receipts an hour where nothing tells that one is a machine', async () => {
    const h = await open();
    for (let n = 0; n < 12; n += 1) await sendMail(h, mail({ 'Message-ID': `<${n}@x.example>` }));
    assert.equal((await goesOut(h)).length, 5);
    // An answer to a ticket is added and never acknowledged, so that this is no way round it.
    for (let n = 20; n < 30; n += 1)
      await sendMail(h, mail({ Subject: 'Re: [#1] Agenda', 'Message-ID': `<${n}@x.example>` }));
    assert.deepEqual(await goesOut(h), []);
    assert.equal((await readTicket(h.ctx, '1')).events.length, 11);
  });
});
