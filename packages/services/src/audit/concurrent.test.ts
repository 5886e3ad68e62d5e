import { asc } from '@upheld/db/query.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openIncident } from '../incident/open-incident.ts';
import { postUpdate } from '../incident/post-update.ts';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { cancelMaintenance } from '../maintenance/change-maintenance.ts';
import { VersionConflict } from '../version.ts';
import { verifyAudit } from './verify.ts';

const HOUR = 3_600_000;
const text = (en: string) => ({ nl: `${en} (nl)`, en });
const person = (n: number) => ({ name: `Engineer ${n}`, via: 'console' as const });

/** A clock that moves on by a millisecond whenever somebody looks: every moment is another. */
function ticking(ctx: TestContext): TestContext {
  let now = ctx.clock.now();
  return { ...ctx, clock: { ...ctx.clock, now: () => (now += 1) } };
}

eachDatabase('fifty people at once', (databases) => {
  it('announce, and every announcement is kept with its moment, in one chain', async () => {
    const ctx = ticking(testContext(await databases.open()));
    const begin = ctx.clock.now();
    // Half of them reach the database by another process.
    const other = { ...ctx, db: await databases.again() };
    const from = begin - (begin % 1000) + 48 * HOUR;
    const announced = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        announceMaintenance(n % 2 === 0 ? ctx : other, person(n), {
          componentIds: ['fysioone'],
          from: from + n * HOUR,
          to: from + (n + 1) * HOUR,
          text: text(`Upgrade ${n}`),
        }),
      ),
    );
    const end = ctx.clock.now();
    const { q, t } = ctx.db.read;
    const kept = await q.select().from(t.announcements).orderBy(asc(t.announcements.windowFrom));
    assert.deepEqual(
      kept.map((row) => [row.textEn, row.announcedBy, row.windowFrom]),
      announced.map((_, n) => [`Upgrade ${n}`, `Engineer ${n}`, from + n * HOUR]),
    );
    assert.equal(new Set(kept.map(({ announcedAt }) => announcedAt)).size, 50);
    assert.ok(kept.every(({ announcedAt: at }) => at > begin && at < end));
    for (const [n, { maintenance }] of announced.entries())
      assert.equal(maintenance.announcements[0]?.at, kept[n]?.announcedAt);
    const log = await q.select().from(t.auditLog);
    assert.deepEqual(
      log.map(({ subject }) => subject).sort(),
      announced.map(({ maintenance }) => maintenance.id).sort(),
    );
    assert.deepEqual((await verifyAudit(ctx)).ok, true);
  });

  it('change the same things in every order, and none waits for ever', async () => {
    const ctx = testContext(await databases.open());
    const title = text('Slow');
    const incident = await openIncident(ctx, person(0), {
      ...{ title, componentIds: ['fysioone'], body: title },
    });
    const windows = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        announceMaintenance(ctx, person(n), {
          componentIds: ['fysioone'],
          from: ctx.clock.now() + (n + 1) * HOUR,
          to: ctx.clock.now() + (n + 2) * HOUR,
          text: title,
        }),
      ),
    );
    const work = Array.from({ length: 50 }, (_, n) => {
      const window = windows[n % 10]!.maintenance.id;
      if (n >= 40) return cancelMaintenance(ctx, person(n), { maintenanceId: window, text: title });
      if (n % 2 === 0)
        return openIncident(ctx, person(n), {
          ...{ title, componentIds: ['fysioone'], body: title },
        });
      return postUpdate(ctx, person(n), {
        ...{ incidentId: incident.id, status: 'monitoring', body: text(`Update ${n}`) },
      });
    });
    const done = await Promise.allSettled(work);
    assert.deepEqual(
      done.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
      [],
    );
    const verdict = await verifyAudit(ctx);
    assert.deepEqual([verdict.ok, verdict.rows], [true, 61]);
  });

  it('write to the same incident as they read it: one does, the others hear of it', async () => {
    const ctx = testContext(await databases.open());
    const title = text('Slow');
    const { id, version } = await openIncident(ctx, person(0), {
      ...{ title, componentIds: ['fysioone'], body: title },
    });
    const done = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        postUpdate(ctx, person(n), {
          ...{ incidentId: id, status: 'identified', body: text(`Update ${n}`) },
          expectedVersion: version,
        }),
      ),
    );
    const refused = done.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    assert.equal(refused.length, 49);
    assert.ok(refused.every((error) => error instanceof VersionConflict));
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.incidentUpdates)).length, 2);
    assert.equal((await verifyAudit(ctx)).rows, 2);
  });
});
