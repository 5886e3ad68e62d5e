import type { CheckResult } from '@upheld/domain/monitor/outcome.ts';
import type { Database } from '@upheld/db/database.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLD_DOWN_MS } from './detector-incident.ts';
import { openRecorder, type Recorder } from './recorder.ts';
import { applyReload, resumeMeasuring, stopMeasuring } from './resume.ts';

const MONITOR = 'fysioone-web';
const SECOND = 1000;
const MINUTE = 60 * SECOND;

type Kind = CheckResult['outcome']['kind'];

interface Bench {
  ctx: TestContext;
  recorder: Recorder;
  /** One check a minute, each stored at once. */
  see: (...kinds: Kind[]) => Promise<void>;
  /** The process dies as by kill -9, and another one starts after a while. */
  crash: (downFor: number) => Promise<void>;
  rows: Reader;
}

type Reader = ReturnType<typeof reader>;

function reader(db: Database) {
  const { q, t } = db.read;
  return {
    outages: () => q.select().from(t.outages).orderBy(t.outages.startedAt),
    incidents: () => q.select().from(t.incidents).orderBy(t.incidents.id),
    updates: () => q.select().from(t.incidentUpdates).orderBy(t.incidentUpdates.id),
    changes: () => q.select().from(t.incidentChanges),
    transitions: () => q.select().from(t.transitions).orderBy(t.transitions.at),
    gaps: () => q.select().from(t.gaps).orderBy(t.gaps.startedAt),
    components: () => q.select().from(t.components),
    rollups: () => q.select().from(t.checkRollups),
    outbox: () => q.select().from(t.outbox),
  };
}

async function bench(db: Database, subscribers = 1): Promise<Bench> {
  const ctx = testContext(db);
  await db.transact(async ({ q, t }) => {
    for (let n = 0; n < subscribers; n += 1)
      await q.insert(t.subscribers).values({
        id: `s${n}`,
        channel: 'email',
        address: `s${n}@example.test`,
        addressKey: `s${n}@example.test`,
        language: 'nl',
        state: 'confirmed',
        challengeTries: 0,
        createdAt: ctx.clock.now(),
        version: 1,
      });
  });
  let process = 1;
  await resumeMeasuring(ctx, 'worker-1');
  const self = {
    ctx,
    recorder: await openRecorder(ctx, 'worker-1'),
    rows: reader(db),
    async see(...kinds: Kind[]) {
      for (const kind of kinds) {
        await ctx.clock.advance(MINUTE);
        self.recorder.absorb(check(ctx.clock.now(), kind));
        await self.recorder.flush();
        await self.recorder.beat(ctx.clock.now());
      }
    },
    async crash(downFor: number) {
      await ctx.clock.advance(downFor);
      process += 1;
      await resumeMeasuring(ctx, `worker-${process}`);
      self.recorder = await openRecorder(ctx, `worker-${process}`);
    },
  };
  return self;
}

function check(at: number, kind: Kind): CheckResult {
  const evidence = { status: 200, latencyMs: 20 };
  const outcome: CheckResult['outcome'] =
    kind === 'ok'
      ? { kind, evidence }
      : kind === 'degraded'
        ? { kind, cause: 'slow', evidence }
        : kind === 'failed'
          ? { kind, cause: 'status', evidence }
          : { kind, cause: 'no-route', evidence };
  return { monitorId: MONITOR, dueAt: at, at, outcome };
}

eachDatabase('recording checks', (databases) => {
  test('a steady success writes nothing but its share of a rollup', async () => {
    const { ctx, recorder, see, rows } = await bench(await databases.open());
    await see('ok');
    assert.equal(recorder.absorb(check(ctx.clock.now() + 1, 'ok')), false);
    await see('ok', 'ok', 'ok', 'ok', 'ok', 'ok');
    assert.equal((await rows.transitions()).length, 1);
    const [first] = await rows.rollups();
    assert.equal(first?.failed, 0);
    assert.ok(first.ok >= 4);
    assert.equal((await rows.outbox()).length, 0);
  });

  test('failures in a row open one outage and one incident, dated back, with a level for the agreement and a message', async () => {
    const { ctx, see, rows } = await bench(await databases.open());
    await see('ok', 'failed', 'failed');
    const [outage] = await rows.outages();
    const [incident] = await rows.incidents();
    const firstFailure = ctx.clock.now() - MINUTE;
    assert.equal(outage?.startedAt, firstFailure);
    assert.equal(outage.noticedAt, ctx.clock.now());
    assert.equal(outage.incidentId, incident?.id);
    assert.equal(incident?.startedAt, firstFailure);
    assert.equal(incident.status, 'investigating');
    assert.deepEqual(
      (await rows.changes()).map(({ agreement, severity, effectiveFrom }) => ({
        agreement,
        severity,
        effectiveFrom,
      })),
      [{ agreement: 'spotonmedics', severity: 'a', effectiveFrom: firstFailure }],
    );
    assert.equal((await rows.outbox()).length, 1);
  });

  test('it resolves at the first good check and says so once', async () => {
    const { ctx, see, rows } = await bench(await databases.open());
    await see('ok', 'failed', 'failed', 'failed', 'ok');
    const [outage] = await rows.outages();
    const [incident] = await rows.incidents();
    assert.equal(outage?.endedAt, ctx.clock.now());
    assert.equal(incident?.resolvedAt, ctx.clock.now());
    assert.equal(incident.openForComponent, null);
    assert.deepEqual(
      (await rows.updates()).map((update) => update.status),
      ['investigating', 'resolved'],
    );
    assert.equal((await rows.outbox()).length, 2);
  });

  test('a product that flaps for an hour is one incident and a handful of messages', async () => {
    const { ctx, see, rows } = await bench(await databases.open());
    await see('ok');
    for (let cycle = 0; cycle < 15; cycle += 1) await see('failed', 'failed', 'ok', 'ok');
    assert.equal((await rows.outages()).length, 15, 'every outage counts');
    assert.equal((await rows.incidents()).length, 1);
    assert.equal((await rows.outbox()).length, 3, 'opened, resolved, back');
    const held = (await rows.incidents())[0];
    assert.equal(held?.resolvedAt, null, 'it is held open until it stays away');
    await see(...Array.from({ length: HOLD_DOWN_MS / MINUTE + 1 }, () => 'ok' as const));
    const [incident] = await rows.incidents();
    const last = (await rows.outages()).at(-1);
    assert.equal(incident?.resolvedAt, last?.endedAt);
    assert.ok(ctx.clock.now() > (last?.endedAt ?? 0) + HOLD_DOWN_MS);
    assert.equal((await rows.outbox()).length, 4);
  });

  test('slow is degraded, and what then fails is a worse outage of the same incident', async () => {
    const { see, rows } = await bench(await databases.open());
    await see('ok', 'degraded', 'degraded', 'failed', 'failed');
    assert.deepEqual(
      (await rows.outages()).map((outage) => [outage.state, outage.endedAt !== null]),
      [
        ['degraded', true],
        ['down', false],
      ],
    );
    const incidents = await rows.incidents();
    assert.deepEqual(
      incidents.map((incident) => incident.impact),
      ['critical'],
    );
  });

  test('what we could not tell is a gap from the first such check to the next that can, and never an outage', async () => {
    const { ctx, see, rows } = await bench(await databases.open());
    await see('ok');
    const from = ctx.clock.now() + MINUTE;
    await see('inconclusive', 'inconclusive', 'inconclusive', 'ok');
    assert.deepEqual(
      (await rows.gaps()).map((gap) => [gap.startedAt, gap.endedAt, gap.reason]),
      [[from, ctx.clock.now(), 'inconclusive']],
    );
    assert.deepEqual(await rows.outages(), []);
  });

  test('measuring begins at the first conclusive check', async () => {
    const { ctx, see, rows } = await bench(await databases.open());
    await see('inconclusive');
    assert.equal((await rows.components())[0]?.measuredSince, null);
    await see('ok', 'ok');
    assert.equal((await rows.components())[0]?.measuredSince, ctx.clock.now() - MINUTE);
  });
});

eachDatabase('dying and starting again', (databases) => {
  test('an open outage is neither lost nor doubled, and nobody hears of it twice', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'failed', 'failed');
    const [before] = await one.rows.incidents();
    await one.crash(20 * MINUTE);
    await one.see('failed', 'failed', 'failed');
    assert.deepEqual(
      (await one.rows.incidents()).map((incident) => incident.id),
      [before?.id],
    );
    assert.equal((await one.rows.outages()).length, 1);
    assert.equal((await one.rows.outbox()).length, 1);
    await one.see('ok');
    assert.equal((await one.rows.outages())[0]?.endedAt, one.ctx.clock.now());
  });

  test('a streak does not go on over time that nobody measured: no outage is invented', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'failed');
    await one.crash(10 * 60 * MINUTE);
    await one.see('failed');
    assert.deepEqual(await one.rows.outages(), []);
    await one.see('failed');
    assert.equal((await one.rows.outages())[0]?.startedAt, one.ctx.clock.now() - MINUTE);
  });

  test('a streak goes on over a restart that missed no check', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'failed');
    const first = one.ctx.clock.now();
    await one.crash(0);
    await one.see('failed');
    assert.equal((await one.rows.outages())[0]?.startedAt, first);
  });

  test('the time in which nobody ran is a gap, from the first check that was missed to the first one made', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'ok');
    const lastBeat = one.ctx.clock.now();
    await one.crash(30 * MINUTE);
    await one.see('ok');
    const [gap] = await one.rows.gaps();
    assert.ok(gap && gap.startedAt > lastBeat && gap.startedAt <= lastBeat + MINUTE);
    assert.equal(gap.endedAt, one.ctx.clock.now());
    assert.equal(gap.reason, 'not-running');
  });

  test('what could not be stored while the database was away is stored when it is back, with its own times', async () => {
    const one = await bench(await databases.open());
    await one.see('ok');
    const { db } = one.ctx;
    const transact = db.transact.bind(db);
    db.transact = () => Promise.reject(new Error('unplugged'));
    await one.ctx.clock.advance(MINUTE);
    const firstFailure = one.ctx.clock.now();
    one.recorder.absorb(check(firstFailure, 'failed'));
    await assert.rejects(one.recorder.flush(), /unplugged/);
    await one.ctx.clock.advance(MINUTE);
    one.recorder.absorb(check(one.ctx.clock.now(), 'failed'));
    await assert.rejects(one.recorder.flush(), /unplugged/);
    db.transact = transact;
    assert.equal(await one.recorder.flush(), true);
    assert.equal((await one.rows.outages())[0]?.startedAt, firstFailure);
  });

  test('stopped as asked, it is known to have measured until then', async () => {
    const db = await databases.open();
    const one = await bench(db);
    await one.see('ok');
    await one.ctx.clock.advance(5 * SECOND);
    await stopMeasuring(one.ctx, 'worker-1');
    const [worker] = await db.read.q.select().from(db.read.t.workers);
    assert.equal(worker?.stoppedAt, one.ctx.clock.now());
    assert.equal(worker.beatAt, one.ctx.clock.now());
  });
});

eachDatabase('changing the configuration', (databases) => {
  test('a monitor that leaves ends its outage and its incident, and coming back starts anew with a gap between', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'failed', 'failed');
    const full = one.ctx.config();
    one.ctx.configure(withoutMonitors());
    await one.ctx.clock.advance(MINUTE);
    await applyReload(one.ctx);
    await one.recorder.refresh();
    const left = one.ctx.clock.now();
    assert.equal((await one.rows.outages())[0]?.endedAt, left);
    assert.equal((await one.rows.incidents())[0]?.status, 'resolved');
    await one.ctx.clock.advance(10 * MINUTE);
    one.ctx.configure(full);
    await applyReload(one.ctx);
    await one.recorder.refresh();
    await one.see('ok');
    const [gap] = await one.rows.gaps();
    assert.deepEqual([gap?.startedAt, gap?.endedAt], [left, one.ctx.clock.now()]);
  });

  test('a monitor that moves to another component is refused, with the remedy', async () => {
    const one = await bench(await databases.open());
    await one.see('ok');
    one.ctx.configure(withMonitorElsewhere());
    await assert.rejects(
      applyReload(one.ctx),
      /belongs to component "fysioone".*give the one under "other" another id/,
    );
    assert.equal((await one.rows.components()).length, 1, 'nothing half-done stays');
  });

  test('a reload that changes nothing changes nothing', async () => {
    const one = await bench(await databases.open());
    await one.see('ok', 'failed');
    await applyReload(one.ctx);
    await one.recorder.refresh();
    await one.see('failed');
    assert.equal((await one.rows.outages()).length, 1);
    assert.deepEqual(await one.rows.gaps(), []);
  });
});

function withoutMonitors() {
  return testConfig({
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [
          {
            id: 'fysioone',
            name: 'FysioOne',
            agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
          },
        ],
      },
    ],
  });
}

function withMonitorElsewhere() {
  return testConfig({
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [
          {
            id: 'other',
            name: 'Other',
            monitors: [{ id: MONITOR, kind: 'http', url: 'http://fysioone.example.test/' }],
          },
        ],
      },
    ],
  });
}
