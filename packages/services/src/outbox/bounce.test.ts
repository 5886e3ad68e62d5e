import type { OutgoingMail } from '@upheld/domain/notify/send.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { subscriptionDesk } from '../subscriber/desk.ts';
import { listSubscribers } from '../subscriber/subscribers.ts';
import { claimDue } from './claim.ts';
import { enqueueNotification } from './enqueue.ts';
import { listOutbox } from './list-outbox.ts';
import { prepareDelivery } from './prepare.ts';
import { isReturnPath, messageOfReturnPath, returnPath } from './return-path.ts';
import { settleDelivery } from './settle.ts';
import { takeBounce } from './take-bounce.ts';

const DAY = 24 * 3_600_000;
const BOUNCES = 'bounces@status.example.test';
const both = (text: string) => ({ nl: text, en: text });

const report = (to: string, status = '5.1.1', action = 'failed'): string =>
  [
    `To: <${to}>`,
    'Content-Type: multipart/report; report-type="delivery-status"; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.test',
    '',
    'Final-Recipient: rfc822; jan@example.test',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 no such user',
    '--b--',
  ].join('\r\n');

eachDatabase('a mail that comes back', (databases) => {
  const open = async (bounces: string | undefined = BOUNCES): Promise<TestContext> => {
    const config = testConfig();
    const email = { ...config.channels.email, ...(bounces === '' ? {} : { bounces }) };
    const ctx = testContext(await databases.open(), {
      config: { ...config, channels: { email: email as typeof config.channels.email } },
    });
    await ctx.db.transact(({ q, t }) =>
      q.insert(t.subscribers).values({
        id: 's1',
        channel: 'email',
        address: 'jan@example.test',
        addressKey: 'jan@example.test',
        language: 'nl',
        state: 'confirmed',
        componentIds: null,
        challengeTries: 0,
        createdAt: ctx.clock.now(),
        confirmedAt: ctx.clock.now(),
        version: 1,
      }),
    );
    return ctx;
  };
  /** Tells of an incident and sends it; undefined where nobody is told. */
  const send = async (ctx: TestContext): Promise<OutgoingMail | undefined> => {
    const id = ctx.ids.next();
    const now = ctx.clock.now();
    await ctx.db.transact((h) =>
      enqueueNotification(
        h,
        { ids: ctx.ids, now, config: ctx.config() },
        {
          subjectId: id,
          content: {
            kind: 'incident',
            event: 'opened',
            incidentId: id,
            title: both('FysioOne is traag'),
            status: 'investigating',
            body: both('x'),
            components: [],
            startedAt: now,
            at: now,
          },
          componentIds: ['fysioone'],
          dedupe: id,
        },
      ),
    );
    const [row] = await claimDue(ctx, 'w', 1);
    if (!row) return undefined;
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    if (prepared.act !== 'send') return undefined;
    const ok = { ok: true, receipt: 'r' } as const;
    await settleDelivery(ctx, prepared.row, ok, { canAsk: false, random: 0 });
    assert.equal(prepared.outgoing.channel, 'email');
    return prepared.outgoing;
  };
  const returnPathOf = async (ctx: TestContext): Promise<string> =>
    (await send(ctx))?.returnPath ?? '';

  it('for good ends what is sent to its address, until its owner subscribes again', async () => {
    const ctx = await open();
    const to = await returnPathOf(ctx);
    assert.match(to, /^bounces\+\S+@status\.example\.test$/);
    assert.equal(await takeBounce(ctx, report(to)), 'hard');
    const [letter] = await listOutbox(ctx, { limit: 1 });
    assert.deepEqual([letter?.state, letter?.reason], ['dead', 'bounced: 5.1.1: 550 no such user']);
    assert.deepEqual(
      (await listSubscribers(ctx)).map(({ address, bounced }) => [address, bounced]),
      [['jan@example.test', true]],
    );
    assert.equal(await send(ctx), undefined, 'nothing more goes there');
    assert.equal(await takeBounce(ctx, report(to)), 'ignored', 'the same report again');

    const desk = subscriptionDesk(ctx);
    const wish = { channel: 'email', address: 'jan@example.test', language: 'nl' } as const;
    await desk.subscribe({ ...wish, componentIds: null, ip: '192.0.2.1' });
    const [row] = await claimDue(ctx, 'w', 1);
    assert.ok(row);
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    assert.ok(prepared.act === 'send' && prepared.outgoing.channel === 'email');
    const token = /confirm\?token=(\S+)/.exec(prepared.outgoing.text)?.[1] ?? '';
    assert.deepEqual(await desk.confirm(token), { ok: true });
    assert.equal((await listSubscribers(ctx))[0]?.bounced, false);
  });

  it('for now does so the fifth time in seven days', async () => {
    const ctx = await open();
    const bounced = async () => (await listSubscribers(ctx))[0]?.bounced;
    const soft = async () => takeBounce(ctx, report(await returnPathOf(ctx), '4.4.1'));
    for (let i = 0; i < 4; i += 1) assert.equal(await soft(), 'soft');
    await ctx.clock.advance(8 * DAY);
    for (let i = 0; i < 4; i += 1) {
      await soft();
      await ctx.clock.advance(DAY);
    }
    assert.equal(await bounced(), false, 'four and four, a week apart');
    await soft();
    assert.equal(await bounced(), true);
  });

  it('is believed only at an address that we made, and in time', async () => {
    const ctx = await open();
    const to = await returnPathOf(ctx);
    const state = async () => (await listOutbox(ctx, { limit: 1 }))[0]?.state;
    const forged = to.replace(/(.)@/, (_, last: string) => `${last === '0' ? '1' : '0'}@`);
    for (const [mail, outcome] of [
      [report(forged), 'ignored'],
      [report('bounces+@status.example.test'), 'ignored'],
      [report('bounces+x-0@status.example.test'), 'ignored'],
      [report(to.replace('status.', 'other.')), 'not-a-bounce'],
      [report('support@status.example.test'), 'not-a-bounce'],
      [report(to, '4.4.1', 'delayed'), 'ignored'],
      [`To: ${to}\r\nAuto-Submitted: auto-replied\r\n\r\nI am on leave. Status: 5.1.1`, 'ignored'],
    ] as const) {
      assert.equal(await takeBounce(ctx, mail), outcome, mail);
      assert.equal(await state(), 'sent');
    }
    await ctx.clock.advance(7 * DAY + 1);
    assert.equal(await takeBounce(ctx, report(to)), 'ignored');
    assert.equal(await state(), 'sent');
  });

  it('is known by the envelope, and by headers in any case', async () => {
    const ctx = await open();
    const to = await returnPathOf(ctx);
    const other = report('postmaster@status.example.test');
    assert.equal(await takeBounce(ctx, other, [to]), 'hard');
    const next = await open();
    const upper = (await returnPathOf(next)).toUpperCase();
    assert.equal(await takeBounce(next, report(upper)), 'hard');
  });

  it('has an address of its own only where the operator has a place for it', async () => {
    const ctx = await open('');
    assert.equal((await send(ctx))?.returnPath, null);
    assert.equal(await takeBounce(ctx, report(`bounces+x@status.example.test`)), 'not-a-bounce');
  });
});

describe('a return path', () => {
  it('names a message, fits a local part, and is known again', () => {
    const id = '01997d3e-6f1a-7c1e-9d53-2f6f0b6f7b11';
    const address = returnPath('secret', 'Bounces.a-b_c9@Status.Example.test', id);
    assert.ok(address.indexOf('@') <= 64, address);
    assert.equal(messageOfReturnPath('secret', 'bounces.a-b_c9@status.example.test', address), id);
    assert.equal(messageOfReturnPath('other', 'bounces.a-b_c9@status.example.test', address), null);
    assert.equal(isReturnPath('bounces@status.example.test', address), false);
  });
});
