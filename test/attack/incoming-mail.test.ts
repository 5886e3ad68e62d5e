import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import {
  startMailServer,
  type MailServer,
  type ReceivedMail,
} from '@upheld/testkit/mail-server.ts';
import { createMailNotifier } from '@upheld/notifiers/email/mail.ts';
import { verifyAudit } from '@upheld/services/audit/verify.ts';
import { claimDue } from '@upheld/services/outbox/claim.ts';
import { prepareDelivery } from '@upheld/services/outbox/prepare.ts';
import { respondToTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { listTickets, type TicketView } from '@upheld/services/ticket/ticket-view.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, it } from 'node:test';
import { harness, type Harness } from '../../apps/api/test/harness.ts';

const SECRET = 'what-the-mail-service-signs-with';
const config = testConfig({ incoming: { mail: { secret: SECRET, component: 'fysioone' } } });

interface Mail {
  from: string;
  subject: string;
  text: string;
  messageId: string;
}
const mail = (over: Partial<Mail> = {}): Mail => ({
  from: 'Jan <jan@debrug.example>',
  subject: 'Agenda',
  text: 'De agenda blijft leeg.',
  messageId: '<m1@debrug.example>',
  ...over,
});
const raw = ({ from, subject, text, messageId }: Mail): string =>
  [`From: ${from}`, `Subject: ${subject}`, `Message-ID: ${messageId}`, '', text].join('\r\n');

/** Sent as the mail service would: it signs whatever somebody wrote. */
async function send({ api, ctx }: Harness, body: string, type: string, id = 'call') {
  const timestamp = String(Math.floor(ctx.clock.now() / 1000));
  const mac = createHmac('sha256', SECRET).update(`${id}.${timestamp}.${body}`).digest('base64');
  const answer = await api.request('/api/incoming/mail', {
    method: 'POST',
    headers: {
      'content-type': type,
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac}`,
    },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const BAD: Record<string, string> = {
  'a NUL': 'a\0b',
  'half a character': 'a\ud800b',
  'a noncharacter': 'a\uffffb',
  'the other line ends': 'a\u0085Bcc: evil@example.test\u2028c\u2029d',
  'a header': 'a\r\nBcc: evil@example.test\r\n\r\nbody',
  'an encoded header': '=?utf-8?Q?=0D=0ABcc:_evil@example.test?=',
  'text turned around': '\u202Egnp.exe\u202C',
  markup: '"><script>alert(1)</script><img src=x onerror=alert(2)>',
  'a formula': '=HYPERLINK("http://evil.example","x")',
  '100 kB': 'x'.repeat(100_000),
  '100 kB of emoji': '😀'.repeat(25_000),
  'an end of the message': 'a\r\n.\r\nMAIL FROM:<evil@example.test>\r\n',
  'a template': '{{organisation}} {{constructor.constructor("return process")()}} ${7*7}',
};

function isPlain({ title, reporter, reporterAddress, events, number }: TicketView): void {
  for (const line of [title, reporter, reporterAddress ?? ''])
    assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\uffff]/u, `#${number}`);
  assert.ok(title.length <= 200 && reporter.length <= 200);
  for (const { text } of events) {
    assert.doesNotMatch(text, /(?!\n|\t)[\p{Cc}\p{Surrogate}\uffff]/u);
    assert.ok(text.length <= 10_000);
  }
}

/** To whoever wrote and nobody else, with one header of each kind and nothing that runs. */
function isOneMail(one: ReceivedMail): void {
  assert.equal(one.to.length, 1);
  assert.match(one.to[0] ?? '', /^jan\d+@debrug\.example$/);
  const [head = ''] = one.raw.split('\r\n\r\n');
  assert.doesNotMatch(head, /^(bcc|cc):/im);
  for (const name of ['subject', 'to', 'from', 'message-id', 'in-reply-to'])
    assert.ok((head.match(new RegExp(`^${name}:`, 'gim'))?.length ?? 0) <= 1, name);
  assert.ok(one.raw.split('\r\n').every((line) => line.length <= 998));
  assert.doesNotMatch(one.html, /<script|<img|javascript:/i);
  assert.doesNotMatch(one.text, /^MAIL FROM/m);
}

eachDatabase('hostile mail', (databases) => {
  let server: MailServer;
  before(async () => {
    server = await startMailServer();
  });
  after(() => server.close());

  /** What goes out to whoever wrote, over a real connection. */
  const goesOut = async ({ ctx }: Harness): Promise<ReceivedMail[]> => {
    const from = server.count();
    const notifier = createMailNotifier({
      from: 'Status <status@example.test>',
      smtp: { host: '127.0.0.1', port: server.port, tls: 'none' },
    });
    for (const row of await claimDue(ctx, 'w', 50)) {
      const prepared = await prepareDelivery(ctx, row, { canAsk: false });
      assert.equal(prepared.act, 'send');
      const sent = await notifier.send(prepared.outgoing, new AbortController().signal);
      assert.ok(sent.ok, JSON.stringify(sent));
    }
    return server.received.slice(from);
  };

  for (const type of ['message/rfc822', 'application/json'])
    it(`is a ticket of plain text or is refused, and breaks nothing (${type})`, async () => {
      const h = await harness(await databases.open(), { config });
      let n = 0;
      for (const [what, bad] of Object.entries(BAD))
        for (const field of ['from', 'subject', 'text', 'messageId'] as const) {
          n += 1;
          const over = {
            from: { from: `"${bad}" <jan${n}@debrug.example>` },
            subject: { subject: bad },
            text: { text: bad },
            messageId: { messageId: `<${bad}@debrug.example>` },
          }[field];
          const one = mail({
            messageId: `<${n}@debrug.example>`,
            from: `Jan <jan${n}@debrug.example>`,
            ...over,
          });
          const body = type === 'application/json' ? JSON.stringify(one) : raw(one);
          const { status, text } = await send(h, body, type, `call-${n}`);
          assert.ok([202, 422].includes(status), `${what} as ${field}: ${status} ${text}`);
          assert.deepEqual(
            h.ctx.log.lines.filter(({ level }) => level === 'error'),
            [],
            `${what} as ${field}`,
          );
        }
      const tickets = await listTickets(h.ctx, { limit: 200 });
      assert.ok(tickets.length > 20, String(tickets.length));
      tickets.forEach(isPlain);
      for (const { id } of tickets)
        await respondToTicket(h.ctx, { name: 'jan' }, { ticketId: id, text: 'Zo.' });
      assert.equal((await verifyAudit(h.ctx)).ok, true);
      const sent = await goesOut(h);
      assert.ok(sent.length > 20);
      sent.forEach(isOneMail);
    });

  it('does not stop the process, however it is nested and however long it is', async () => {
    const h = await harness(await databases.open(), { config });
    const html = 'Content-Type: text/html\r\n';
    const signature =
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from; bh=x; b=y\r\n';
    const heads = ['From: jan@debrug.example', 'Message-ID: <deep@debrug.example>', ''].join(
      '\r\n',
    );
    const hostile = {
      'nested tables': `${heads}${html}\r\n${'<table><tr><td>'.repeat(30_000)}x`,
      'much HTML': `${heads}${html}\r\n${'<div>'.repeat(900_000)}`,
      'angle brackets': `${heads}${html}\r\n${'<'.repeat(480_000)}`,
      'a long header': `${heads}Subject: ${'x'.repeat(4_000_000)}\r\n\r\nx`,
      'many headers': `${heads}${'X-A: b\r\n'.repeat(500_000)}\r\nx`,
      'many senders': `From: ${'a@b.example, '.repeat(8000)}c@d.example\r\n\r\nx`,
      'many signatures': `${heads}${signature.repeat(1000)}\r\n${'a  b \r\n'.repeat(1_000_000)}`,
      'a signed line': `${heads}${signature}\r\n${' '.repeat(10_000_000)}`,
      'many signed lines': `${heads}${signature.repeat(4)}\r\n${'\r\n'.repeat(5_000_000)}`,
      'many parts': `${heads}${Array.from({ length: 3000 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('')}`,
    };
    for (const [what, body] of Object.entries(hostile)) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const { status, text } = await send(h, body, 'message/rfc822', what);
      delay.disable();
      assert.ok([202, 422].includes(status), `${what}: ${status} ${text}`);
      assert.ok(delay.max < 2e9, `${what} held the process for ${delay.max / 1e6} ms`);
    }
  });

  it('answers one mailbox a few times an hour, however its address is written', async () => {
    const h = await harness(await databases.open(), { config });
    for (let n = 0; n < 24; n += 1) {
      const local =
        n < 16 ? Array.from('anna').map((c, i) => ((n >> i) & 1 ? c.toUpperCase() : c)) : [];
      const from = `${n < 16 ? local.join('') : `anna+${n}%_`}@DeBrug.example`;
      await send(
        h,
        raw(mail({ from, messageId: `<${n}@spam.example>` })),
        'message/rfc822',
        `${n}`,
      );
    }
    assert.equal((await listTickets(h.ctx, { limit: 50 })).length, 24);
    assert.equal((await goesOut(h)).length, 5);
    // Another mailbox is not theirs, whatever stands in for a letter in a search.
    const other = mail({ from: 'ann_+@debrug.example', messageId: '<other@debrug.example>' });
    await send(h, raw(other), 'message/rfc822', 'other');
    assert.equal((await goesOut(h)).length, 1);
  });

  it('changes nothing when a signed call is sent again, and is refused with another id or moment', async () => {
    const h = await harness(await databases.open(), { config });
    const body = raw(mail());
    assert.equal((await send(h, body, 'message/rfc822')).status, 202);
    assert.match((await send(h, body, 'message/rfc822')).text, /"before"/);
    const timestamp = String(Math.floor(h.ctx.clock.now() / 1000));
    const mac = createHmac('sha256', SECRET).update(`call.${timestamp}.${body}`).digest('base64');
    const signed = {
      'content-type': 'message/rfc822',
      'webhook-id': 'call',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${mac}`,
    };
    const other: Record<string, string>[] = [
      { 'webhook-id': 'other' },
      { 'webhook-timestamp': String(Number(timestamp) + 1) },
      { 'webhook-timestamp': `${timestamp}.0` },
      { 'webhook-signature': mac },
      { 'webhook-signature': `v0,${mac}` },
      { 'webhook-signature': `v1,${mac.slice(0, -4)}` },
      { 'webhook-signature': '' },
    ];
    for (const headers of other) {
      const answer = await h.api.request('/api/incoming/mail', {
        method: 'POST',
        headers: { ...signed, ...headers },
        body,
      });
      assert.equal(answer.status, 401, JSON.stringify(headers));
    }
    await h.ctx.clock.advance(6 * 60_000);
    const late = await h.api.request('/api/incoming/mail', {
      method: 'POST',
      headers: signed,
      body,
    });
    assert.equal(late.status, 401);
    assert.equal((await listTickets(h.ctx)).length, 1);
  });
});
