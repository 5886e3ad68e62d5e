/*
 * Reading the view of a page with 1,000 components, a year of history each, from the embedded database:
 * figures, bars, incidents and maintenances. Beside the floor: reading the outages, gaps and changes alone.
 */
import { testConfig } from '@upheld/testkit/config.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext } from '@upheld/testkit/context.ts';
import type { Handle } from '@upheld/db/database.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { readPage } from '@upheld/services/read/page.ts';
import { bumpRevision } from '@upheld/services/revision.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, report } from './support.ts';

const COMPONENTS = 1000;
const OUTAGES_EACH = 10;
const GAPS_EACH = 4;
const MAINTENANCES = 200;
const ROUNDS = 15;
const DAY = 86_400_000;

const NOW = Date.UTC(2026, 10, 21, 9);
const folder = mkdtempSync(join(tmpdir(), 'upheld-bench-'));
const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
const clock = controlledClock(NOW);
const ids = Array.from({ length: COMPONENTS }, (_, index) => `component-${index}`);
const ctx = testContext(db, {
  clock,
  config: testConfig({
    groups: [
      {
        id: 'all',
        name: 'All',
        components: ids.map((id) => ({
          id,
          name: id,
          monitors: [{ id: `${id}-web`, kind: 'http', url: 'http://one.example.test/' }],
        })),
      },
    ],
  }),
});

try {
  await db.transact(seed);
  const views: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await db.transact((h) => bumpRevision(h));
    floors.push(await timed(() => readRows(db.read)));
    views.push(await timed(() => readPage(ctx)));
  }
  report(
    `view of ${COMPONENTS} components with ${COMPONENTS * OUTAGES_EACH} outages, after a new fact`,
    quantile(views.slice(2), 0.5),
    quantile(floors.slice(2), 0.5),
    'ms',
    'view <= 250 ms',
  );
  const again = [];
  for (let round = 0; round < ROUNDS; round += 1) again.push(await timed(() => readPage(ctx)));
  report(
    'the same within the minute',
    quantile(again, 0.5),
    quantile(floors, 0.5),
    'ms',
    'view <= 250 ms',
  );
} finally {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function readRows({ q, t }: Handle): Promise<void> {
  await q.select().from(t.outages);
  await q.select().from(t.gaps);
  await q.select().from(t.incidentChanges);
}

async function seed({ q, t }: Handle): Promise<void> {
  const since = NOW - 400 * DAY;
  await q.insert(t.workers).values({ id: 'worker', startedAt: since, beatAt: NOW });
  for (const [index, id] of ids.entries()) {
    const common = { componentId: id, monitorId: `${id}-web` };
    await q
      .insert(t.components)
      .values({ id, createdAt: since, updatedAt: since, measuredSince: since });
    await q
      .insert(t.monitors)
      .values({ id: `${id}-web`, componentId: id, state: 'up', pendingCount: 0, version: 1 });
    await q.insert(t.transitions).values({
      ...common,
      id: `transition-${id}`,
      fromState: 'unknown',
      toState: 'up',
      at: since,
      noticedAt: since,
      evidence: {},
    });
    for (let n = 0; n < OUTAGES_EACH; n += 1) {
      const startedAt = NOW - Math.floor(((n + (index % 7) / 7) * 360 * DAY) / OUTAGES_EACH) - DAY;
      const endedAt = startedAt + 600_000;
      const incidentId = `incident-${id}-${n}`;
      await q.insert(t.incidents).values({
        id: incidentId,
        titleNl: 'Storing',
        titleEn: 'Outage',
        status: 'resolved',
        impact: 'critical',
        startedAt,
        noticedAt: startedAt,
        resolvedAt: endedAt,
        createdBy: 'detector',
        updatedAt: endedAt,
        version: 1,
      });
      await q.insert(t.incidentComponents).values({ incidentId, componentId: id });
      for (const status of ['investigating', 'resolved'] as const)
        await q.insert(t.incidentUpdates).values({
          id: `update-${id}-${n}-${status}`,
          incidentId,
          status,
          bodyNl: 'Storing',
          bodyEn: 'Outage',
          recordedAt: startedAt,
          recordedBy: 'detector',
        });
      await q.insert(t.incidentChanges).values({
        id: `change-${id}-${n}`,
        incidentId,
        componentId: id,
        agreement: 'standard',
        severity: 'outage',
        effectiveFrom: startedAt,
        reason: 'found by a monitor',
        recordedAt: startedAt,
        recordedBy: 'detector',
      });
      await q.insert(t.outages).values({
        ...common,
        id: `outage-${id}-${n}`,
        incidentId,
        state: 'down',
        startedAt,
        endedAt,
        noticedAt: startedAt,
      });
    }
    for (let n = 0; n < GAPS_EACH; n += 1)
      await q.insert(t.gaps).values({
        ...common,
        id: `gap-${id}-${n}`,
        startedAt: NOW - (n + 1) * 80 * DAY,
        endedAt: NOW - (n + 1) * 80 * DAY + 60_000,
        reason: 'not-running',
        detail: 'bench',
      });
  }
  for (let n = 0; n < MAINTENANCES; n += 1) await seedMaintenance({ q, t }, n);
}

async function seedMaintenance({ q, t }: Handle, n: number): Promise<void> {
  const id = `maintenance-${n}`;
  const windowFrom = NOW - n * 2 * DAY + 5 * DAY;
  const window = { windowFrom, windowTo: windowFrom + 7_200_000 };
  const announcedAt = windowFrom - 7 * DAY;
  await q.insert(t.maintenances).values({
    id,
    ...window,
    kind: 'planned',
    titleNl: 'Onderhoud',
    titleEn: 'Maintenance',
    createdAt: announcedAt,
    createdBy: 'bench',
    updatedAt: announcedAt,
    version: 1,
  });
  await q.insert(t.announcements).values({
    id: `announcement-${n}`,
    maintenanceId: id,
    announcedAt,
    ...window,
    textNl: 'x',
    textEn: 'x',
    announcedBy: 'bench',
  });
  for (const componentId of ids.slice((n * 5) % COMPONENTS, ((n * 5) % COMPONENTS) + 5))
    await q.insert(t.maintenanceComponents).values({ maintenanceId: id, componentId });
}
