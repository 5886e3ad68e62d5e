import { loadAgreementBook } from '@upheld/config/agreements.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { accountOf } from '@upheld/domain/sla/account.ts';
import { statementOf } from '@upheld/domain/sla/statement.ts';
import { planMaintenance } from '@upheld/services/maintenance/plan.ts';
import { readFacts } from '@upheld/services/read/read-statement.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './support.ts';

/*
 * What it costs to say what planned work means for twenty agreements, with a year of outages and weekly
 * maintenance behind them; beside its floor: the twenty statements that the figures come from.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OUTAGES_EACH = 100;
const RUNS = 30;

const book = loadAgreementBook();
const names = ['spotonmedics', 'flexkids', 'fundament-it', 'infravision-cloud', 'intramed'];
const components = Array.from({ length: 10 }, (_, index) => ({
  id: `c${index}`,
  name: `Product ${index}`,
  agreements: [names[index % 5] ?? '', names[(index + 2) % 5] ?? ''].map((agreement) => ({
    agreement,
  })),
  monitors: [{ id: `c${index}`, kind: 'http' as const, url: 'http://product.example.test/' }],
}));
const folder = mkdtempSync(join(tmpdir(), 'upheld-bench-'));
const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
const clock = controlledClock();
const ctx = testContext(db, {
  clock,
  config: testConfig({ groups: [{ id: 'all', name: 'All', components }] }),
});
const now = clock.now();
await record();

const componentIds = components.map(({ id }) => id);
const from = Math.ceil((now + 6 * DAY) / HOUR) * HOUR;
const plan = () => planMaintenance(ctx, { componentIds, from, to: from + 2 * HOUR });
const facts = await Promise.all(
  components.flatMap(({ id, agreements }) =>
    agreements.map(async ({ agreement }) => ({
      facts: await readFacts(ctx, { componentId: id, agreement }),
      agreement: book.get(agreement),
    })),
  ),
);
const start = performance.now();
const { verdicts } = await plan();
const cold = performance.now() - start;
if (verdicts.length !== 20) throw new Error(`there are ${verdicts.length} verdicts, not 20`);

const took = await best(plan);
const floor = await best(() =>
  Promise.resolve(
    facts.map((one) => statementOf(accountOf(one.facts, one.agreement)).availability),
  ),
);
report('a plan under 20 agreements', took, floor, 'ms', '< 50 ms');
console.log(`the first one, nothing warm: ${cold.toFixed(0)} ms`);
await db.close();
await rm(folder, { recursive: true });

async function record(): Promise<void> {
  await db.transact(async ({ q, t }) => {
    await q.insert(t.workers).values({ id: 'w', startedAt: now - 360 * DAY, beatAt: now });
    for (const { id } of components) {
      const since = now - 360 * DAY;
      await q
        .insert(t.components)
        .values({ id, createdAt: since, updatedAt: since, measuredSince: since });
      await q.insert(t.monitors).values({
        id,
        componentId: id,
        state: 'up',
        pendingCount: 0,
        lastResultAt: now,
        version: 1,
      });
      await q.insert(t.incidents).values({
        id: `i-${id}`,
        titleNl: 'Storing',
        titleEn: 'Outage',
        status: 'resolved',
        impact: 'major',
        startedAt: now - 360 * DAY,
        noticedAt: now - 360 * DAY,
        resolvedAt: now - DAY,
        createdBy: 'bench',
        updatedAt: now,
        version: 1,
      });
      for (let index = 0; index < OUTAGES_EACH; index += 1) {
        const startedAt = now - 360 * DAY + index * 3 * DAY;
        await q.insert(t.outages).values({
          id: `o-${id}-${index}`,
          componentId: id,
          monitorId: null,
          incidentId: `i-${id}`,
          state: 'down',
          startedAt,
          noticedAt: startedAt,
          endedAt: startedAt + 7 * 60_000,
        });
      }
      for (let week = -50; week < 10; week += 1) await weekly(q, t, id, week);
    }
  });
}

async function weekly(
  q: typeof db.read.q,
  t: typeof db.read.t,
  componentId: string,
  week: number,
): Promise<void> {
  const windowFrom = now + week * 7 * DAY + 8 * HOUR;
  const window = { windowFrom, windowTo: windowFrom + HOUR };
  const id = `m-${componentId}-${week}`;
  await q.insert(t.maintenances).values({
    id,
    kind: 'planned',
    titleNl: 'Onderhoud',
    titleEn: 'Maintenance',
    ...window,
    createdAt: now,
    createdBy: 'bench',
    updatedAt: now,
    version: 1,
  });
  await q.insert(t.maintenanceComponents).values({ maintenanceId: id, componentId });
  await q.insert(t.announcements).values({
    id: `a-${id}`,
    maintenanceId: id,
    announcedAt: windowFrom - 10 * DAY,
    ...window,
    textNl: 'x',
    textEn: 'x',
    announcedBy: 'bench',
  });
}

/** The best of some runs: what else the machine does only ever adds to it. */
async function best(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}
