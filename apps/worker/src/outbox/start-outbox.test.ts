import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { settle } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { outbox, subscribe, tell } from '../../test/tell.ts';
import { startOutbox, type OutboxLoop, type OutboxOptions } from './start-outbox.ts';

const MINUTE = 60_000;

/** Until the loop has nothing to do but wait for its next turn. */
async function asleep(ctx: TestContext): Promise<void> {
  while (ctx.clock.sleepers === 0) await settle();
}

eachDatabase('the outbox loop', (databases) => {
  let mail: MailServer;
  let sms: SmsServer;
  let now = () => 0;
  const loops: OutboxLoop[] = [];
  before(async () => {
    mail = await startMailServer();
    sms = await startSmsServer({ now: () => now() });
  });
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    mail.fail(null);
    sms.fail(null);
  });
  after(async () => {
    await Promise.all([mail.close(), sms.close()]);
  });

  const open = async () => {
    const config = testConfig({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' },
        },
        sms: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'x',
          from: 'Upheld',
          baseUrl: sms.url,
        },
      },
    });
    const ctx = testContext(await databases.open(), { config });
    now = () => ctx.clock.now();
    const start = (options: Partial<OutboxOptions> = {}): OutboxLoop => {
      const loop = startOutbox(ctx, {
        workerId: 'w1',
        notifiers: createNotifiers(config),
        random: () => 0,
        ...options,
      });
      loops.push(loop);
      return loop;
    };
    const states = async () => (await outbox(ctx)).map(({ state }) => state);
    return { ctx, start, states };
  };

  it('delivers what is there and what comes, by mail and by text message', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await subscribe(ctx, 'sms', '+31612345678');
    await tell(ctx, 'a');
    const first = [mail.next(), sms.next()] as const;
    const loop = start();
    const [letter, text] = await Promise.all(first);
    assert.deepEqual(letter.to, ['jan@example.test']);
    assert.match(letter.subject, /Incident a/);
    assert.match(text.body, /^Incident a\. In onderzoek/);
    await loop.quiet();

    // Another process writes, and nobody wakes us.
    const second = mail.next();
    await tell(ctx, 'a', 'resolved');
    await asleep(ctx);
    await ctx.clock.advance(1000);
    assert.deepEqual((await second).references, [letter.messageId]);
    await loop.quiet();
    assert.deepEqual(await states(), ['sent', 'sent', 'sent', 'sent']);
  });

  it('delivers to a hundred people a few at a time, each once and in order', async () => {
    const { ctx, start, states } = await open();
    for (let i = 0; i < 100; i += 1) await subscribe(ctx, 'sms', `+31612000${100 + i}`);
    for (const event of ['opened', 'updated', 'resolved'] as const) await tell(ctx, 'h', event);
    const before = sms.count();
    let under = 0;
    let most = 0;
    const loop = start({
      concurrency: 5,
      onStep(step) {
        if (step === 'marked') most = Math.max(most, (under += 1));
        if (step === 'settled') under -= 1;
      },
    });
    await loop.quiet();
    assert.ok(most <= 5 && most > 1, `${most} at once`);
    assert.deepEqual(new Set(await states()), new Set(['sent']));
    const told = sms.received.slice(before);
    assert.equal(told.length, 300);
    const byPerson = Map.groupBy(told, ({ to }) => to);
    for (const messages of byPerson.values())
      assert.deepEqual(
        messages.map(({ body }) => /\. (\w+)/.exec(body)?.[1]),
        ['In', 'Oorzaak', 'Opgelost'],
      );
  });

  it('tries again when a server that was away is back, and keeps the rest going', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await subscribe(ctx, 'sms', '+31612345678');
    mail.fail({ at: 'connect', refuse: '421 later' });
    await tell(ctx, 'b');
    const loop = start();
    await loop.quiet();
    assert.deepEqual((await states()).sort(), ['pending', 'sent']);
    mail.fail(null);
    await ctx.clock.advance(11_000);
    await loop.quiet();
    assert.deepEqual(await states(), ['sent', 'sent']);
  });

  it('sends a mail again with its Message-ID when the answer to the final dot was lost', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    mail.fail({ at: 'dot', drop: true });
    await tell(ctx, 'c');
    const first = mail.next();
    const loop = start();
    const one = await first;
    await loop.quiet();
    assert.deepEqual(await states(), ['ambiguous']);
    mail.fail(null);
    const second = mail.next();
    await ctx.clock.advance(2 * MINUTE);
    await loop.quiet();
    assert.equal((await second).messageId, one.messageId);
    assert.deepEqual(await states(), ['sent']);
  });

  it('sends a text message once, though the provider took it and could not say so', async () => {
    const { ctx, start } = await open();
    await subscribe(ctx, 'sms', '+31612345678');
    sms.fail({ status: 503, accepted: true });
    await tell(ctx, 'd');
    const before = sms.count();
    const loop = start();
    await loop.quiet();
    assert.equal((await outbox(ctx))[0]?.state, 'ambiguous');
    sms.fail(null);
    await ctx.clock.advance(2 * MINUTE);
    await loop.quiet();
    const [row] = await outbox(ctx);
    assert.equal(sms.count() - before, 1);
    assert.deepEqual([row?.state, row?.receipt], ['sent', sms.received.at(-1)?.sid]);
  });

  it('sends a text message again when the provider says that it has none', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'sms', '+31612345678');
    sms.fail({ status: 503 });
    await tell(ctx, 'e');
    const before = sms.count();
    const loop = start();
    await loop.quiet();
    sms.fail(null);
    await ctx.clock.advance(2 * MINUTE);
    await loop.quiet();
    assert.equal(sms.count() - before, 1);
    assert.deepEqual(await states(), ['sent']);
  });

  it('gives up a mailbox that does not exist at once, with a line for the operator', async () => {
    const { ctx, start } = await open();
    await subscribe(ctx, 'email', 'gone@example.test');
    mail.fail({ at: 'rcpt', refuse: '550 5.1.1 no such user' });
    await tell(ctx, 'f');
    await start().quiet();
    const [row] = await outbox(ctx);
    assert.equal(row?.state, 'dead');
    assert.equal(row.reason, 'bad-address: 550 5.1.1 no such user');
    const line = ctx.log.lines.find(({ level }) => level === 'error');
    assert.equal(line?.message, 'a message is given up');
    assert.ok(!JSON.stringify(ctx.log.lines).includes('gone@example.test'));
  });

  it('keeps messages for a channel that is not configured until it is', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await tell(ctx, 'g');
    await start({ notifiers: {} }).quiet();
    assert.match((await outbox(ctx))[0]?.reason ?? '', /^channel-off/);
    await loops.pop()?.stop();
    const arrived = mail.next();
    await ctx.clock.advance(11_000);
    const loop = start();
    await arrived;
    await loop.quiet();
    assert.deepEqual(await states(), ['sent']);
  });

  it('finishes what is under way when it is stopped, and gives up what does not end', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await tell(ctx, 'i');
    mail.fail({ at: 'dot', hang: true });
    const arrived = mail.next();
    const loop = start();
    await arrived;
    const stopped = loop.stop();
    await ctx.clock.advance(8000);
    await stopped;
    assert.deepEqual(await states(), ['ambiguous']);
    assert.equal(ctx.clock.sleepers, 0);
  });

  it('takes back at once what a process that is gone held, where it is alone', async () => {
    const { ctx, start, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await tell(ctx, 'j');
    const { t } = ctx.db.read;
    await ctx.db.transact(({ q }) =>
      q
        .update(t.outbox)
        .set({ state: 'leased', leasedBy: 'gone', leaseUntil: ctx.clock.now() + 10 * MINUTE })
        .returning(),
    );
    await start().quiet();
    assert.deepEqual(await states(), ['leased']);
    await loops.pop()?.stop();
    await start({ alone: true }).quiet();
    assert.deepEqual(await states(), ['sent']);
  });

  it('goes on when the database was away for a moment', async () => {
    const { ctx, states } = await open();
    await subscribe(ctx, 'email', 'jan@example.test');
    await tell(ctx, 'k');
    let broken = 3;
    const db = {
      ...ctx.db,
      read: ctx.db.read,
      transact: <T>(work: Parameters<typeof ctx.db.transact<T>>[0]): Promise<T> => {
        broken -= 1;
        return broken >= 0 ? Promise.reject(new Error('gone')) : ctx.db.transact(work);
      },
    };
    const loop = startOutbox(
      { ...ctx, db },
      { workerId: 'w1', notifiers: createNotifiers(ctx.config()), random: () => 0 },
    );
    loops.push(loop);
    const arrived = mail.next();
    while (broken > 0) {
      await asleep(ctx);
      await ctx.clock.advance(1000);
    }
    loop.wake();
    await arrived;
    await loop.quiet();
    assert.deepEqual(await states(), ['sent']);
  });
});
