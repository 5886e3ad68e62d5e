import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';

interface Readiness {
  ready: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

eachDatabase('health and readiness', (databases) => {
  let h: Harness;
  beforeEach(async () => {
    h = await harness(await databases.open());
  });
  const beat = (beatAt: number) =>
    h.ctx.db.transact(async ({ q, t }) => {
      await q
        .insert(t.workers)
        .values({ id: `w${beatAt}`, startedAt: beatAt, beatAt, stoppedAt: null });
    });
  const readiness = async (): Promise<{ status: number; failed: string[] }> => {
    const { status, json } = await h.ask('GET', '/readyz');
    const { ready, checks } = json as Readiness;
    assert.equal(ready, status === 200);
    return { status, failed: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
  };

  it('is alive even where the database is away, and then not ready', async () => {
    await h.ctx.db.close();
    assert.equal((await h.ask('GET', '/healthz')).status, 200);
    assert.deepEqual(await readiness(), { status: 503, failed: ['database'] });
  });

  it('is ready while a process measures', async () => {
    assert.deepEqual(await readiness(), { status: 503, failed: ['measuring'] });
    await beat(h.ctx.clock.now());
    assert.deepEqual(await readiness(), { status: 200, failed: [] });
    await h.ctx.clock.advance(30_000);
    assert.equal((await readiness()).status, 200);
    await h.ctx.clock.advance(1);
    assert.deepEqual(await readiness(), { status: 503, failed: ['measuring'] });
  });

  it('is not ready while a message that could go out does not', async () => {
    const now = h.ctx.clock.now();
    await beat(now + 20 * 60_000);
    await h.ctx.db.transact(async ({ q, t }) => {
      await q.insert(t.notifications).values({
        id: 'n1',
        subjectId: 's1',
        content: { kind: 'challenge', subscriberId: 's1', nonce: 'x' },
        createdAt: now,
      });
      await q.insert(t.subscribers).values({
        id: 's1',
        channel: 'email',
        address: 'a@example.com',
        addressKey: 'a@example.com',
        language: 'nl',
        state: 'pending',
        componentIds: null,
        challengeNonce: null,
        challengeExpiresAt: null,
        challengeTries: 0,
        challengeSentAt: null,
        createdAt: now,
        confirmedAt: null,
        unsubscribedAt: null,
        version: 1,
      });
      await q.insert(t.outbox).values({
        id: 'o1',
        dedupeKey: 'd1',
        channel: 'email',
        notificationId: 'n1',
        subscriberId: 's1',
        lane: 's1',
        state: 'pending',
        availableAt: now,
        expiresAt: now + 3_600_000,
        attempts: 0,
        createdAt: now,
        version: 1,
      });
    });
    await h.ctx.clock.advance(10 * 60_000);
    assert.equal((await readiness()).status, 200);
    await h.ctx.clock.advance(1);
    assert.deepEqual(await readiness(), { status: 503, failed: ['outbox'] });
  });

  it('asks the composition root where that knows better', async () => {
    const own = await harness(await databases.open(), {
      deps: { readiness: () => Promise.reject(new Error('no idea')) },
    });
    const answer = await own.ask('GET', '/readyz');
    assert.equal(answer.status, 503);
    assert.doesNotMatch(answer.text, /no idea/);
  });
});
