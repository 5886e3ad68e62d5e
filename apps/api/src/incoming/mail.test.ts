import { claimDue } from '@upheld/services/outbox/claim.ts';
import { prepareDelivery } from '@upheld/services/outbox/prepare.ts';
import { closeTicket } from '@upheld/services/ticket/end-ticket.ts';
import { respondToTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { listTickets, readTicket } from '@upheld/services/ticket/ticket-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';
import { LARGEST_MAIL } from './routes.ts';

const SECRET = 'what-the-mail-service-signs-with';
const MINUTE = 60_000;
const config = testConfig({ incoming: { mail: { secret: SECRET, component: 'fysioone' } } });

interface Sending {
  type?: string;
  secret?: string;
  at?: number;
  signature?: string;
}

async function send(
  { api, ctx }: Harness,
  body: string,
  { type = 'message/rfc822', secret = SECRET, at, signature }: Sending = {},
) {
  const timestamp = String(Math.floor((at ?? ctx.clock.now()) / 1000));
  const signed = createHmac('sha256', secret)
    .update(`call-1.${timestamp}.${body}`)
    .digest('base64');
  const answer = await api.request('/api/incoming/mail', {
    method: 'POST',
    headers: {
      'content-type': type,
      'webhook-id': 'call-1',
      'webhook-timestamp': timestamp,
      'webhook-signature': signature ?? `v1,${signed}`,
    },
    body,
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

const mail = (over: Record<string, string> = {}, text = 'De agenda blijft leeg.'): string => {
  const headers = {
    From: '"Praktijk De Brug" <jan@debrug.example>',
    To: 'support@zorgsoftware.example',
    Subject: 'Agenda laadt niet',
    'Message-ID': '<m1@debrug.example>',
    ...over,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [...lines, '', text].join('\r\n');
};

eachDatabase('incoming mail', (databases) => {
  const open = async () => harness(await databases.open(), { config });

  it('makes a ticket, once, with a receipt that starts a thread', async () => {
    const h = await open();
    const first = await send(h, mail());
    assert.deepEqual([first.status, first.json], [202, { taken: 'new', number: 1 }]);
    assert.deepEqual((await send(h, mail())).json, { taken: 'before', number: 1 });
    const [ticket] = await listTickets(h.ctx);
    assert.deepEqual(
      [ticket?.type, ticket?.reporter, ticket?.reporterAddress, ticket?.source],
      ['question', 'Praktijk De Brug', 'jan@debrug.example', 'mail'],
    );
    // SpotOnMedics 4.2: two working days for a question, and an automatic receipt stops nothing.
    assert.equal(ticket?.clocks[0]?.verdict, 'running');
    const [row, ...more] = await claimDue(h.ctx, 'w1', 10);
    assert.ok(row);
    assert.equal(more.length, 0);
    const prepared = await prepareDelivery(h.ctx, row, { canAsk: false });
    assert.equal(prepared.act, 'send');
    assert.equal(prepared.outgoing.channel, 'email');
    assert.deepEqual(
      [prepared.outgoing.to, prepared.outgoing.subject, prepared.outgoing.references[0]],
      ['jan@debrug.example', '[Zorgsoftware] [#1] Agenda laadt niet', '<m1@debrug.example>'],
    );
    assert.equal(prepared.outgoing.unsubscribeUrl, null);
  });

  it('adds an answer to its ticket, from whoever reported it and while it is open', async () => {
    const h = await open();
    await send(h, mail());
    const answer = (id: string, from = 'jan@debrug.example') =>
      send(h, mail({ From: from, Subject: 'Re: [#1] Agenda', 'Message-ID': `<${id}@x.example>` }));
    assert.deepEqual((await answer('a')).json, { taken: 'added', number: 1 });
    assert.deepEqual((await answer('a')).json, { taken: 'before', number: 1 });
    assert.deepEqual((await answer('b', 'mallory@elsewhere.example')).json, {
      taken: 'new',
      number: 2,
    });
    await closeTicket(h.ctx, { name: 'jan' }, { ticketId: '1', text: 'Klaar.' });
    assert.deepEqual((await answer('c')).json, { taken: 'new', number: 3 });
    const { events } = await readTicket(h.ctx, '1');
    assert.equal(events.filter(({ kind }) => kind === 'customer-said').length, 1);
  });

  it('takes JSON as well', async () => {
    const h = await open();
    const json = JSON.stringify({
      from: 'Jan <jan@debrug.example>',
      to: 'support@zorgsoftware.example',
      subject: 'Vraag\r\nBcc: everyone@example.com',
      text: 'Hoe werkt dit?',
      messageId: '<j1@debrug.example>',
    });
    assert.equal((await send(h, json, { type: 'application/json' })).json['taken'], 'new');
    const [ticket] = await listTickets(h.ctx);
    assert.equal(ticket?.title, 'Vraag Bcc: everyone@example.com');
    await respondToTicket(h.ctx, { name: 'jan' }, { ticketId: '1', text: 'Zo.' });
  });

  it('answers no machine', async () => {
    const h = await open();
    const machines: Record<string, string>[] = [
      { 'Auto-Submitted': 'auto-replied' },
      { Precedence: 'bulk' },
      { 'List-Id': '<news.example.com>' },
      { 'Return-Path': '<>' },
      { 'X-Autoreply': 'yes' },
      { From: 'MAILER-DAEMON@mail.example' },
      { From: 'a@b.example, c@d.example' },
      { 'Content-Type': 'multipart/report; boundary=x' },
    ];
    for (const [index, headers] of machines.entries()) {
      const { json } = await send(h, mail({ ...headers, 'Message-ID': `<${index}@x.example>` }));
      assert.equal(json['taken'], 'ignored', JSON.stringify(headers));
    }
    assert.deepEqual(await listTickets(h.ctx), []);
    assert.deepEqual(await claimDue(h.ctx, 'w1', 10), []);
  });

  it('sends no more than a few receipts to one address in an hour', async () => {
    const h = await open();
    for (let n = 0; n < 9; n += 1) await send(h, mail({ 'Message-ID': `<${n}@x.example>` }));
    assert.equal((await listTickets(h.ctx)).length, 9);
    assert.equal((await claimDue(h.ctx, 'w1', 50)).length, 5);
  });

  it('refuses what is not signed, was signed long ago, or is too large', async () => {
    const h = await open();
    assert.equal((await send(h, mail(), { secret: 'another-secret-altogether' })).status, 401);
    assert.equal((await send(h, mail(), { at: h.ctx.clock.now() - 6 * MINUTE })).status, 401);
    assert.equal((await send(h, mail(), { at: h.ctx.clock.now() + 6 * MINUTE })).status, 401);
    assert.equal((await send(h, mail(), { signature: 'v1,' })).status, 401);
    assert.equal((await send(h, mail(), { type: 'text/plain' })).status, 415);
    assert.equal((await send(h, '{"from":1}', { type: 'application/json' })).status, 422);
    assert.equal((await send(h, 'x'.repeat(LARGEST_MAIL + 1))).status, 413);
    const without = await harness(await databases.open());
    assert.equal((await send(without, mail())).status, 404);
    assert.deepEqual(await listTickets(h.ctx), []);
  });

  it('keeps what a mail says as text, whatever it is made of', async () => {
    const h = await open();
    const html = '<p>Hallo <b>daar</b></p><script>alert(1)</script>';
    await send(
      h,
      mail(
        {
          Subject: '=?utf-8?Q?=3Cscript=3E_=E2=82=AC?=',
          'Content-Type': 'text/html; charset=utf-8',
        },
        html,
      ),
    );
    const [ticket] = await listTickets(h.ctx);
    assert.equal(ticket?.title, '<script> €');
    assert.equal(ticket.events[0]?.text, 'Hallo daar');
  });
});
