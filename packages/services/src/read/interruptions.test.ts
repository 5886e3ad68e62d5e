import { localMonth } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { correctOutage } from '../correction/correct-outage.ts';
import { readStatement } from './read-statement.ts';

/*
 * An incident is one interruption, in the month in which it was first down. What the database gives is
 * held against a count on the rows themselves, which knows nothing of months until the end.
 */

const ZONE = 'Europe/Amsterdam';
const NOW = Date.parse('2026-12-05T12:00:00Z');
const MONTHS = ['2026-08', '2026-09', '2026-10', '2026-11'];
const RUNS = 30;
const jan = { name: 'jan' };

interface Outage {
  incident: number;
  down: boolean;
  from: number;
  to: number;
}

interface History {
  outages: readonly Outage[];
  /** What each incident was merged into: an earlier one, or itself. */
  into: readonly number[];
}

const HOUR = 3_600_000;
// Months begin at 22:00 or 23:00 in UTC, and often enough an outage begins or ends just then.
const EDGES = ['2026-08-31T22:00:00Z', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'].map((text) =>
  Date.parse(text),
);
const moment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: Date.parse('2026-07-20T00:00:00Z'), max: NOW - HOUR }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...EDGES), fc.constantFrom(-HOUR, -1000, -1, 0, 1, 500, 1000))
      .map(([at, by]) => at + by),
  },
);
const history: fc.Arbitrary<History> = fc.record({
  outages: fc.array(
    fc
      .record({
        incident: fc.integer({ min: 0, max: 3 }),
        down: fc.boolean(),
        from: moment,
        seconds: fc.oneof(fc.integer({ min: 1, max: 7200 }), fc.constantFrom(1, 3600, 2_700_000)),
      })
      .map(({ seconds, ...one }) => ({ ...one, to: Math.min(one.from + seconds * 1000, NOW) })),
    { minLength: 2, maxLength: 10 },
  ),
  into: fc
    .tuple(fc.nat(), fc.nat(), fc.nat())
    .map((picks) => [0, ...picks.map((pick, index) => (pick % 3 === 0 ? index : index + 1))]),
});

function rootOf({ into }: History, incident: number): number {
  const next = into[incident] ?? incident;
  return next === incident ? incident : rootOf({ outages: [], into }, next);
}

/** How many incidents were first down in each month. */
function naive(given: History): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const root of new Set(given.into.map((_one, index) => rootOf(given, index)))) {
    const starts = given.outages
      .filter((one) => one.down && rootOf(given, one.incident) === root)
      .map((one) => Math.floor(one.from / 1000) * 1000);
    if (starts.length === 0) continue;
    const month = localMonth(Math.min(...starts), ZONE);
    counts[month] = (counts[month] ?? 0) + 1;
  }
  return counts;
}

const config = testConfig({
  timezone: ZONE,
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: Array.from({ length: RUNS }, (_one, run) => ({
        id: `product-${run}`,
        name: `Product ${run}`,
        agreements: [{ agreement: 'infravision-cloud' }],
      })),
    },
  ],
});

async function write(ctx: TestContext, componentId: string, given: History): Promise<void> {
  const incidentOf = (index: number): string => `${componentId}-incident-${index}`;
  await ctx.db.transact(async ({ q, t }) => {
    await q
      .insert(t.components)
      .values({ id: componentId, createdAt: 0, updatedAt: 0, measuredSince: 0 });
    for (const [index, into] of given.into.entries()) {
      const own = given.outages.filter((one) => one.incident === index);
      if (own.length === 0 && into === index && !given.into.includes(index, index + 1)) continue;
      const merged = into !== index;
      await q.insert(t.incidents).values({
        id: incidentOf(index),
        titleNl: 't',
        titleEn: 't',
        status: 'resolved',
        impact: 'critical',
        startedAt: Math.min(...own.map((one) => one.from), NOW),
        noticedAt: 0,
        resolvedAt: Math.max(...own.map((one) => one.to), 0),
        createdBy: 'detector',
        updatedAt: 0,
        version: 1,
        ...(merged ? { mergedIntoId: incidentOf(into), mergedAt: NOW } : {}),
      });
      await q.insert(t.incidentComponents).values({ incidentId: incidentOf(index), componentId });
    }
    for (const [index, { incident, down, from, to }] of given.outages.entries())
      await q.insert(t.outages).values({
        id: `${componentId}-outage-${index}`,
        componentId,
        monitorId: 'web',
        incidentId: incidentOf(incident),
        state: down ? 'down' : 'degraded',
        startedAt: from,
        endedAt: to,
        noticedAt: from,
      });
  });
}

async function counted(ctx: TestContext, componentId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const month of MONTHS) {
    const { statement } = await readStatement(ctx, {
      componentId,
      period: { kind: 'calendar-month', month },
    });
    for (const one of statement.interruptions) {
      assert.equal(one.month, month, 'a month tells of itself alone');
      counts[month] = one.count;
    }
  }
  return counts;
}

eachDatabase('interruptions of recorded incidents', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { config, clock: controlledClock(NOW) });

  it('are counted once, in the month in which they first were', async () => {
    const ctx = await open();
    for (const [run, given] of fc.sample(history, { numRuns: RUNS, seed: 8 }).entries()) {
      await write(ctx, `product-${run}`, given);
      const expected = Object.fromEntries(
        Object.entries(naive(given)).filter(([month]) => MONTHS.includes(month)),
      );
      assert.deepEqual(
        await counted(ctx, `product-${run}`),
        Object.fromEntries(MONTHS.flatMap((one) => (expected[one] ? [[one, expected[one]]] : []))),
        JSON.stringify(given),
      );
    }
  });

  const twice = {
    outages: [
      { incident: 0, down: true, from: EDGES[0]! + HOUR, to: EDGES[0]! + 2 * HOUR },
      { incident: 0, down: true, from: EDGES[2]! + HOUR, to: EDGES[2]! + 2 * HOUR },
    ],
    into: [0],
  };

  it('are not in a month when what came before it is long over, unless that was a false alarm', async () => {
    const ctx = await open();
    await write(ctx, 'product-0', twice);
    assert.deepEqual(await counted(ctx, 'product-0'), { '2026-09': 1 });
    await correctOutage(ctx, jan, {
      outageId: 'product-0-outage-0',
      kind: 'false-alarm',
      reason: 'The monitor was wrong.',
      evidence: 'its log',
    });
    assert.deepEqual(await counted(ctx, 'product-0'), { '2026-11': 1 });
  });

  it('leave every other line of a statement as it is', async () => {
    const ctx = await open();
    const [, second] = twice.outages;
    await write(ctx, 'product-0', twice);
    await write(ctx, 'product-1', { outages: [second!], into: [0] });
    const made = async (componentId: string) => {
      const period = { kind: 'calendar-month', month: '2026-11' } as const;
      const { statement } = await readStatement(ctx, { componentId, period });
      return { ...statement, interruptions: [] };
    };
    assert.deepEqual(await made('product-0'), await made('product-1'));
  });
});
