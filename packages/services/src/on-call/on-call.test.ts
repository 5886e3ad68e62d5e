import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readOnCall } from './read-on-call.ts';
import { handBack, takeOver } from './take-over.ts';

const HOUR = 3_600_000;
const jan = { name: 'Jan de Vries' };
// Monday, ten o'clock local time.
const NOW = Date.UTC(2026, 10, 23, 9);
const config = testConfig({
  onCall: {
    people: ['anna', 'bob', 'carl'].map((id) => ({ id, name: id, email: `${id}@example.test` })),
    rosters: [
      {
        id: 'primary',
        people: ['anna', 'bob', 'carl'],
        handover: { weekday: 'monday', at: '09:00' },
        start: '2026-11-23',
      },
    ],
    escalations: [{ id: 'all', steps: [{ people: ['primary'] }] }],
  },
});

eachDatabase('who is on call', (databases) => {
  const open = async () =>
    testContext(await databases.open(), { config, clock: controlledClock(NOW) });
  const people = async (ctx: Awaited<ReturnType<typeof open>>): Promise<string[]> => {
    const [primary] = await readOnCall(ctx);
    return [primary?.now.person.id ?? '', primary?.next.person.id ?? ''];
  };

  it('is whoever has the turn, until somebody takes over and hands back', async () => {
    const ctx = await open();
    assert.deepEqual(await people(ctx), ['anna', 'bob']);
    const until = NOW + 22 * HOUR;
    const taken = await takeOver(ctx, jan, { rosterId: 'primary', personId: 'carl', until });
    assert.deepEqual(taken.now, {
      person: { id: 'carl', name: 'carl' },
      from: NOW,
      until,
      isOverride: true,
    });
    assert.deepEqual(taken.next.person.id, 'anna');
    ctx.clock.set(NOW + HOUR);
    await handBack(ctx, jan, { rosterId: 'primary' });
    assert.deepEqual(await people(ctx), ['anna', 'bob']);
    await assert.rejects(handBack(ctx, jan, { rosterId: 'primary' }), /nobody took over "primary"/);
    const { q, t } = ctx.db.read;
    const actions = (await q.select().from(t.auditLog)).map(({ action }) => action);
    assert.deepEqual(actions, ['roster.take-over', 'roster.hand-back']);
  });

  it('is the last who took over, and whoever did before once they hand back', async () => {
    const ctx = await open();
    const until = NOW + 10 * HOUR;
    await takeOver(ctx, jan, { rosterId: 'primary', personId: 'bob', until });
    ctx.clock.set(NOW + 1000);
    await takeOver(ctx, jan, { rosterId: 'primary', personId: 'carl', until: until - HOUR });
    assert.deepEqual(await people(ctx), ['carl', 'bob']);
    ctx.clock.set(NOW + 2000);
    await handBack(ctx, jan, { rosterId: 'primary' });
    assert.deepEqual(await people(ctx), ['bob', 'anna']);
  });

  it('can be said before the time comes', async () => {
    const ctx = await open();
    const from = NOW + 5 * HOUR;
    await takeOver(ctx, jan, { rosterId: 'primary', personId: 'bob', from, until: from + HOUR });
    assert.deepEqual(await people(ctx), ['anna', 'bob']);
    ctx.clock.set(from);
    assert.deepEqual(await people(ctx), ['bob', 'anna']);
  });

  it('does not become somebody who left the configuration', async () => {
    const ctx = await open();
    await takeOver(ctx, jan, { rosterId: 'primary', personId: 'carl', until: NOW + HOUR });
    const { onCall } = config;
    assert.ok(onCall);
    ctx.configure({
      ...config,
      onCall: {
        ...onCall,
        people: onCall.people.filter(({ id }) => id !== 'carl'),
        rosters: onCall.rosters.map((roster) => ({ ...roster, people: ['anna', 'bob'] })),
      },
    });
    assert.deepEqual(await people(ctx), ['anna', 'bob']);
  });

  it('refuses what cannot be meant', async () => {
    const ctx = await open();
    const refused = async (over: object, message: RegExp): Promise<void> => {
      await assert.rejects(
        takeOver(ctx, jan, { rosterId: 'primary', personId: 'bob', until: NOW + HOUR, ...over }),
        (error: unknown) =>
          error instanceof DomainError &&
          message.test([error.message, ...error.faults.map((one) => one.message)].join(' ')),
      );
    };
    await refused({ rosterId: 'second' }, /no roster "second"; known are primary/);
    await refused({ personId: 'dora' }, /is nobody; known are anna, bob, carl/);
    await refused({ until: NOW }, /is not after the moment of taking over/);
    await refused({ from: NOW - 1000 }, /is in the past/);
    await refused({ until: NOW + 32 * 24 * HOUR }, /more than 31 days on/);
  });
});
