import { listOutbox } from '@upheld/services/outbox/list-outbox.ts';
import { respondToTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { listTickets, readTicket } from '@upheld/services/ticket/ticket-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startDnsServer, type DnsServer, type Zone } from '@upheld/testkit/dns-server.ts';
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { harness, type Harness } from '../../test/harness.ts';
import { incomingMail, sendMail } from '../../test/incoming-mail.ts';
import { createMailDns } from './mail-dns.ts';

const config = testConfig({ incoming: incomingMail });
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const KEY = { txt: [`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`] };
const REJECTS = { txt: ['v=DMARC1; p=reject'] };
/** The practice signs, sends from 198.51.100.7, and wants everything else refused. */
const STRICT: Zone = {
  'debrug.example': { txt: ['v=spf1 ip4:198.51.100.7 -all'] },
  's1._domainkey.debrug.example': KEY,
  '_dmarc.debrug.example': REJECTS,
  's1._domainkey.elsewhere.example': KEY,
};

interface Letter {
  from?: string;
  subject?: string;
  id?: string;
  /** Who signs it. */
  signer?: string | null;
  /** Where our mail server saw it come from. */
  ip?: string | null;
  change?: (raw: string) => string;
}

/** A mail as our mail server would hand it over. */
async function letter(given: Letter = {}): Promise<string> {
  const { signer = 'debrug.example', ip = '198.51.100.7', change = (raw) => raw } = given;
  const { message } = await createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...(signer === null
      ? {}
      : { dkim: { domainName: signer, keySelector: 's1', privateKey, skipFields: 'date' } }),
  }).sendMail({
    from: given.from ?? 'Praktijk De Brug <jan@debrug.example>',
    to: 'support@zorgsoftware.example',
    subject: given.subject ?? 'Agenda laadt niet',
    text: 'De agenda blijft leeg.',
    messageId: `<${given.id ?? 'm1'}@debrug.example>`,
  });
  const received =
    ip === null
      ? ''
      : `Received: from mx.zs.example (mx.zs.example [10.0.0.4]) by in.zs.example with ESMTP id 2\r\n` +
        `Received: from out.debrug.example (unknown [${ip}]) by mx.zs.example with ESMTP id 1\r\n`;
  return change(`${received}${(message as Buffer).toString('latin1')}`);
}

eachDatabase('the sender of a mail', (databases) => {
  let dns: DnsServer;
  before(async () => {
    dns = await startDnsServer();
  });
  after(() => dns.close());
  beforeEach(() => {
    dns.fail(null);
    dns.serve(STRICT);
  });

  const open = async (withinMs = 5000): Promise<Harness> =>
    harness(await databases.open(), {
      config,
      deps: { mailDns: createMailDns({ servers: [dns.address], withinMs }) },
    });
  /** What becomes of one mail in a new product. */
  const proofOf = async (given: Letter, h?: Harness): Promise<string | null> => {
    const { ctx, api } = h ?? (await open());
    const { json } = await sendMail({ ctx, api }, await letter(given));
    assert.equal(json['taken'], 'new');
    return (await readTicket(ctx, String(json['number']))).senderProof;
  };

  const waiting = async ({ ctx }: Harness): Promise<number> =>
    (await listOutbox(ctx, { limit: 100 })).length;

  it('is proven where its domain signed the mail, from wherever it came', async () => {
    assert.equal(await proofOf({}), 'proven');
    assert.equal(await proofOf({ ip: '203.0.113.9' }), 'proven');
    assert.equal(await proofOf({ ip: null }), 'proven');
  });

  it('is refuted where its domain neither signed nor sent it, and asks that such mail be refused', async () => {
    const from = '203.0.113.9';
    const forged: [what: string, given: Letter][] = [
      ['unsigned', { signer: null }],
      ['signed by somebody else', { signer: 'elsewhere.example' }],
      ['with another text', { change: (raw) => raw.replace('leeg', 'vol') }],
      ['with another subject', { change: (raw) => raw.replace('Agenda laadt', 'Login lukt') }],
    ];
    for (const [what, given] of forged) {
      assert.equal(await proofOf({ ...given, ip: from }), 'refuted', what);
      // The control: from where the domain says that it sends, nobody can tell.
      assert.equal(await proofOf(given), null, what);
    }
  });

  it('is not proven by a signature that may be about another header than the one that is read', async () => {
    for (const doubled of ['Subject: [#1] Zet dit uit', 'Content-Type: text/html']) {
      const change = (raw: string): string => `${doubled}\r\n${raw}`;
      assert.notEqual(await proofOf({ change }), 'proven', doubled);
    }
    const h = await open();
    const change = (raw: string): string => `From: eve@elsewhere.example\r\n${raw}`;
    const { json } = await sendMail(h, await letter({ change }));
    assert.deepEqual(json, { taken: 'ignored', reason: 'there is no one sender' });
  });

  it('cannot be told where the domain asks for nothing, or where the mail did not say how it came', async () => {
    for (const policy of ['v=DMARC1; p=none', 'v=DMARC1; p=quarantine; t=y', 'nonsense']) {
      dns.serve({ ...STRICT, '_dmarc.debrug.example': { txt: [policy] } });
      assert.equal(await proofOf({ signer: null, ip: '203.0.113.9' }), null, policy);
    }
    dns.serve({});
    assert.equal(await proofOf({ signer: null }), null);
    dns.serve(STRICT);
    assert.equal(await proofOf({ signer: null, ip: null }), null);
  });

  it('cannot be told where DNS is broken or silent, and the mail is taken all the same, in time', async () => {
    dns.fail('fail');
    assert.equal(await proofOf({ ip: '203.0.113.9', signer: null }), null);
    dns.fail('hang');
    const began = performance.now();
    assert.equal(await proofOf({ ip: '203.0.113.9' }, await open(250)), null);
    assert.ok(performance.now() - began < 2000);
  });

  it('is asked for a bounded number of times, however many signatures a mail has', async () => {
    const one = 'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; h=from:subject; bh=x; b=y;';
    const many = Array.from({ length: 400 }, (_, n) => `${one} d=d${n}.example; s=s`).join('\r\n');
    const asked = dns.asked.length;
    await proofOf({ signer: null, change: (raw) => `${many}\r\n${raw}` });
    const most = dns.asked.length - asked;
    assert.ok(most <= 120, String(most));
  });

  it('keeps a forged answer out of the ticket, unanswered; a proven one is added', async () => {
    const h = await open();
    await sendMail(h, await letter());
    const before = await waiting(h);
    assert.equal(before, 1, 'the receipt');
    const forged = { subject: 'Re: [#1] Agenda', ip: '203.0.113.9', signer: null };
    const { json } = await sendMail(h, await letter({ ...forged, id: 'f1' }));
    assert.deepEqual(json, { taken: 'new', number: 2 });
    const [own] = await listTickets(h.ctx);
    assert.equal(own?.senderProof, 'refuted');
    const added = await sendMail(h, await letter({ subject: 'Re: [#1] Agenda', id: 'a1' }));
    assert.deepEqual(added.json, { taken: 'added', number: 1 });
    const { events } = await readTicket(h.ctx, '1');
    assert.deepEqual(
      events.map(({ kind, senderProof }) => [kind, senderProof]),
      [
        ['reported', 'proven'],
        ['customer-said', 'proven'],
      ],
    );
    // Nor does what an engineer says of the forged one go to whoever owns the address.
    await respondToTicket(h.ctx, { name: 'jan' }, { ticketId: '2', text: 'Wie bent u?' });
    await sendMail(h, await letter({ ...forged, subject: '[#2] Nog eens', id: 'f2' }));
    assert.equal(await waiting(h), before);
    assert.equal((await listTickets(h.ctx)).length, 3);
  });

  it('does not use up the receipts of whoever is forged', async () => {
    const h = await open();
    for (let n = 0; n < 8; n += 1)
      await sendMail(h, await letter({ signer: null, ip: '203.0.113.9', id: `f${n}` }));
    assert.equal(await waiting(h), 0);
    await sendMail(h, await letter());
    assert.equal(await waiting(h), 1);
  });

  it('is told by the API, and by nothing that is public', async () => {
    const h = await open();
    await sendMail(h, await letter({ signer: null, ip: '203.0.113.9' }));
    const { json } = await h.as('GET', '/api/v1/tickets/1');
    const ticket = json as { senderProof: string; events: { senderProof: string }[] };
    assert.deepEqual([ticket.senderProof, ticket.events[0]?.senderProof], ['refuted', 'refuted']);
    for (const path of ['/api/v1/tickets/1', '/api/v1/tickets'])
      assert.equal((await h.ask('GET', path)).status, 401);
    const { text } = await h.ask('GET', '/api/v2/summary.json');
    assert.doesNotMatch(text, /refuted|debrug|Agenda/);
  });
});
