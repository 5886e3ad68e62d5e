import type { Database } from '@upheld/db/database.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Outgoing, OutgoingMail } from '@upheld/domain/notify/send.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { settleDelivery } from '../outbox/settle.ts';
import { subscriptionDesk, type SubscriptionDesk } from './desk.ts';
import { forgetUnconfirmed } from './forget-unconfirmed.ts';
import { setReminders } from './set-reminders.ts';
import { addSubscriber, listSubscribers, removeSubscriber } from './subscribers.ts';

const CLI = { name: 'cli' };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OK = { ok: true };
const refused = (reason: string, field?: string) =>
  field === undefined ? { ok: false, reason } : { ok: false, reason, field };

type Wish = Parameters<SubscriptionDesk['subscribe']>[0];
const byMail = (over: Partial<Wish> = {}): Wish => ({
  channel: 'email',
  address: 'Jan@Example.test',
  language: 'nl',
  componentIds: null,
  ip: '192.0.2.1',
  ...over,
});
const bySms = (over: Partial<Wish> = {}): Wish =>
  byMail({ channel: 'sms', address: '06 12345678', ...over });

/** Sends everything that is due, and gives it. */
async function outgoing(ctx: TestContext): Promise<Outgoing[]> {
  const all = [];
  for (;;) {
    const [row] = await claimDue(ctx, 'w1', 1);
    if (!row) return all;
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    if (prepared.act !== 'send') continue;
    all.push(prepared.outgoing);
    const ok = { ok: true, receipt: 'x' } as const;
    await settleDelivery(ctx, prepared.row, ok, { canAsk: false, random: 0 });
  }
}

async function tokenSent(ctx: TestContext): Promise<string> {
  const [mail] = await outgoing(ctx);
  assert.equal(mail?.channel, 'email');
  const token = /confirm\?token=(\S+)/.exec(mail.text)?.[1];
  assert.ok(token);
  return token;
}

async function codeSent(ctx: TestContext): Promise<string> {
  const [sms] = await outgoing(ctx);
  assert.equal(sms?.channel, 'sms');
  return /^\d{6}/.exec(sms.body)?.[0] ?? '';
}

const other = (code: string): string => (code === '000000' ? '111111' : '000000');

eachDatabase('the subscription desk', (databases) => {
  const open = async (db?: Database) => {
    const ctx = testContext(db ?? (await databases.open()));
    return { ctx, desk: subscriptionDesk(ctx) };
  };
  const confirmed = async (over: Partial<Wish> = {}) => {
    const { ctx, desk } = await open();
    assert.deepEqual(await desk.subscribe(byMail(over)), OK);
    const token = await tokenSent(ctx);
    assert.deepEqual(await desk.confirm(token), OK);
    return { ctx, desk, token };
  };

  it('subscribes who follows the link in a mail, and not before', async () => {
    const { ctx, desk } = await open();
    assert.deepEqual(await desk.subscribe(byMail({ componentIds: ['fysioone'] })), OK);
    const [waiting] = await listSubscribers(ctx);
    assert.deepEqual([waiting?.address, waiting?.confirmedAt], ['Jan@Example.test', null]);
    const token = await tokenSent(ctx);
    assert.equal((await desk.look(token))?.confirmed, false);
    assert.equal((await desk.look(token))?.confirmed, false, 'looking changes nothing');
    assert.deepEqual(await desk.confirm(token), OK);
    assert.deepEqual(await desk.look(token), {
      channel: 'email',
      maskedAddress: 'J…@Example.test',
      confirmed: true,
      language: 'nl',
      componentIds: ['fysioone'],
      reminders: ['24h'],
    });
    assert.deepEqual(await desk.confirm(token), OK, 'a second press of the button is no fault');
  });

  it('subscribes who types the code of a text message', async () => {
    const { ctx, desk } = await open();
    assert.deepEqual(await desk.subscribe(bySms()), OK);
    const code = await codeSent(ctx);
    const answer = await desk.confirmCode({ address: '+31612345678', code, ip: '192.0.2.1' });
    assert.deepEqual(answer, OK);
    assert.equal((await listSubscribers(ctx))[0]?.address, '+31612345678');
  });

  it('gives five tries for a code, also to many guesses at once', async () => {
    const { ctx, desk } = await open();
    await desk.subscribe(bySms());
    const code = await codeSent(ctx);
    const guess = (given: string) =>
      desk.confirmCode({ address: '0612345678', code: given, ip: '192.0.2.1' });
    const wrong = await Promise.all(Array.from({ length: 8 }, () => guess(other(code))));
    for (const answer of wrong) assert.deepEqual(answer, refused('wrong-code', 'code'));
    assert.deepEqual(await guess(code), refused('wrong-code', 'code'), 'no try is left');
    await ctx.clock.advance(MINUTE);
    await desk.subscribe(bySms());
    assert.deepEqual(await guess(await codeSent(ctx)), OK);
  });

  it('takes a code for a quarter of an hour, and tells only who knows it that it is over', async () => {
    const { ctx, desk } = await open();
    await desk.subscribe(bySms());
    const code = await codeSent(ctx);
    const guess = (given: string) =>
      desk.confirmCode({ address: '0612345678', code: given, ip: '192.0.2.1' });
    await ctx.clock.advance(15 * MINUTE);
    assert.deepEqual(await guess(code), refused('expired', 'code'));
    assert.deepEqual(await guess(other(code)), refused('wrong-code', 'code'));
    const unknown = { address: '0687654321', code, ip: '192.0.2.1' };
    assert.deepEqual(await desk.confirmCode(unknown), refused('wrong-code', 'code'));
  });

  it('takes a link for a week', async () => {
    const { ctx, desk } = await open();
    await desk.subscribe(byMail());
    const token = await tokenSent(ctx);
    await ctx.clock.advance(7 * DAY);
    assert.deepEqual(await desk.confirm(token), refused('expired'));
  });

  it('answers the same for an address that it knows and one that it does not', async () => {
    const { ctx, desk } = await confirmed();
    await ctx.clock.advance(MINUTE);
    assert.deepEqual(
      await desk.subscribe(byMail()),
      await desk.subscribe(byMail({ address: 'x@y.test' })),
    );
    assert.equal((await outgoing(ctx)).length, 2);
  });

  it('changes nothing for a subscriber whose address somebody types, until they say yes', async () => {
    const { ctx, desk, token } = await confirmed({ componentIds: ['fysioone'] });
    await ctx.clock.advance(MINUTE);
    await desk.subscribe(byMail({ language: 'en' }));
    const before = await desk.look(token);
    assert.deepEqual([before?.componentIds, before?.language], [['fysioone'], 'nl']);
    const [mail] = await outgoing(ctx);
    assert.match((mail as OutgoingMail).text, /^Confirm your subscription/);
    await desk.confirm(token);
    const after = await desk.look(token);
    assert.deepEqual([after?.componentIds, after?.language], [null, 'en']);
  });

  it('asks one address once a minute and five times a day, and answers as if it did', async () => {
    const { ctx, desk } = await open();
    for (let i = 0; i < 20; i += 1) {
      assert.deepEqual(await desk.subscribe(byMail({ ip: `192.0.2.${i}` })), OK);
      await ctx.clock.advance(MINUTE / 2);
    }
    assert.equal((await outgoing(ctx)).length, 1, 'only the last one asked is sent');
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.outbox)).length, 5);
    await ctx.clock.advance(DAY);
    await desk.subscribe(byMail());
    assert.equal((await outgoing(ctx)).length, 1);
  });

  it('is not a machine for sending text messages to ranges of numbers', async () => {
    const { desk } = await open();
    const many = async (wish: (i: number) => Wish, count: number) => {
      const answers = [];
      for (let i = 0; i < count; i += 1) answers.push(await desk.subscribe(wish(i)));
      return answers.filter(({ ok }) => ok).length;
    };
    const number = (i: number) => `+31612345${String(i).padStart(3, '0')}`;
    assert.equal(await many((i) => bySms({ address: number(i), ip: `10.0.0.${i}` }), 30), 10);
    const spread = (i: number) => `+3161${String(1000 + i)}678`;
    assert.equal(await many((i) => bySms({ address: spread(i), ip: '192.0.2.9' }), 30), 10);
  });

  it('refuses what it cannot or may not send to, naming the reason', async () => {
    const { desk, ctx } = await open();
    const refusals: [wish: Wish, reason: string][] = [
      [byMail({ address: 'jan' }), 'invalid-address'],
      [byMail({ address: 'a@b.test,c@d.test' }), 'invalid-address'],
      [bySms({ address: 'bel mij op 06 12345678' }), 'invalid-address'],
      [bySms({ address: '06 1234' }), 'invalid-address'],
      [bySms({ address: '+31 20 1234567' }), 'not-mobile'],
      [bySms({ address: '+44 7400 123456' }), 'country-not-served'],
      [bySms({ address: '+882 16 12345678' }), 'country-not-served'],
      [bySms({ address: '0900 1234' }), 'not-mobile'],
    ];
    for (const [wish, reason] of refusals)
      assert.deepEqual(await desk.subscribe(wish), refused(reason, 'address'), wish.address);
    assert.deepEqual(
      await desk.subscribe(byMail({ componentIds: ['nothing'] })),
      refused('unknown-component', 'componentIds'),
    );
    ctx.configure(testConfig({ channels: {} }));
    assert.deepEqual(await desk.subscribe(byMail()), refused('channel-off', 'address'));
  });

  it('reminds as was chosen at subscribing, on the page, and by the operator', async () => {
    const { ctx, desk, token } = await confirmed({ reminders: ['1h', 'start'] });
    const shown = async () => (await desk.look(token))?.reminders;
    assert.deepEqual(await shown(), ['1h', 'start']);
    await desk.choose(token, { componentIds: ['fysioone'] });
    assert.deepEqual(await shown(), ['1h', 'start'], 'what is left out stays');
    await desk.choose(token, { reminders: [] });
    assert.deepEqual(await shown(), []);
    assert.deepEqual((await desk.look(token))?.componentIds, ['fysioone']);
    const subscriberId = (await listSubscribers(ctx))[0]?.id ?? '';
    await setReminders(ctx, CLI, { subscriberId, reminders: ['end'] });
    assert.deepEqual((await listSubscribers(ctx))[0]?.reminders, ['end']);
    await setReminders(ctx, CLI, { subscriberId, reminders: null });
    assert.deepEqual(await shown(), ['24h'], 'the default of the channel');
    const { q, t } = ctx.db.read;
    const log = (await q.select().from(t.auditLog)).filter(
      ({ action }) => action === 'subscriber.reminders',
    );
    assert.deepEqual(
      log.map(({ subject, before, after }) => ({ subject, before, after })),
      [
        { subject: subscriberId, before: { reminders: [] }, after: { reminders: ['end'] } },
        { subject: subscriberId, before: { reminders: ['end'] }, after: { reminders: ['24h'] } },
      ],
    );
    await assert.rejects(
      setReminders(ctx, CLI, { subscriberId: 'nobody', reminders: null }),
      (error) => error instanceof DomainError && error.code === 'not-found',
    );
  });

  it('lets a subscriber choose, and nobody with a token that is not theirs', async () => {
    const { desk, token } = await confirmed();
    assert.deepEqual(await desk.choose(token, { componentIds: ['fysioone'] }), OK);
    assert.deepEqual((await desk.look(token))?.componentIds, ['fysioone']);
    assert.deepEqual(
      await desk.choose(token, { componentIds: ['nothing'] }),
      refused('unknown-component', 'componentIds'),
    );
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      '',
      'x',
      token.slice(0, -1) + last,
      `${token}x`,
      token.slice(1),
      't',
      'u'.repeat(60),
    ]) {
      assert.equal(await desk.look(wrong), null);
      assert.deepEqual(await desk.choose(wrong, { componentIds: null }), refused('unknown-token'));
      assert.deepEqual(await desk.confirm(wrong), refused('unknown-token'));
      assert.deepEqual(await desk.unsubscribe(wrong), refused('unknown-token'));
    }
  });

  it('forgets the address of who leaves, and opens nothing with their old token when they come back', async () => {
    const { ctx, desk, token } = await confirmed();
    assert.deepEqual(await desk.unsubscribe(token), OK);
    assert.equal(await desk.look(token), null);
    assert.deepEqual(await desk.unsubscribe(token), refused('unknown-token'));
    const { q, t } = ctx.db.read;
    assert.ok(
      !JSON.stringify(await q.select().from(t.subscribers))
        .toLowerCase()
        .includes('jan'),
    );
    assert.deepEqual(await listSubscribers(ctx), []);

    await assert.rejects(
      addSubscriber(ctx, CLI, { channel: 'email', address: 'jan@example.test' }),
      (error: unknown) => error instanceof DomainError && error.code === 'conflict',
      'only its owner can bring it back',
    );
    await ctx.clock.advance(MINUTE);
    assert.deepEqual(await desk.subscribe(byMail({ address: 'jan@example.test' })), OK);
    const fresh = await tokenSent(ctx);
    assert.notEqual(fresh, token);
    assert.equal(await desk.look(token), null);
    assert.deepEqual(await desk.confirm(fresh), OK);
    assert.deepEqual(await desk.unsubscribe(fresh), OK, 'leaving twice is possible');
  });

  it('deletes who never said yes', async () => {
    const { ctx, desk } = await confirmed();
    await desk.subscribe(byMail({ address: 'silent@example.test' }));
    await outgoing(ctx);
    await ctx.clock.advance(7 * DAY);
    assert.equal(await forgetUnconfirmed(ctx), 0);
    await ctx.clock.advance(1);
    assert.equal(await forgetUnconfirmed(ctx), 1);
    assert.deepEqual(
      (await listSubscribers(ctx)).map(({ address }) => address),
      ['Jan@Example.test'],
    );
  });

  it('subscribes an address once, however many ask at the same moment', async () => {
    const { ctx, desk } = await open();
    const twin = subscriptionDesk(
      testContext(await databases.again(), { clock: ctx.clock, idPrefix: 'b' }),
    );
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? desk : twin).subscribe(byMail())),
    );
    assert.equal((await listSubscribers(ctx)).length, 1);
    assert.equal((await outgoing(ctx)).length, 1);
  });

  it('lets an operator add, who still has to say yes, and remove by whatever names them', async () => {
    const { ctx, desk } = await open();
    const added = await addSubscriber(ctx, CLI, { channel: 'email', address: 'Piet@example.test' });
    assert.equal(added.confirmedAt, null);
    assert.deepEqual(await desk.confirm(await tokenSent(ctx)), OK);
    await assert.rejects(
      addSubscriber(ctx, CLI, { channel: 'email', address: 'piet@example.test' }),
      /has subscribed already/,
    );
    await addSubscriber(ctx, CLI, { channel: 'sms', address: '0612345678' });
    await removeSubscriber(ctx, CLI, 'PIET@example.test');
    await removeSubscriber(ctx, CLI, '06-12345678');
    assert.deepEqual(await listSubscribers(ctx), []);
    await assert.rejects(removeSubscriber(ctx, CLI, 'piet@example.test'), /nobody subscribed as/);
    await assert.rejects(
      addSubscriber(ctx, CLI, { channel: 'sms', address: '+44 7400 123456' }),
      /channels\.sms\.countries/,
    );
  });
});
