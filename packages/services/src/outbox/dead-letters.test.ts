import type { DELIVERY_STATES } from '@upheld/domain/notify/delivery.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { claimDue } from './claim.ts';
import { enqueueNotification } from './enqueue.ts';
import { listOutbox, UNDELIVERED } from './list-outbox.ts';
import { prepareDelivery } from './prepare.ts';
import { retryOutbox } from './retry-outbox.ts';
import { settleDelivery } from './settle.ts';

const HOUR = 3_600_000;
const jan = { name: 'jan', via: 'cli' } as const;
const both = (text: string) => ({ nl: text, en: text });
const conflict = (line: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.code === 'conflict' && line.test(error.message);

eachDatabase('a message that was given up', (databases) => {
  const open = async (): Promise<TestContext> => {
    const ctx = testContext(await databases.open());
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
        version: 1,
      }),
    );
    return ctx;
  };
  const tell = (ctx: TestContext, event: 'opened' | 'resolved') =>
    ctx.db.transact((h) =>
      enqueueNotification(
        h,
        { ids: ctx.ids, now: ctx.clock.now(), config: ctx.config() },
        {
          subjectId: 'incident-1',
          content: {
            kind: 'incident',
            event,
            incidentId: 'incident-1',
            title: both('FysioOne is traag'),
            status: event === 'opened' ? 'investigating' : 'resolved',
            body: both('x'),
            components: [],
            startedAt: ctx.clock.now(),
            at: ctx.clock.now(),
          },
          componentIds: ['fysioone'],
          dedupe: event,
        },
      ),
    );
  const send = async (ctx: TestContext, ok: boolean): Promise<void> => {
    const [row] = await claimDue(ctx, 'w', 1);
    assert.ok(row, 'nothing is due');
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    assert.equal(prepared.act, 'send');
    const result = ok
      ? ({ ok: true, receipt: 'r' } as const)
      : ({ ok: false, retry: 'never', reason: 'bad-address', detail: '550 no such user' } as const);
    await settleDelivery(ctx, prepared.row, result, { canAsk: false, random: 0 });
  };
  const dead = async (ctx: TestContext) => {
    const found = await listOutbox(ctx, { states: UNDELIVERED, limit: 50 });
    return found.map(({ id, address, title, state, reason }) => ({
      id,
      address,
      title,
      state,
      reason,
    }));
  };
  const states = async (ctx: TestContext): Promise<(typeof DELIVERY_STATES)[number][]> =>
    (await listOutbox(ctx, { limit: 50 })).map(({ state }) => state);

  it('is listed with whom it was for and why, and goes out when it is tried again', async () => {
    const ctx = await open();
    await tell(ctx, 'opened');
    await send(ctx, false);
    const [letter, ...others] = await dead(ctx);
    assert.deepEqual(others, []);
    assert.ok(letter);
    assert.deepEqual(
      { ...letter, id: '' },
      {
        id: '',
        address: 'jan@example.test',
        title: 'FysioOne is traag',
        state: 'dead',
        reason: 'bad-address: 550 no such user',
      },
    );
    const { state } = await retryOutbox(ctx, jan, { id: letter.id });
    assert.equal(state, 'pending');
    await send(ctx, true);
    assert.deepEqual([await dead(ctx), await states(ctx)], [[], ['sent']]);
    const [change] = await ctx.db.read.q.select().from(ctx.db.read.t.auditLog);
    assert.deepEqual(
      [change?.action, change?.subject, change?.actor],
      ['outbox.retry', letter.id, 'jan'],
    );
  });

  it('is not tried again behind newer news, twice, or for who has left', async () => {
    const ctx = await open();
    await tell(ctx, 'opened');
    await send(ctx, false);
    const id = (await dead(ctx))[0]?.id ?? '';
    await tell(ctx, 'resolved');
    await send(ctx, true);
    await assert.rejects(retryOutbox(ctx, jan, { id }), conflict(/newer news/));

    const other = await open();
    await tell(other, 'opened');
    await send(other, false);
    const [letter] = await dead(other);
    assert.ok(letter);
    await retryOutbox(other, jan, { id: letter.id });
    await assert.rejects(retryOutbox(other, jan, { id: letter.id }), conflict(/is pending/));
    await send(other, false);
    await other.db.transact(({ q, t }) => q.update(t.subscribers).set({ state: 'unsubscribed' }));
    await assert.rejects(retryOutbox(other, jan, { id: letter.id }), conflict(/not subscribed/));
    await assert.rejects(
      retryOutbox(other, jan, { id: 'nothing' }),
      (error) => error instanceof DomainError && error.code === 'not-found',
    );
  });

  it('is listed a page at a time, newest first', async () => {
    const ctx = await open();
    for (const event of ['opened', 'resolved'] as const) {
      await tell(ctx, event);
      await ctx.clock.advance(HOUR);
    }
    const [first, second] = await listOutbox(ctx, { limit: 50 });
    assert.ok(first && second && first.createdAt > second.createdAt);
    const after = { at: first.createdAt, id: first.id };
    assert.deepEqual(await listOutbox(ctx, { after, limit: 50 }), [second]);
    assert.deepEqual(await listOutbox(ctx, { states: ['sent'], limit: 50 }), []);
  });
});
