import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listIncidents, listMaintenances, readMonth, type MaintenanceFilter } from './lists.ts';
import { readReadiness } from './readiness.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:00Z');

eachDatabase('lists', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { clock: controlledClock(NOW) });

  it('of maintenances in a state hold those that have it', async () => {
    const ctx = await open();
    const moments = [null, NOW - 1000, NOW];
    const windows = [NOW - 2000, NOW - 1000, NOW, NOW + 1000];
    let count = 0;
    await ctx.db.transact(async ({ q, t }) => {
      for (const windowFrom of windows)
        for (const length of [1000, 5000])
          for (const cancelledAt of moments)
            for (const workStartedAt of moments)
              for (const workEndedAt of workStartedAt === null ? [null] : [null, NOW])
                await q.insert(t.maintenances).values({
                  id: `m${String((count += 1)).padStart(4, '0')}`,
                  kind: 'planned',
                  titleNl: 't',
                  titleEn: 't',
                  windowFrom,
                  windowTo: windowFrom + length,
                  cancelledAt,
                  workStartedAt,
                  workEndedAt,
                  createdAt: 1,
                  createdBy: 'cli',
                  updatedAt: 1,
                  version: 1,
                });
    });
    const all = await listMaintenances(ctx, { limit: 500 });
    assert.equal(all.length, count);
    const same: Record<MaintenanceFilter, string> = {
      upcoming: 'scheduled',
      scheduled: 'scheduled',
      active: 'in_progress',
      in_progress: 'in_progress',
      completed: 'completed',
      cancelled: 'cancelled',
    };
    for (const [state, status] of Object.entries(same) as [MaintenanceFilter, string][]) {
      const found = await listMaintenances(ctx, { state, limit: 500 });
      assert.ok(found.length > 0);
      assert.deepEqual(
        found.map(({ id }) => id),
        all.filter((one) => one.status === status).map(({ id }) => id),
        state,
      );
    }
  });

  it('of incidents are newest first, as long as they are asked for', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', NOW - 100_000);
    for (const ago of [50_000, 40_000, 30_000])
      await record.outage({ component: 'fysioone', from: NOW - ago, to: NOW - ago + 1000 });
    await record.outage({ component: 'fysioone', from: NOW - 60_000 });
    const starts = async (options: { unresolved?: boolean; limit: number }) =>
      (await listIncidents(ctx, options)).map(({ startedAt }) => NOW - startedAt);
    assert.deepEqual(await starts({ limit: 3 }), [30_000, 40_000, 50_000]);
    assert.deepEqual(await starts({ limit: 50, unresolved: true }), [60_000]);
    assert.deepEqual(await starts({ limit: 0 }), []);
  });

  it('of a month hold what touches that local month', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', 0);
    const outage = (from: string, to: string | null) =>
      record.outage({
        component: 'fysioone',
        from: at(from),
        to: to === null ? null : at(to),
      });
    // Amsterdam's October ends at 23:00 UTC on the 31st, its September at 22:00 UTC on the 30th.
    await outage('2026-09-30T21:00:00Z', '2026-09-30T21:59:59Z');
    const over = await outage('2026-09-30T21:30:00Z', '2026-09-30T22:00:01Z');
    const last = await outage('2026-10-31T22:59:59Z', null);
    await outage('2026-10-31T23:00:00Z', '2026-10-31T23:00:01Z');
    assert.deepEqual(
      (await readMonth(ctx, '2026-10')).map(({ id }) => id),
      [last.incidentId, over.incidentId],
    );
    for (const month of ['2026-13', '2026', '', 'x', '2026-10-01'])
      await assert.rejects(
        readMonth(ctx, month),
        (error: unknown) => error instanceof DomainError && error.code === 'invalid-input',
      );
  });

  it('of what has to go well say what does not', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    const failing = async () => {
      const { ready, checks } = await readReadiness(ctx);
      const names = checks.flatMap(({ ok, name }) => (ok ? [] : [name]));
      assert.equal(ready, names.length === 0);
      return names;
    };
    assert.deepEqual(await failing(), ['measuring']);
    await record.beat(NOW);
    assert.deepEqual(await failing(), []);
    await ctx.clock.advance(30_001);
    assert.deepEqual(await failing(), ['measuring']);
    await ctx.db.close();
    assert.deepEqual(await failing(), ['database']);
  });
});
