import type { OutgoingMail, SendResult } from '@upheld/domain/notify/send.ts';
import { startMailServer, type MailServer, type SmtpFault } from '@upheld/testkit/mail-server.ts';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { createMailNotifier, type MailSettings } from './mail.ts';
import { verifyEmail } from './verify.ts';

const never = new AbortController().signal;

const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  channel: 'email',
  id: 'o1',
  to: 'jan@example.test',
  subject: '[Zorgsoftware] FysioOne is niet bereikbaar',
  text: 'Hallo,\n.\nregel ë',
  html: '<p>Hallo</p>',
  messageId: '<o1@status.example.test>',
  references: [],
  listId: 'main.status.example.test',
  unsubscribeUrl: `https://status.example.test/unsubscribe?token=${'t'.repeat(60)}`,
  ...over,
});

const settings = (port: number, smtp: Partial<MailSettings['smtp']> = {}): MailSettings => ({
  from: 'Status <status@example.test>',
  smtp: { host: '127.0.0.1', port, tls: 'none', ...smtp },
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

const outcome = (result: SendResult): string =>
  result.ok ? 'sent' : `${result.retry} ${result.reason}`;

describe('a mail over SMTP', () => {
  let server: MailServer;
  before(async () => {
    server = await startMailServer();
  });
  after(() => server.close());

  const sent = async (over: Partial<OutgoingMail>, more: Partial<MailSettings> = {}) => {
    const arrived = server.next();
    const result = await createMailNotifier({ ...settings(server.port), ...more }).send(
      mail(over),
      never,
    );
    assert.ok(result.ok, JSON.stringify(result));
    return { mail: await arrived, receipt: result.receipt };
  };

  it('arrives as text and HTML, with what a mailing needs, and gives the server’s word as receipt', async () => {
    const { mail: got, receipt } = await sent({
      references: ['<root@status.example.test>', '<o0@status.example.test>'],
    });
    assert.match(receipt, /^250 /);
    assert.equal(got.from, 'status@example.test');
    assert.deepEqual(got.to, ['jan@example.test']);
    assert.equal(got.text, 'Hallo,\n.\nregel ë');
    assert.match(got.html, /<p>Hallo<\/p>/);
    assert.equal(got.messageId, '<o1@status.example.test>');
    assert.deepEqual(got.references, ['<root@status.example.test>', '<o0@status.example.test>']);
    assert.equal(got.parsed.inReplyTo, '<o0@status.example.test>');
    assert.equal(got.headers.get('auto-submitted'), 'auto-generated');
    assert.match(got.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    assert.ok(got.raw.includes(`List-Unsubscribe: <${mail().unsubscribeUrl ?? ''}>\r\n`));
    assert.match(got.raw, /^List-Id: <main\.status\.example\.test>\r$/im);
  });

  it('offers no end to what has not begun', async () => {
    const { mail: got } = await sent({ unsubscribeUrl: null });
    assert.doesNotMatch(got.raw, /^List-Unsubscribe/im);
  });

  it('may be said all at once', async () => {
    const fast = await startMailServer({ pipelining: true });
    try {
      const result = await createMailNotifier(settings(fast.port)).send(mail(), never);
      assert.equal(outcome(result), 'sent');
      fast.fail({ at: 'mail', drop: true });
      const cut = await createMailNotifier(settings(fast.port)).send(mail(), never);
      assert.equal(outcome(cut), 'later not-reached');
      assert.equal(fast.count(), 1);
    } finally {
      await fast.close();
    }
  });

  it('answers go where the operator wants them', async () => {
    const { mail: got } = await sent({}, { replyTo: 'help@example.test' });
    assert.equal(got.parsed.replyTo?.text, 'help@example.test');
  });

  it('has one header of each kind and one recipient, whatever is in its texts', async () => {
    for (const evil of [
      'a\r\nBcc: evil@example.test\r\n\r\nbody',
      'a\u0085Bcc: evil@example.test',
      'a\u0000b\u2028c',
      '=?utf-8?Q?=0D=0ABcc:_evil@example.test?=',
      'x'.repeat(150),
    ]) {
      const { mail: got } = await sent({
        subject: evil,
        messageId: `<${evil.slice(0, 60)}@example.test>`,
        listId: evil.slice(0, 60),
        unsubscribeUrl: `https://example.test/${encodeURIComponent(evil.slice(0, 60))}`,
        references: [evil.slice(0, 60)],
      });
      assert.deepEqual(got.to, ['jan@example.test']);
      assert.equal(got.parsed.bcc, undefined);
      const [head = ''] = got.raw.split('\r\n\r\n');
      assert.doesNotMatch(head, /^bcc:/im);
      assert.equal(head.match(/^subject:/gim)?.length, 1);
      assert.equal(head.match(/^to:/gim)?.length, 1);
      for (const line of got.raw.split('\r\n')) assert.ok(line.length <= 998, 'a line is too long');
      assert.doesNotMatch(got.raw.replaceAll('\r\n', ''), /[\r\n\u0000]/);
    }
  });

  const faults: [name: string, fault: SmtpFault, expected: string][] = [
    ['is gone before the greeting', { at: 'connect', drop: true }, 'later not-reached'],
    ['is closed for now', { at: 'connect', refuse: '421 closing' }, 'later refused-for-now'],
    ['serves nobody', { at: 'connect', refuse: '554 no service' }, 'later refused-for-now'],
    ['is gone after EHLO', { at: 'ehlo', drop: true }, 'later not-reached'],
    ['is gone after MAIL', { at: 'mail', drop: true }, 'later not-reached'],
    ['is gone after RCPT', { at: 'rcpt', drop: true }, 'later not-reached'],
    ['is gone after DATA', { at: 'data', drop: true }, 'later not-reached'],
    ['is gone after the final dot', { at: 'dot', drop: true }, 'unknown outcome-unknown'],
    ['greylists', { at: 'rcpt', refuse: '450 4.2.0 come back' }, 'later refused-for-now'],
    ['closes in between', { at: 'mail', refuse: '421 4.3.2 closing' }, 'later refused-for-now'],
    ['has no room now', { at: 'rcpt', refuse: '452 4.2.2 full' }, 'later refused-for-now'],
    ['knows no such user', { at: 'rcpt', refuse: '550 5.1.1 no such user' }, 'never bad-address'],
    ['refuses the sender', { at: 'mail', refuse: '553 5.1.8 not you' }, 'never refused'],
    ['has no room ever', { at: 'rcpt', refuse: '552 5.2.2 over quota' }, 'never bad-address'],
    ['takes no data', { at: 'data', refuse: '554 5.5.1 no' }, 'never refused'],
    ['cannot keep it now', { at: 'dot', refuse: '451 4.3.0 disk' }, 'later refused-for-now'],
    ['calls it spam', { at: 'dot', refuse: '554 5.7.1 spam' }, 'never refused'],
    ['finds it too large', { at: 'dot', refuse: '552 5.3.4 too big' }, 'never refused'],
  ];
  for (const [name, fault, expected] of faults)
    it(`to a server that ${name}: ${expected}`, async () => {
      server.fail(fault);
      try {
        const result = await createMailNotifier(settings(server.port)).send(mail(), never);
        assert.equal(outcome(result), expected, JSON.stringify(result));
      } finally {
        server.fail(null);
      }
    });

  it('to nobody: later not-reached', async () => {
    const refused = createMailNotifier(settings(await closedPort()));
    assert.equal(outcome(await refused.send(mail(), never)), 'later not-reached');
    const nowhere = createMailNotifier(settings(25, { host: 'no-such-host.invalid' }));
    assert.equal(outcome(await nowhere.send(mail(), never)), 'later not-reached');
  });

  it('is not sent in the clear where encryption is asked for: later not-secure', async () => {
    const strict = createMailNotifier(settings(server.port, { tls: 'starttls' }));
    assert.equal(outcome(await strict.send(mail(), never)), 'later not-secure');
    assert.ok(!server.commands.slice(-3).includes('MAIL'));
    const secure = await startMailServer({ tls: true });
    try {
      // Its certificate is signed by nobody.
      const starttls = createMailNotifier(settings(secure.port, { tls: 'starttls' }));
      assert.equal(outcome(await starttls.send(mail(), never)), 'later not-secure');
      const implicit = createMailNotifier(settings(secure.port, { tls: 'implicit' }));
      assert.equal(outcome(await implicit.send(mail(), never)), 'later not-secure');
      assert.equal(secure.count(), 0);
    } finally {
      await secure.close();
    }
  });

  it('waits for the operator when the server refuses the password, which nobody gets to read', async () => {
    const locked = await startMailServer({ login: { user: 'u', password: 'right' } });
    try {
      const wrong = settings(locked.port, { user: 'u', password: 'wr0ng-secret' });
      const result = await createMailNotifier(wrong).send(mail(), never);
      assert.equal(outcome(result), 'later not-authorised');
      assert.ok(!JSON.stringify(result).includes('wr0ng-secret'));
      assert.match((await verifyEmail(wrong))?.message ?? '', /refuses the user or the password/);
      const right = settings(locked.port, { user: 'u', password: 'right' });
      assert.equal(outcome(await createMailNotifier(right).send(mail(), never)), 'sent');
      assert.equal(await verifyEmail(right), null);
    } finally {
      await locked.close();
    }
  });

  it('is let go when it is told to, and says whether it may have gone out', async () => {
    for (const [at, expected] of [
      ['rcpt', 'later not-reached'],
      ['dot', 'unknown outcome-unknown'],
    ] as const) {
      server.fail({ at, hang: true });
      const impatient = new AbortController();
      const result = createMailNotifier(settings(server.port)).send(mail(), impatient.signal);
      if (at === 'dot') await server.next();
      else await server.reached('rcpt');
      impatient.abort();
      assert.equal(outcome(await result), expected);
      server.fail(null);
    }
  });

  it('the doctor sees a server that is not there', async () => {
    const fault = await verifyEmail(settings(await closedPort()));
    assert.match(fault?.message ?? '', /cannot be reached/);
    assert.equal(await verifyEmail(settings(server.port)), null);
  });
});
