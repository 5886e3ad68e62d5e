import type { Database } from '@upheld/db/database.ts';
import type { MonitorConfig } from '@upheld/config/schema.ts';
import { phaseOf } from '@upheld/domain/monitor/schedule.ts';
import type { ProbeOutcome } from '@upheld/domain/monitor/outcome.ts';
import { resumeMeasuring, stopMeasuring } from '@upheld/services/check/resume.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it, type TestContext as Test } from 'node:test';
import { startProbing, type Probing } from './start-probing.ts';

const INTERVAL = 60_000;

interface FakeProduct {
  outcome: ProbeOutcome['kind'];
  /** When it was asked. */
  asked: number[];
  /** Set: an answer waits for it. */
  gate: Promise<unknown> | null;
}

const OUTCOMES: Record<ProbeOutcome['kind'], ProbeOutcome> = {
  ok: { kind: 'ok', evidence: { status: 200, latencyMs: 20 } },
  degraded: { kind: 'degraded', cause: 'slow', evidence: { latencyMs: 3000 } },
  failed: {
    kind: 'failed',
    cause: 'status',
    evidence: { status: 503, message: 'HTTP status 503' },
  },
  inconclusive: { kind: 'inconclusive', cause: 'no-route', evidence: {} },
};

function configOf(
  monitors: readonly ({ id: string; interval?: string } & Record<string, unknown>)[],
  concurrency = 100,
) {
  return testConfig({
    groups: [
      {
        id: 'all',
        name: 'All',
        components: monitors.map(({ id, ...rest }) => ({
          id: `component-${id}`,
          name: id,
          agreements: [{ agreement: 'standard' }],
          monitors: [
            {
              id,
              kind: 'http' as const,
              url: `http://${id}.example.test/`,
              interval: '60s',
              ...rest,
            },
          ],
        })),
      },
    ],
    probing: { concurrency },
  });
}

class Bench {
  readonly ctx: TestContext;
  readonly products = new Map<string, FakeProduct>();
  recorded = 0;
  probing!: Probing;
  readonly #workerId: string;

  constructor(db: Database, config: ReturnType<typeof configOf>, workerId = 'w1') {
    this.#workerId = workerId;
    this.ctx = testContext(db, { config, clock: controlledClock(), idPrefix: workerId });
  }

  async start(): Promise<void> {
    await resumeMeasuring(this.ctx, this.#workerId);
    this.probing = startProbing(this.ctx, {
      workerId: this.#workerId,
      onRecorded: () => (this.recorded += 1),
      prepare: (monitor) => ({ check: () => this.#check(monitor), stop: () => undefined }),
    });
    await this.probing.idle();
  }

  product(id: string): FakeProduct {
    let product = this.products.get(id);
    if (!product) this.products.set(id, (product = { outcome: 'ok', asked: [], gate: null }));
    return product;
  }

  async #check({ id }: MonitorConfig): Promise<ProbeOutcome> {
    const product = this.product(id);
    product.asked.push(this.ctx.clock.now());
    await product.gate;
    return OUTCOMES[product.outcome];
  }

  /** Lets time pass second by second, with everything stored in between. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.ctx.clock.advance(Math.min(left, 1000));
      if ([...this.products.values()].every((product) => product.gate === null))
        await this.probing.idle();
    }
  }

  async outages() {
    const { q, t } = this.ctx.db.read;
    return q.select().from(t.outages).orderBy(t.outages.id);
  }

  async gaps() {
    const { q, t } = this.ctx.db.read;
    return q.select().from(t.gaps).orderBy(t.gaps.id);
  }
}

eachDatabase(
  'probing',
  (databases) => {
    async function started(t: Test, config = configOf([{ id: 'one' }])): Promise<Bench> {
      const bench = new Bench(await databases.open(), config);
      await bench.start();
      t.after(() => bench.probing.stop());
      return bench;
    }

    it('checks what is new within seconds, then on the grid of its own, without drift', async (t) => {
      const bench = await started(t);
      const start = bench.ctx.clock.now();
      await bench.pass(5 * INTERVAL);
      const [first = 0, ...rest] = bench.product('one').asked;
      assert.ok(first - start <= 1010);
      assert.equal(rest.length, 5);
      for (const at of rest)
        assert.ok((at - phaseOf('one', INTERVAL)) % INTERVAL <= 10, String(at - start));
    });

    it('asks more often while an outage is confirmed, and opens it at the first failure', async (t) => {
      const bench = await started(t);
      await bench.pass(INTERVAL);
      bench.product('one').outcome = 'failed';
      bench.product('one').asked = [];
      await bench.pass(2 * INTERVAL);
      const [first = 0, second = 0] = bench.product('one').asked;
      assert.ok(Math.abs(second - first - 15_000) <= 20);
      const [outage] = await bench.outages();
      assert.equal(outage?.startedAt, first);
      assert.equal(outage.endedAt, null);
      assert.ok(bench.recorded > 0);
    });

    it('spreads a thousand monitors, and checks each once in a minute', async (t) => {
      const ids = Array.from({ length: 1000 }, (_, n) => ({ id: `m${n}` }));
      const bench = await started(t, configOf(ids));
      const start = bench.ctx.clock.now();
      await bench.pass(6000);
      assert.ok(ids.every(({ id }) => bench.product(id).asked.length >= 1));
      for (const { id } of ids) bench.product(id).asked = [];
      await bench.pass(INTERVAL);
      const seconds = new Map<number, number>();
      for (const { id } of ids) {
        const { asked } = bench.product(id);
        assert.equal(asked.length, 1, id);
        const second = Math.floor(((asked[0] ?? 0) - start) / 1000);
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }
      assert.ok(Math.max(...seconds.values()) < 50);
    });

    it('never makes more checks at once than the limit, and says so where that makes them late', async (t) => {
      const ids = ['a', 'b', 'c'];
      const bench = await started(
        t,
        configOf(
          ids.map((id) => ({ id, interval: '5s', timeout: '5s' })),
          2,
        ),
      );
      await bench.pass(20_000);
      const gate = Promise.withResolvers<undefined>();
      for (const id of ['a', 'b']) bench.product(id).gate = gate.promise;
      bench.product('c').asked = [];
      await bench.pass(30_000);
      const before = bench.product('c').asked.length;
      assert.ok(before <= 2);
      for (const id of ['a', 'b']) bench.product(id).gate = null;
      gate.resolve(undefined);
      await bench.probing.idle();
      await bench.pass(6000);
      assert.ok(bench.product('c').asked.length > before);
      const gaps = await bench.gaps();
      const late = gaps.find((gap) => gap.monitorId === 'c');
      assert.equal(late?.reason, 'overloaded');
      assert.ok(late.endedAt !== null && late.endedAt - late.startedAt > 15_000);
    });

    it('a machine that slept makes no burst: the time is a gap, and the checks are spread', async (t) => {
      const ids = Array.from({ length: 50 }, (_, n) => ({ id: `m${n}` }));
      const bench = await started(t, configOf(ids));
      await bench.pass(2 * INTERVAL);
      for (const { id } of ids) bench.product(id).asked = [];
      const asleep = bench.ctx.clock.now();
      bench.ctx.clock.set(asleep + 8 * 3_600_000);
      await bench.pass(3000);
      const moments = new Set(ids.map(({ id }) => bench.product(id).asked[0]));
      assert.ok(!moments.has(undefined) && moments.size > 25, String(moments.size));
      await bench.pass(INTERVAL);
      const gaps = await bench.gaps();
      assert.equal(gaps.length, 50);
      for (const gap of gaps) {
        assert.ok(gap.startedAt - asleep <= INTERVAL + 1000);
        assert.ok(gap.endedAt !== null && gap.endedAt > asleep + 8 * 3_600_000);
      }
      assert.deepEqual(await bench.outages(), []);
    });

    it('a clock that is set back stops nothing and makes no negative time', async (t) => {
      const bench = await started(t);
      await bench.pass(2 * INTERVAL);
      bench.product('one').outcome = 'failed';
      await bench.pass(2 * INTERVAL);
      bench.ctx.clock.set(bench.ctx.clock.now() - 3_600_000);
      bench.product('one').outcome = 'ok';
      bench.product('one').asked = [];
      await bench.ctx.clock.advance(3_600_000);
      await bench.pass(2 * INTERVAL);
      assert.ok(bench.product('one').asked.length >= 2);
      for (const outage of await bench.outages())
        assert.ok(outage.endedAt !== null && outage.endedAt >= outage.startedAt);
    });

    it('a reload leaves unchanged monitors alone, stops removed ones and starts new ones', async (t) => {
      const bench = await started(t, configOf([{ id: 'kept' }, { id: 'dropped' }]));
      await bench.pass(2 * INTERVAL);
      const phase = (bench.product('kept').asked.at(-1) ?? 0) % INTERVAL;
      const gate = Promise.withResolvers<undefined>();
      bench.product('kept').gate = gate.promise;
      bench.product('kept').outcome = 'failed';
      const before = bench.product('kept').asked.length;
      while (bench.product('kept').asked.length === before) await bench.ctx.clock.advance(1000);
      bench.ctx.configure(configOf([{ id: 'kept' }, { id: 'added' }]));
      await bench.probing.reload();
      bench.product('kept').gate = null;
      gate.resolve(undefined);
      for (const id of ['kept', 'dropped', 'added']) bench.product(id).asked = [];
      await bench.pass(3 * INTERVAL);
      // The failure of the check that was under way during the reload counts: it is the first one.
      assert.ok((await bench.outages()).some((outage) => outage.monitorId === 'kept'));
      assert.deepEqual(bench.product('dropped').asked, []);
      assert.ok(bench.product('added').asked.length >= 3);
      const onGrid = bench
        .product('kept')
        .asked.filter((at) => Math.abs((at % INTERVAL) - phase) <= 20);
      assert.ok(onGrid.length >= 3);
    });

    it('a paused monitor is not asked, and its time is a gap until it is asked again', async (t) => {
      const bench = await started(t);
      await bench.pass(2 * INTERVAL);
      bench.ctx.configure(configOf([{ id: 'one', paused: true }]));
      const paused = bench.ctx.clock.now();
      await bench.probing.reload();
      bench.product('one').asked = [];
      await bench.pass(3 * INTERVAL);
      assert.deepEqual(bench.product('one').asked, []);
      bench.ctx.configure(configOf([{ id: 'one' }]));
      await bench.probing.reload();
      await bench.pass(INTERVAL);
      const [gap] = await bench.gaps();
      assert.equal(gap?.reason, 'paused');
      assert.equal(gap.startedAt, paused);
      assert.equal(gap.endedAt, bench.product('one').asked[0]);
    });

    it('a probe that throws says nothing about the product', async (t) => {
      const bench = await started(t);
      await bench.pass(INTERVAL);
      bench.product('one').gate = Promise.reject(new Error('a bug'));
      bench.product('one').gate?.catch(() => undefined);
      await bench.ctx.clock.advance(3 * INTERVAL);
      await bench.probing.idle();
      assert.deepEqual(await bench.outages(), []);
      assert.equal((await bench.gaps())[0]?.reason, 'inconclusive');
    });

    it('goes on after a stop: the state is kept, the pause is a gap, and no outage is doubled', async (t) => {
      const db = await databases.open();
      const first = new Bench(db, configOf([{ id: 'one' }]));
      await first.start();
      await first.pass(INTERVAL);
      first.product('one').outcome = 'failed';
      await first.pass(2 * INTERVAL);
      await first.probing.stop();
      await stopMeasuring(first.ctx, 'w1');
      const second = new Bench(await databases.again(), configOf([{ id: 'one' }]), 'w2');
      second.ctx.clock.set(first.ctx.clock.now() + 10 * INTERVAL);
      second.product('one').outcome = 'failed';
      await second.start();
      t.after(() => second.probing.stop());
      await second.pass(3 * INTERVAL);
      assert.equal((await second.outages()).length, 1);
      const [gap] = await second.gaps();
      assert.equal(gap?.reason, 'not-running');
      assert.ok(gap.endedAt !== null);
      assert.ok(
        (second.product('one').asked[0] ?? 0) - (first.ctx.clock.now() + 10 * INTERVAL) <= 1010,
      );
    });

    it('keeps what it saw while the database takes nothing, and stores it when it does', async (t) => {
      const bench = await started(t);
      await bench.pass(INTERVAL);
      const { db } = bench.ctx;
      const transact = db.transact.bind(db);
      db.transact = () => Promise.reject(new Error('disk full'));
      bench.product('one').outcome = 'failed';
      bench.product('one').asked = [];
      await bench.pass(3 * INTERVAL);
      db.transact = transact;
      await bench.pass(5000);
      const [outage] = await bench.outages();
      assert.equal(outage?.startedAt, bench.product('one').asked[0]);
      assert.ok(bench.ctx.log.lines.some((line) => line.message.includes('cannot be stored')));
    });
  },
  'sqlite',
);
