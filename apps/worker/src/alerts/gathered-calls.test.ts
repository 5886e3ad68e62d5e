import type { Config } from '@upheld/config/schema.ts';
import { acknowledgeAlert } from '@upheld/services/alert/acknowledge-alert.ts';
import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import { acknowledgeByToken, callByToken } from '@upheld/services/alert/call-link.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startOnCallServers, type OnCallServers } from '@upheld/testkit/on-call.ts';
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { startCalling, type Calling } from '../../test/calling.ts';

const MINUTE = 60_000;
const PRODUCTS = 40;
const both = (text: string) => ({ nl: text, en: text });

eachDatabase('calls in a storm', (databases) => {
  let servers: OnCallServers;
  let now = () => 0;
  const running: Calling[] = [];
  before(async () => {
    servers = await startOnCallServers({ now: () => now() });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((calling) => calling.stop()));
    servers.hooked.length = 0;
  });
  after(() => servers.close());

  const config = (own: Parameters<OnCallServers['config']>[0] = {}): Config =>
    testConfig({
      ...servers.config(own),
      groups: [
        {
          id: 'products',
          name: 'Products',
          components: Array.from({ length: PRODUCTS }, (_, index) => ({
            id: `p${index}`,
            name: `Product ${index}`,
          })),
        },
      ],
    });
  /** Bob by text message only, again and again. */
  const onlyBob = (over: { rounds?: number; wait?: string; textsAnHour?: number } = {}) =>
    config({
      onCall: {
        ...(over.textsAnHour === undefined ? {} : { textsAnHour: over.textsAnHour }),
        escalations: [
          {
            id: 'night',
            steps: [{ people: ['bob'], wait: over.wait ?? '5m' }],
            rounds: over.rounds ?? 3,
          },
        ],
      },
    });

  const open = async (own: Config = config()) => {
    const ctx = testContext(await databases.open(), {
      config: own,
      clock: controlledClock(Date.UTC(2026, 10, 23, 2, 10)),
    });
    now = () => ctx.clock.now();
    return ctx;
  };
  const start = (ctx: TestContext) => {
    const calling = startCalling(ctx);
    running.push(calling);
    return (ms: number) => calling.move(ms);
  };
  const breaks = async (ctx: TestContext, from: number, to: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let index = from; index < to; index += 1)
      ids.push(
        (
          await openIncident(
            ctx,
            { name: 'detector' },
            {
              title: both(`Product ${index} is down`),
              componentIds: [`p${index}`],
              body: both('x'),
            },
          )
        ).id,
      );
    return ids;
  };
  const texts = (before: number): string[] =>
    servers.sms.received.slice(before).map(({ body }) => body);
  const tokenIn = (text: string): string =>
    decodeURIComponent(/\/alert\?token=(\S+)/.exec(text)?.[1] ?? '');

  it('go at once for the first, and for all that comes in the next minute together', async () => {
    const ctx = await open(onlyBob());
    const move = start(ctx);
    const before = servers.sms.count();
    await breaks(ctx, 0, 1);
    await move(0);
    assert.equal(texts(before).length, 1, 'the first goes at once');
    for (let second = 0; second < 58; second += 2) {
      await breaks(ctx, 1 + second / 2, 2 + second / 2);
      await move(2000);
    }
    assert.equal(texts(before).length, 1, 'what comes meanwhile waits');
    const [waiting] = await listAlerts(ctx, { open: true });
    assert.deepEqual(waiting?.next, {
      at: Date.UTC(2026, 10, 23, 2, 11),
      people: ['Bob'],
    });
    await move(2000);
    const sent = texts(before);
    assert.equal(sent.length, 2);
    assert.match(sent[0] ?? '', /^03:10 Product 0 is down\. Ik pak het op: http/);
    assert.match(
      sent[1] ?? '',
      /^03:10 29 dingen vragen u: Product 1 is down; Product 2 is down; Product 3 is down; en nog 26\./,
    );
  });

  it('keep nobody waiting for two who are called for other things in turns', async () => {
    const ofProducts = (from: number, to: number) => ({
      components: Array.from({ length: to - from }, (_, index) => `p${from + index}`),
    });
    const ctx = await open(
      config({
        onCall: {
          escalations: [
            { id: 'both', for: ofProducts(0, 1), steps: [{ people: ['anna', 'bob'] }] },
            { id: 'hers', for: ofProducts(1, 20), steps: [{ people: ['anna'] }] },
            { id: 'his', for: ofProducts(20, PRODUCTS), steps: [{ people: ['bob'] }] },
          ],
        },
      }),
    );
    const move = start(ctx);
    const before = servers.sms.count();
    for (let half = 0; half < 8; half += 1) {
      const own = (half % 2 === 0 ? 1 : 20) + half;
      await breaks(ctx, own, own + 1);
      await move(0);
      if (half === 1) await breaks(ctx, 0, 1);
      await move(30_000);
    }
    const [told] = (await listAlerts(ctx, { open: true })).filter(({ title }) =>
      title.en.includes('Product 0 is'),
    );
    assert.equal(told?.calls, 1);
    assert.ok(texts(before).some((text) => text.includes('Product 0 is')));
  });

  it('are one message for a hundred at the same moment, also at every later step', async () => {
    const ctx = await open();
    await breaks(ctx, 0, PRODUCTS);
    const [mails, sms] = [servers.mail.count(), servers.sms.count()];
    const move = start(ctx);
    await move(0);
    assert.equal(servers.mail.count() - mails, 1);
    assert.match(
      servers.mail.received.at(-1)?.subject ?? '',
      /40 things need you: Product 0 is down, and 39 more/,
    );
    await move(5 * MINUTE);
    assert.equal(servers.sms.count() - sms, 1);
    await move(5 * MINUTE);
    assert.equal(servers.hooked.length, 1);
    const call = JSON.parse(servers.hooked[0]?.body ?? '') as {
      title: string;
      components: string[];
      alerts: { title: string; components: string[]; step: number }[];
    };
    assert.deepEqual([call.title, call.components], ['Product 0 is down', ['p0']]);
    assert.equal(call.alerts.length, PRODUCTS);
    assert.deepEqual(call.alerts[39]?.components, ['p39']);
    const alerts = await listAlerts(ctx);
    assert.deepEqual(new Set(alerts.map(({ calls }) => calls)), new Set([3]));
  });

  it('open a page that takes one of them, or all that nobody has taken', async () => {
    const ctx = await open(onlyBob());
    const ids = await breaks(ctx, 0, 4);
    const before = servers.sms.count();
    const move = start(ctx);
    await move(0);
    const token = tokenIn(texts(before)[0] ?? '');
    const call = await callByToken(ctx, token);
    assert.equal(call?.person, 'Bob');
    assert.equal(call.alerts.length, 4);
    const address = '192.0.2.7';
    const one = call.alerts[1]?.id ?? '';
    const after = await acknowledgeByToken(ctx, { token, alertId: one, address });
    assert.deepEqual(
      after.alerts.map(({ state }) => state),
      ['calling', 'acknowledged', 'calling', 'calling'],
    );
    const jan = { name: 'jan' };
    await acknowledgeAlert(ctx, jan, { alertId: call.alerts[2]?.id ?? '' });
    await postUpdate(ctx, jan, {
      incidentId: ids[3] ?? '',
      status: 'resolved',
      body: both('x'),
    });
    await reviewAlerts(ctx, { duties: false });
    const all = await acknowledgeByToken(ctx, { token, address });
    assert.deepEqual(
      all.alerts.map(({ state, acknowledgedBy }) => [state, acknowledgedBy]),
      [
        ['acknowledged', 'Bob'],
        ['acknowledged', 'Bob'],
        ['acknowledged', 'jan'],
        ['over', null],
      ],
    );
    await move(20 * MINUTE);
    assert.equal(texts(before).length, 1, 'nobody is called any more');
    await assert.rejects(
      acknowledgeByToken(ctx, { token, alertId: 'another', address }),
      /does not belong/,
    );
    assert.equal(await callByToken(ctx, token.replace('.bob.', '.anna.')), null);
  });

  it('are not made when all of them were taken before the message could go', async () => {
    const ctx = await open(onlyBob());
    await breaks(ctx, 0, 2);
    await reviewAlerts(ctx, { duties: false });
    await escalate(ctx);
    for (const { id } of await listAlerts(ctx))
      await acknowledgeAlert(ctx, { name: 'jan' }, { alertId: id });
    const before = servers.sms.count();
    await start(ctx)(0);
    assert.equal(servers.sms.count(), before);
    const rows = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
    assert.deepEqual(
      rows.map(({ state, reason }) => [state, reason]),
      [['suppressed', 'acknowledged']],
    );
  });

  it('go by text message only so often in an hour; then one says so, and the others stay open', async () => {
    const ctx = await open(
      config({
        onCall: {
          textsAnHour: 3,
          people: [{ id: 'bob', name: 'Bob', phone: '+31612345678', email: 'bob@example.test' }],
          escalations: [{ id: 'night', steps: [{ people: ['bob'], wait: '2m' }], rounds: 20 }],
        },
      }),
    );
    const [mails, before] = [servers.mail.count(), servers.sms.count()];
    await breaks(ctx, 0, 2);
    const move = start(ctx);
    await move(0);
    for (let step = 1; step < 10; step += 1) await move(2 * MINUTE);
    const sent = texts(before);
    assert.equal(sent.length, 4);
    assert.deepEqual(
      sent.map((text) => text.includes('Dit uur volgen geen sms-berichten meer')),
      [false, false, false, true],
    );
    assert.equal(servers.mail.count() - mails, 10, 'mail goes on');
    const withheld = (await ctx.db.read.q.select().from(ctx.db.read.t.outbox)).filter(
      ({ reason }) => reason === 'too-many',
    );
    assert.equal(withheld.length, 6, 'what was withheld is kept, with why');
    assert.equal((await listAlerts(ctx, { open: true })).length, 2);
    // An hour after the first of them there is room again.
    await move(44 * MINUTE);
    assert.equal(texts(before).length, 5);
  });

  it('are made once, however many processes look at the same moment, and in one message', async () => {
    const ctx = await open(onlyBob());
    const other = testContext(await databases.again(), {
      config: ctx.config(),
      clock: ctx.clock,
      idPrefix: 'other',
    });
    await breaks(ctx, 0, 10);
    await reviewAlerts(ctx, { duties: false });
    const made = await Promise.all([ctx, other, ctx, other].map((one) => escalate(one)));
    assert.equal(
      made.reduce((sum, calls) => sum + calls, 0),
      1,
    );
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.outbox)).length, 1);
    assert.equal((await q.select().from(t.calls)).length, 1);
    // One sees the first five, another all of them: nobody is called twice within the minute.
    ctx.clock.set(ctx.clock.now() + 5 * MINUTE);
    await breaks(ctx, 10, 20);
    await Promise.all([
      escalate(other),
      reviewAlerts(ctx, { duties: false }).then(() => escalate(ctx)),
    ]);
    const calls = await q.select().from(t.calls);
    assert.equal(calls.length, 2);
    assert.deepEqual(calls.map(({ number }) => number).sort(), [1, 2]);
  });

  it('do not wait where another way or another person is free', async () => {
    const ctx = await open(
      config({
        onCall: {
          escalations: [
            { id: 'one', for: { components: ['p0'] }, steps: [{ people: ['bob'] }] },
            { id: 'two', steps: [{ people: ['anna'] }] },
          ],
        },
      }),
    );
    const move = start(ctx);
    const [mails, sms] = [servers.mail.count(), servers.sms.count()];
    await breaks(ctx, 0, 1);
    await move(0);
    await breaks(ctx, 1, 2);
    await move(2000);
    assert.deepEqual([servers.mail.count() - mails, servers.sms.count() - sms], [1, 1]);
  });

  it('are for whoever has the turn', async () => {
    const ctx = await open(
      config({
        onCall: {
          rosters: [
            {
              id: 'primary',
              people: ['anna', 'bob'],
              // 03:12 local, two minutes from now.
              handover: { at: '03:12' },
              every: { days: 1 },
              start: '2026-11-22',
            },
          ],
          escalations: [{ id: 'night', steps: [{ people: ['primary'], wait: '5m' }] }],
        },
      }),
    );
    const move = start(ctx);
    const [mails, sms] = [servers.mail.count(), servers.sms.count()];
    await breaks(ctx, 0, 1);
    await move(0);
    assert.deepEqual([servers.mail.count() - mails, servers.sms.count() - sms], [1, 0]);
    const [alert] = await listAlerts(ctx);
    assert.deepEqual(alert?.next?.people, ['Bob'], 'who has the turn by then');
    await move(5 * MINUTE);
    assert.deepEqual([servers.mail.count() - mails, servers.sms.count() - sms], [1, 1]);
  });
});
