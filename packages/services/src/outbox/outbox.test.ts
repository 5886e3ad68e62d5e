import type { Database } from '@upheld/db/database.ts';
import type { Channel } from '@upheld/domain/notify/delivery.ts';
import type { IncidentNotification } from '@upheld/domain/notify/message.ts';
import type { OutgoingMail, SendResult } from '@upheld/domain/notify/send.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimDue, LEASE_MS, releaseOrphans } from './claim.ts';
import { enqueueNotification } from './enqueue.ts';
import { prepareDelivery } from './prepare.ts';
import type { OutboxRow } from './row.ts';
import { settleAsked, settleDelivery } from './settle.ts';

const HOUR = 3_600_000;
const both = (text: string) => ({ nl: text, en: text });
const OK: SendResult = { ok: true, receipt: '250 OK' };
const failed = (retry: 'later' | 'never' | 'unknown'): SendResult => ({
  ok: false,
  retry,
  reason: retry === 'unknown' ? 'outcome-unknown' : 'refused-for-now',
  detail: 'x',
});
const MAIL = { canAsk: false };
const SMS = { canAsk: true };

async function subscribe(
  ctx: TestContext,
  over: Partial<{ channel: Channel; components: string[] | null; state: 'pending' }> = {},
): Promise<string> {
  const { channel = 'email', components = null, state = 'confirmed' } = over;
  const id = ctx.ids.next();
  const address = channel === 'email' ? `${id}@example.test` : `+316${id.replace(/\D/g, '')}`;
  await ctx.db.transact(({ q, t }) =>
    q.insert(t.subscribers).values({
      id,
      channel,
      address,
      addressKey: address,
      language: 'nl',
      state,
      componentIds: components,
      challengeTries: 0,
      createdAt: ctx.clock.now(),
      version: 1,
    }),
  );
  return id;
}

/** Tells of an incident; gives how many are to hear. */
function tell(
  ctx: TestContext,
  event: IncidentNotification['event'] = 'opened',
  over: { subject?: string; key?: string; component?: string } = {},
): Promise<number> {
  const { subject = 'i1', key = ctx.ids.next(), component = 'fysioone' } = over;
  const now = ctx.clock.now();
  const status = { opened: 'investigating', updated: 'identified', resolved: 'resolved' } as const;
  return ctx.db.transact((h) =>
    enqueueNotification(
      h,
      { ids: ctx.ids, now, config: ctx.config() },
      {
        subjectId: subject,
        content: {
          kind: 'incident',
          event,
          incidentId: subject,
          title: both('FysioOne is niet bereikbaar'),
          status: status[event],
          body: both('x'),
          components: [],
          startedAt: now,
          at: now,
        },
        componentIds: [component],
        dedupe: key,
      },
    ),
  );
}

async function rows(ctx: { db: Database }): Promise<OutboxRow[]> {
  const all = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Claims one, sends it with this result, and gives the mail. */
async function sendOne(ctx: TestContext, result: SendResult = OK): Promise<OutgoingMail> {
  const [row] = await claimDue(ctx, 'w1', 1);
  assert.ok(row, 'nothing is due');
  const prepared = await prepareDelivery(ctx, row, MAIL);
  assert.ok(prepared.act === 'send', prepared.act);
  await settleDelivery(ctx, prepared.row, result, { ...MAIL, random: 0 });
  return prepared.outgoing as OutgoingMail;
}

async function marked(ctx: TestContext, workerId: string, how = MAIL) {
  const [row] = await claimDue(ctx, workerId, 1);
  assert.ok(row, 'nothing is due');
  const prepared = await prepareDelivery(ctx, row, how);
  assert.ok(prepared.act === 'send', prepared.act);
  return prepared;
}

eachDatabase('the outbox', (databases) => {
  const open = async () => testContext(await databases.open());

  it('gets one message for everybody who confirmed and chose the component, once', async () => {
    const ctx = await open();
    await subscribe(ctx);
    await subscribe(ctx, { components: ['fysioone', 'other'] });
    await subscribe(ctx, { components: ['other'] });
    await subscribe(ctx, { state: 'pending' });
    assert.equal(await tell(ctx, 'opened', { key: 'k1' }), 2);
    assert.equal(await tell(ctx, 'opened', { key: 'k1' }), 0);
    assert.equal((await rows(ctx)).length, 2);
  });

  it('is claimed by two workers at once without a row lost or doubled', async () => {
    const ctx = await open();
    const other = testContext(await databases.again(), { clock: ctx.clock });
    for (let i = 0; i < 40; i += 1) await subscribe(ctx);
    await tell(ctx);
    const claimed: string[] = [];
    const work = async (mine: TestContext, name: string): Promise<void> => {
      for (;;) {
        const got = await claimDue(mine, name, 3);
        if (got.length === 0) return;
        claimed.push(...got.map(({ id }) => id));
      }
    };
    await Promise.all([work(ctx, 'a'), work(other, 'b'), work(ctx, 'c'), work(other, 'd')]);
    // Who came second may have found nothing while others worked.
    await work(ctx, 'a');
    assert.equal(claimed.length, 40);
    assert.equal(new Set(claimed).size, 40);
  });

  it('gives the messages about one thing to one person in their order, one at a time', async () => {
    const ctx = await open();
    await subscribe(ctx);
    await tell(ctx, 'opened');
    await tell(ctx, 'resolved');
    await tell(ctx, 'opened', { subject: 'i2' });
    const due = await claimDue(ctx, 'w1', 10);
    assert.deepEqual(due.map((row) => row.lane.split(':')[1]).sort(), ['i1', 'i2']);
    assert.equal((await claimDue(ctx, 'w2', 10)).length, 0);
    for (const row of due) {
      const prepared = await prepareDelivery(ctx, row, MAIL);
      assert.ok(prepared.act === 'send');
      // A message that waits for its next try holds back those behind it.
      await settleDelivery(ctx, prepared.row, failed('later'), { ...MAIL, random: 0 });
    }
    assert.equal((await claimDue(ctx, 'w2', 10)).length, 0);
    await ctx.clock.advance(10_000);
    assert.equal((await claimDue(ctx, 'w2', 10)).length, 2);
  });

  it('makes a thread of the mails about one incident', async () => {
    const ctx = await open();
    await subscribe(ctx);
    const mails: OutgoingMail[] = [];
    for (const event of ['opened', 'updated', 'resolved'] as const) {
      await tell(ctx, event);
      mails.push(await sendOne(ctx));
    }
    const [first, second, third] = mails as [OutgoingMail, OutgoingMail, OutgoingMail];
    assert.deepEqual(first.references, []);
    assert.deepEqual(second.references, [first.messageId]);
    assert.deepEqual(third.references, [first.messageId, second.messageId]);
    assert.equal(new Set(mails.map(({ messageId }) => messageId)).size, 3);
    assert.equal(new Set(mails.map(({ subject }) => subject)).size, 1);
  });

  describe('when a worker dies', () => {
    it('what it had leased is due again after the lease, and it is too late when it comes back', async () => {
      const ctx = await open();
      await subscribe(ctx);
      await tell(ctx);
      const [held] = await claimDue(ctx, 'dead', 1);
      assert.ok(held);
      await ctx.clock.advance(LEASE_MS);
      assert.equal((await claimDue(ctx, 'w2', 1)).length, 0);
      await ctx.clock.advance(1);
      const [taken] = await claimDue(ctx, 'w2', 1);
      assert.equal(taken?.id, held.id);
      assert.equal(taken.doubtSince, null);
      assert.deepEqual(await prepareDelivery(ctx, held, MAIL), { act: 'nothing' });
    });

    it('a mail that was being sent goes again with the same Message-ID', async () => {
      const ctx = await open();
      await subscribe(ctx);
      await tell(ctx);
      const began = ctx.clock.now();
      const first = await marked(ctx, 'dead');
      assert.equal(await releaseOrphans(ctx, 'dead'), 0);
      assert.equal(await releaseOrphans(ctx, 'w2'), 1);
      // The address of the site may change meanwhile.
      const config = ctx.config();
      ctx.configure({ ...config, server: { ...config.server, url: 'https://new.example.test' } });
      const second = await marked(ctx, 'w2');
      assert.equal(second.row.doubtSince, began);
      assert.equal(
        (second.outgoing as OutgoingMail).messageId,
        (first.outgoing as OutgoingMail).messageId,
      );
      // The one that was thought dead cannot undo what the other does.
      assert.equal(
        await settleDelivery(ctx, first.row, failed('never'), { ...MAIL, random: 0 }),
        null,
      );
      await settleDelivery(ctx, second.row, OK, { ...MAIL, random: 0 });
      assert.deepEqual(
        (await rows(ctx)).map(({ state, leasedBy }) => [state, leasedBy]),
        [['sent', null]],
      );
    });

    it('and was only slow, its word that the message went out ends the doubt', async () => {
      const ctx = await open();
      await subscribe(ctx, { channel: 'sms' });
      await tell(ctx);
      const slow = await marked(ctx, 'slow', SMS);
      await releaseOrphans(ctx, 'w2');
      assert.equal(await settleDelivery(ctx, slow.row, OK, { ...SMS, random: 0 }), 'sent');
      assert.equal((await rows(ctx))[0]?.receipt, '250 OK');
    });

    it('a text message that was being sent is asked after before it goes again', async () => {
      const ctx = await open();
      await subscribe(ctx, { channel: 'sms' });
      await tell(ctx);
      const began = ctx.clock.now();
      const first = await marked(ctx, 'dead', SMS);
      await releaseOrphans(ctx, 'w2');
      assert.equal((await claimDue(ctx, 'w2', 1)).length, 0, 'the provider needs a moment');
      await ctx.clock.advance(120_000);
      const [row] = await claimDue(ctx, 'w2', 1);
      assert.ok(row);
      const prepared = await prepareDelivery(ctx, row, SMS);
      assert.ok(prepared.act === 'ask');
      assert.equal(prepared.since, began);
      // Not found: the very same words go again.
      assert.equal(await settleAsked(ctx, prepared.row, { found: false }, 0), true);
      const again = await prepareDelivery(ctx, prepared.row, { ...SMS, asked: true });
      assert.ok(again.act === 'send');
      assert.deepEqual(
        { ...again.outgoing, validForSeconds: 0 },
        { ...first.outgoing, validForSeconds: 0 },
      );
    });
  });

  it('a text message in doubt is sent when it is found, and given up visibly when nobody can tell', async () => {
    const ctx = await open();
    await subscribe(ctx, { channel: 'sms' });
    for (const found of [true, null] as const) {
      await tell(ctx, 'opened', { subject: `i-${String(found)}` });
      const { row } = await marked(ctx, 'w1', SMS);
      await settleDelivery(ctx, row, failed('unknown'), { ...SMS, random: 0 });
      await ctx.clock.advance(120_000);
      for (;;) {
        const [due] = await claimDue(ctx, 'w1', 1);
        if (!due) break;
        const prepared = await prepareDelivery(ctx, due, SMS);
        if (prepared.act !== 'ask') break;
        const answer = found ? { found, receipt: 'SM1' } : { found, detail: 'HTTP 500' };
        assert.equal(await settleAsked(ctx, prepared.row, answer, 0.99), false);
        await ctx.clock.advance(HOUR);
      }
    }
    const [sent, given] = await rows(ctx);
    assert.deepEqual([sent?.state, sent?.receipt], ['sent', 'SM1']);
    assert.equal(given?.state, 'dead');
    assert.match(given.reason ?? '', /^outcome-unknown/);
    assert.ok(given.settledAt !== null);
  });

  it('a mail of unknown outcome is repeated once, and then given up visibly', async () => {
    const ctx = await open();
    await subscribe(ctx);
    await tell(ctx);
    const first = await sendOne(ctx, failed('unknown'));
    await ctx.clock.advance(120_000);
    const second = await sendOne(ctx, failed('unknown'));
    assert.equal(second.messageId, first.messageId);
    const [row] = await rows(ctx);
    assert.deepEqual([row?.state, row?.reason], ['dead', 'outcome-unknown: x']);
  });

  it('tries again until the message is not worth sending any more, and says why it was not', async () => {
    const ctx = await open();
    await subscribe(ctx);
    await tell(ctx);
    let attempts = 0;
    for (let at = 0; at < 400; at += 1) {
      const [row] = await claimDue(ctx, 'w1', 1);
      if (row) {
        const prepared = await prepareDelivery(ctx, row, MAIL);
        if (prepared.act === 'send') {
          attempts += 1;
          await settleDelivery(ctx, prepared.row, failed('later'), { ...MAIL, random: 0.99 });
        }
      }
      await ctx.clock.advance(60_000);
    }
    const [row] = await rows(ctx);
    assert.deepEqual([row?.state, row?.reason], ['dead', 'refused-for-now: x']);
    assert.equal(row?.attempts, attempts);
    assert.ok(attempts > 10 && attempts < 30, `${attempts} attempts`);
    assert.ok((row.settledAt ?? 0) <= row.expiresAt);
  });

  it('leaves out old news when there is newer: nobody reads "investigating" after the end', async () => {
    const ctx = await open();
    await subscribe(ctx);
    await tell(ctx, 'opened');
    await sendOne(ctx, failed('later'));
    await tell(ctx, 'updated');
    await ctx.clock.advance(60_000);
    await tell(ctx, 'resolved');
    for (let i = 0; i < 2; i += 1) {
      const [row] = await claimDue(ctx, 'w1', 1);
      assert.ok(row);
      assert.equal((await prepareDelivery(ctx, row, MAIL)).act, 'nothing');
    }
    const mail = await sendOne(ctx);
    assert.match(mail.text, /^De storing is voorbij/);
    assert.deepEqual(
      (await rows(ctx)).map(({ state, reason }) => [state, reason]),
      [
        ['suppressed', 'superseded'],
        ['suppressed', 'superseded'],
        ['sent', null],
      ],
    );
  });

  it('sends nothing to who left meanwhile, and believes the provider that somebody left', async () => {
    const ctx = await open();
    const id = await subscribe(ctx, { channel: 'sms' });
    await tell(ctx, 'opened');
    await tell(ctx, 'resolved');
    const { row } = await marked(ctx, 'w1', SMS);
    const stop: SendResult = {
      ok: false,
      retry: 'never',
      reason: 'unsubscribed-there',
      detail: '21610',
    };
    assert.equal(await settleDelivery(ctx, row, stop, { ...SMS, random: 0 }), 'dead');
    const { q, t } = ctx.db.read;
    const [subscriber] = await q.select().from(t.subscribers);
    assert.equal(subscriber?.id, id);
    assert.deepEqual([subscriber.state, subscriber.address], ['unsubscribed', '']);
    const [next] = await claimDue(ctx, 'w1', 1);
    assert.ok(next);
    assert.equal((await prepareDelivery(ctx, next, SMS)).act, 'nothing');
    assert.deepEqual(
      (await rows(ctx)).map(({ state }) => state),
      ['dead', 'suppressed'],
    );
  });

  it('waits when a person heard much in an hour, and goes on when there is room', async () => {
    const ctx = testContext(await databases.open(), { clock: controlledClock() });
    await subscribe(ctx);
    for (let i = 0; i < 21; i += 1) await tell(ctx, 'opened', { subject: `i${i}` });
    for (let i = 0; i < 20; i += 1) await sendOne(ctx);
    const [row] = await claimDue(ctx, 'w1', 1);
    assert.ok(row);
    assert.equal((await prepareDelivery(ctx, row, MAIL)).act, 'nothing');
    assert.match((await rows(ctx)).at(-1)?.reason ?? '', /^too-many/);
    await ctx.clock.advance(HOUR);
    await sendOne(ctx);
    assert.ok((await rows(ctx)).every(({ state }) => state === 'sent'));
  });
});
