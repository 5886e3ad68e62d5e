import type { OutgoingSms, SendResult } from '@upheld/domain/notify/send.ts';
import { startSmsServer, type SmsFault, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTwilioNotifier, type TwilioSettings } from './twilio.ts';
import { verifySms } from './verify.ts';

const never = new AbortController().signal;
const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'right-token';

const sms = (over: Partial<OutgoingSms> = {}): OutgoingSms => ({
  channel: 'sms',
  id: 'o1',
  to: '+31612345678',
  body: 'FysioOne is niet bereikbaar. In onderzoek, 10:05.',
  purpose: 'alert',
  validForSeconds: 21_600,
  ...over,
});

const outcome = (result: SendResult): string =>
  result.ok ? 'sent' : `${result.retry} ${result.reason}`;

describe('a text message over Twilio', () => {
  let server: SmsServer;
  let settings: TwilioSettings;
  before(async () => {
    server = await startSmsServer({ accountSid, authToken });
    settings = { accountSid, authToken, from: 'Zorgstatus', baseUrl: `${server.url}/` };
  });
  after(() => server.close());

  const send = (over: Partial<OutgoingSms> = {}, more: Partial<TwilioSettings> = {}) =>
    createTwilioNotifier({ ...settings, ...more }).send(sms(over), never);

  it('arrives as Twilio describes it, and gives its SID as receipt', async () => {
    const arrived = server.next();
    const result = await send();
    const got = await arrived;
    assert.deepEqual(result, { ok: true, receipt: got.sid });
    assert.deepEqual(got.fields, {
      To: '+31612345678',
      From: 'Zorgstatus',
      Body: sms().body,
      ValidityPeriod: '21600',
      RiskCheck: 'disable',
    });
  });

  it('is checked for fraud when it is a code, and is valid for as long as Twilio allows', async () => {
    const arrived = server.next();
    await send({ purpose: 'code', validForSeconds: 250_000 });
    assert.equal((await arrived).fields['RiskCheck'], 'enable');
    assert.equal(server.received.at(-1)?.fields['ValidityPeriod'], '36000');
    await send({ validForSeconds: 1 });
    assert.equal(server.received.at(-1)?.fields['ValidityPeriod'], '10');
  });

  const refusal = (status: number, code: number): SmsFault => ({ status, code, message: 'no' });
  const faults: [name: string, fault: SmsFault, expected: string][] = [
    ['is too busy', refusal(429, 20429), 'later rate-limited'],
    ['finds the number invalid', refusal(400, 21211), 'never bad-address'],
    ['cannot route there', refusal(400, 21612), 'never bad-address'],
    ['knows it as a landline', refusal(400, 21614), 'never bad-address'],
    ['had STOP from there', refusal(400, 21610), 'never unsubscribed-there'],
    ['is not allowed there', refusal(400, 21408), 'later not-authorised'],
    ['does not know the sender', refusal(400, 21212), 'later not-authorised'],
    ['finds something else wrong', refusal(400, 21617), 'never refused'],
    ['refuses the account', refusal(403, 20003), 'later not-authorised'],
    ['fails', refusal(500, 20500), 'unknown outcome-unknown'],
    ['fails, and took it', { status: 500, accepted: true }, 'unknown outcome-unknown'],
    ['is away', refusal(503, 20503), 'unknown outcome-unknown'],
    ['answers with a web page', { html: 200 }, 'unknown outcome-unknown'],
    ['is a proxy that fails', { html: 502 }, 'unknown outcome-unknown'],
    ['cuts the connection', { drop: true }, 'unknown outcome-unknown'],
    ['cuts it, and took it', { drop: true, accepted: true }, 'unknown outcome-unknown'],
  ];
  for (const [name, fault, expected] of faults)
    it(`to a provider that ${name}: ${expected}`, async () => {
      server.fail(fault);
      const before = server.count();
      try {
        assert.equal(outcome(await send()), expected);
        const took = fault.accepted ? 1 : 0;
        assert.equal(server.count() - before, took, 'it is asked once');
      } finally {
        server.fail(null);
      }
    });

  it('waits as long as the provider asks', async () => {
    server.fail({ status: 429, code: 20429, headers: { 'Retry-After': '120' } });
    const result = await send();
    server.fail(null);
    assert.ok(!result.ok && result.retryAfterMs === 120_000);
  });

  it('to a wrong number: never bad-address, as the provider itself finds', async () => {
    assert.equal(outcome(await send({ to: '+99' })), 'never bad-address');
  });

  it('to nobody: later not-reached', async () => {
    const gone = await startSmsServer();
    await gone.close();
    assert.equal(outcome(await send({}, { baseUrl: gone.url })), 'later not-reached');
    const nowhere = await send({}, { baseUrl: 'http://no-such-host.invalid' });
    assert.equal(outcome(nowhere), 'later not-reached');
  });

  it('waits for the operator when the token is refused, which nobody gets to read', async () => {
    const result = await send({}, { authToken: 'wr0ng-secret' });
    assert.equal(outcome(result), 'later not-authorised');
    assert.ok(!JSON.stringify(result).includes('wr0ng'));
  });

  it('is let go when it is told to, as one that may have gone out', async () => {
    server.fail({ hang: true, accepted: true });
    const impatient = new AbortController();
    const arrived = server.next();
    const result = createTwilioNotifier(settings).send(sms(), impatient.signal);
    await arrived;
    impatient.abort();
    assert.equal(outcome(await result), 'unknown outcome-unknown');
    server.fail(null);
  });

  it('is found again by its number and words, not before it was sent', async () => {
    const notifier = createTwilioNotifier(settings);
    const since = Date.now();
    const body = `Eenmalig ${since}`;
    const seek = (over: Partial<OutgoingSms>, from = since) =>
      notifier.reconcile?.(sms({ body, ...over }), from, never);
    assert.deepEqual(await seek({}), { found: false });
    server.fail({ status: 500, accepted: true });
    await notifier.send(sms({ body }), never);
    server.fail(null);
    assert.deepEqual(await seek({}), { found: true, receipt: server.received.at(-1)?.sid });
    assert.deepEqual(await seek({ body: `${body}!` }), { found: false });
    assert.deepEqual(await seek({ to: '+31687654321' }), { found: false });
    // The provider lists by day; the day may be right and the hour wrong.
    assert.deepEqual(await seek({}, since + 3_600_000), { found: false });
  });

  it('stays in doubt while the provider cannot be asked', async () => {
    const notifier = createTwilioNotifier(settings);
    for (const fault of [refusal(500, 20500), { drop: true } as const, { html: 200 }]) {
      server.fail(fault, 'list');
      const found = await notifier.reconcile?.(sms(), Date.now(), never);
      assert.equal(found?.found, null, JSON.stringify(fault));
    }
    server.fail(null, 'list');
  });

  it('the doctor asks about the account', async () => {
    assert.equal(await verifySms(settings), null);
    const wrong = await verifySms({ ...settings, authToken: 'wrong' });
    assert.match(wrong?.message ?? '', /refuses the account or the token/);
    const shape = await verifySms({ ...settings, accountSid: 'AC1' });
    assert.match(shape?.message ?? '', /no account SID/);
  });
});
