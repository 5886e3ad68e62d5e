import type { Config } from '@upheld/config/schema.ts';
import { addLocalDays, startOfDate } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openIncident } from '../incident/open-incident.ts';
import { postUpdate } from '../incident/post-update.ts';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { cancelMaintenance } from '../maintenance/change-maintenance.ts';
import { readPage } from './page.ts';
import type { ComponentView, PageView } from './page-view.ts';
import { readStatement } from './read-statement.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:00Z');
const LONG_AGO = at('2024-01-01T00:00:00Z');
const DAY = 86_400_000;
const engineer = { name: 'jan' };
const text = { nl: 'x', en: 'x' };
const monitor = (id: string) => ({ id, kind: 'http' as const, url: 'http://one.example.test/' });

const groups = [
  {
    id: 'products',
    name: 'Products',
    components: [
      {
        id: 'one',
        name: 'One',
        agreements: [{ agreement: 'infravision-cloud' }],
        monitors: [monitor('one-web'), monitor('one-api')],
      },
      { id: 'two', name: 'Two', monitors: [monitor('two-web')] },
    ],
  },
  { id: 'manual', name: 'Manual', components: [{ id: 'desk', name: 'Desk', agreements: [] }] },
];
const config = testConfig({
  server: { url: 'https://status.example.test/' },
  pages: [
    { id: 'main', title: 'All' },
    { id: 'desk', title: 'Desk', groups: ['manual'] },
  ],
  groups,
});

const componentOf = (page: PageView, id: string): ComponentView => {
  const found = page.groups.flatMap((group) => group.components).find((one) => one.id === id);
  assert.ok(found);
  return found;
};

eachDatabase('a page', (databases) => {
  const open = async (
    options: { now?: number; config?: Config } = {},
  ): Promise<{ ctx: TestContext; record: Recorder; page: (id?: string) => Promise<PageView> }> => {
    const now = options.now ?? NOW;
    const ctx = testContext(await databases.open(), {
      config: options.config ?? config,
      clock: controlledClock(now),
    });
    const page = async (id?: string): Promise<PageView> => {
      const found = await readPage(ctx, id);
      assert.ok(found);
      return found;
    };
    return { ctx, record: recorder(ctx.db), page };
  };
  const measuredAll = async (record: Recorder, now = NOW): Promise<void> => {
    await record.measured('one', LONG_AGO, { monitor: 'one-web' });
    await record.measured('one', LONG_AGO, { monitor: 'one-api' });
    await record.measured('two', LONG_AGO);
    await record.beat(now);
  };

  it('of a new installation says that it knows nothing yet', async () => {
    const { page } = await open();
    const view = await page();
    assert.deepEqual(
      [view.overall, view.dataAsOf, view.revision, view.firstRun],
      ['unknown', null, 0, false],
    );
    const two = componentOf(view, 'two');
    assert.equal(two.state, 'unknown');
    assert.equal(two.days.length, 90);
    assert.ok(two.days.every(({ state }) => state === 'unmeasured'));
    assert.deepEqual(
      two.availability.map(({ percent, coveragePercent, verdict }) => ({
        percent,
        coveragePercent,
        verdict,
      })),
      [{ percent: null, coveragePercent: '0.000000', verdict: 'no-data' }],
    );
    assert.deepEqual(componentOf(view, 'desk').availability, []);
  });

  it('is operational when every monitor says so, whatever has none', async () => {
    const { record, page } = await open();
    await measuredAll(record);
    const view = await page();
    assert.equal(view.overall, 'operational');
    assert.deepEqual(
      ['one', 'two', 'desk'].map((id) => componentOf(view, id).state),
      ['operational', 'operational', 'unknown'],
    );
    assert.deepEqual(view.page.url, 'https://status.example.test/');
    assert.equal((await page('desk')).page.url, 'https://status.example.test/pages/desk');
    assert.deepEqual(view.channels, { email: true, sms: true });
  });

  it('tells a partial outage from a whole one, and slow from both', async () => {
    const { record, page } = await open();
    await measuredAll(record);
    await record.outage({ component: 'one', monitor: 'one-web', from: NOW - 60_000 });
    await record.outage({ component: 'two', state: 'degraded', from: NOW - 60_000 });
    const view = await page();
    assert.equal(componentOf(view, 'one').state, 'partial_outage');
    assert.equal(componentOf(view, 'two').state, 'degraded_performance');
    assert.equal(view.overall, 'partial_outage');
    assert.deepEqual(
      view.openIncidents.map((incident) => incident.componentIds),
      [['two'], ['one']],
    );
  });

  it('knows nothing of the present once the measuring process fell silent', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    const before = await page();
    assert.equal(before.validUntil, NOW + 30_001);
    await ctx.clock.advance(30_001);
    const view = await page();
    assert.equal(view.overall, 'unknown');
    assert.equal(view.dataAsOf, NOW);
  });

  it('goes by the impact that people give', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    const { id } = await openIncident(ctx, engineer, {
      title: text,
      body: text,
      componentIds: ['two', 'desk'],
      impact: 'major',
    });
    const view = await page();
    assert.equal(componentOf(view, 'two').state, 'partial_outage');
    assert.equal(componentOf(view, 'desk').state, 'partial_outage');
    await postUpdate(ctx, engineer, { incidentId: id, status: 'resolved', body: text });
    const after = await page();
    assert.equal(after.overall, 'operational');
    assert.deepEqual([after.openIncidents.length, after.history.map((one) => one.id)], [0, [id]]);
    assert.ok(after.revision > view.revision);
  });

  it('shows maintenance before, during and after', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    const from = NOW + 20_000;
    const to = NOW + 40_000;
    const announce = (first: number, last: number) =>
      announceMaintenance(ctx, engineer, { componentIds: ['two'], from: first, to: last, text });
    const { maintenance } = await announce(from, to);
    const later = await announce(NOW + DAY, NOW + DAY + 1000);
    await cancelMaintenance(ctx, engineer, { maintenanceId: later.maintenance.id, text });
    const before = await page();
    assert.deepEqual(
      before.maintenances.map(({ id, status }) => [id, status]),
      [[maintenance.id, 'scheduled']],
    );
    assert.deepEqual(
      before.history.map(({ id }) => id),
      [later.maintenance.id],
    );
    assert.equal(before.validUntil, from);
    await ctx.clock.advance(20_000);
    await record.outage({ component: 'two', from: from + 1000, to: to + 10_000 });
    const during = await page();
    assert.equal(componentOf(during, 'two').state, 'under_maintenance');
    assert.equal(during.overall, 'maintenance');
    assert.equal(during.maintenances[0]?.status, 'in_progress');
    await ctx.clock.advance(120_000);
    await record.beat(NOW + 140_000);
    const after = await page();
    assert.deepEqual(after.maintenances, []);
    assert.equal(after.history.length, 3);
    const today = componentOf(after, 'two').days.at(-1)!;
    assert.deepEqual([today.state, today.maintenanceSeconds, today.downSeconds], ['down', 20, 10]);
  });

  it('has ninety local days over both changes of the clocks', async () => {
    // Noon of 18 January 2026 in Amsterdam: the bar goes back over the autumn change.
    for (const [now, change, hours] of [
      ['2026-01-18T11:00:00Z', '2025-10-26', 25],
      ['2026-06-20T10:00:00Z', '2026-03-29', 23],
    ] as const) {
      const { record, page } = await open({ now: at(now) });
      await measuredAll(record, at(now));
      const midnight = startOfDate(change, 'Europe/Amsterdam')!;
      const next = addLocalDays(midnight, 1, 'Europe/Amsterdam');
      assert.equal(next - midnight, hours * 3_600_000);
      await record.outage({ component: 'two', from: midnight - 60_000, to: next + 60_000 });
      const { days } = componentOf(await page(), 'two');
      assert.equal(days.length, 90);
      assert.equal(new Set(days.map(({ date }) => date)).size, 90);
      assert.equal(days.at(-1)?.date, now.slice(0, 10));
      const index = days.findIndex(({ date }) => date === change);
      assert.deepEqual(
        days.slice(index - 2, index + 3).map(({ downSeconds }) => downSeconds),
        [0, 60, hours * 3600, 60, 0],
      );
      assert.deepEqual(
        days.filter(({ incidents }) => incidents.length > 0).map(({ state }) => state),
        ['down', 'down', 'down'],
      );
    }
  });

  it('turns at local midnight', async () => {
    const { ctx, record, page } = await open({ now: at('2026-11-21T22:59:50Z') });
    await measuredAll(record, at('2026-11-21T22:59:50Z'));
    const before = await page();
    assert.equal(before.validUntil, at('2026-11-21T23:00:00Z'));
    await ctx.clock.advance(10_000);
    const after = await page();
    assert.deepEqual(
      [before, after].map((view) => componentOf(view, 'two').days.at(-1)?.date),
      ['2026-11-21', '2026-11-22'],
    );
  });

  it('has the figures of the statement, cut and never rounded, for each part', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    await record.outage({
      component: 'one',
      from: at('2026-11-10T10:00:00Z'),
      to: at('2026-11-10T10:00:07Z'),
      severity: { 'infravision-cloud': 'top' },
    });
    const view = componentOf(await page(), 'one');
    const { statement } = await readStatement(ctx, {
      componentId: 'one',
      period: { kind: 'rolling-12-months', endingAt: '2026-11-21T09:00:00Z' },
    });
    assert.deepEqual(
      view.availability.map(({ part, percent, downSeconds, norm }) => [
        part,
        percent,
        downSeconds,
        norm,
      ]),
      statement.availability.map(({ part, percent, seconds, norm }) => [
        part,
        percent,
        seconds.down,
        norm,
      ]),
    );
    assert.deepEqual(
      view.availability.map(({ part }) => part),
      ['office', 'outside-office'],
    );
    assert.match(view.availability[0]?.percent ?? '', /^99\.9999/);
    assert.equal(view.availability[0]?.measuredSince, null);
  });

  it('says since when it measured where that is not the whole year', async () => {
    const { record, page } = await open();
    await record.measured('two', NOW - 30 * DAY);
    await record.beat(NOW);
    const two = componentOf(await page(), 'two');
    assert.equal(two.availability[0]?.measuredSince, NOW - 30 * DAY);
    assert.equal(two.availability[0].verdict, 'not-proven');
    assert.deepEqual(two.days.filter(({ state }) => state === 'up').length, 31);
  });

  it('follows a new fact within the same minute, and the clock without one', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    const figure = async () => componentOf(await page(), 'two').availability[0]!;
    const first = await figure();
    assert.equal(first.downSeconds, 0);
    await openIncident(ctx, engineer, {
      title: text,
      body: text,
      componentIds: ['two'],
      severity: 'outage',
      startedAt: NOW - 3_600_000,
    });
    assert.equal((await figure()).downSeconds, 3600);
    await ctx.clock.advance(60_000);
    await record.beat(ctx.clock.now());
    const later = await figure();
    assert.deepEqual([later.downSeconds, later.to], [3660, NOW + 60_000]);
  });

  it('shows only what touches its own components', async () => {
    const { ctx, record, page } = await open();
    await measuredAll(record);
    await record.outage({ component: 'two', from: NOW - 1000 });
    await announceMaintenance(ctx, engineer, {
      componentIds: ['one', 'two'],
      from: NOW + DAY,
      to: NOW + DAY + 1000,
      text,
    });
    const view = await page('desk');
    assert.deepEqual(
      view.groups.map((group) => group.components.map(({ id }) => id)),
      [['desk']],
    );
    assert.deepEqual([view.openIncidents, view.maintenances, view.overall], [[], [], 'unknown']);
    assert.equal(await readPage(ctx, 'nothing'), null);
  });

  it('forgets what was over before the days of its history', async () => {
    const { record, page } = await open();
    await measuredAll(record);
    const outage = (daysAgo: number) =>
      record.outage({
        component: 'two',
        from: NOW - daysAgo * DAY - 1000,
        to: NOW - daysAgo * DAY,
      });
    const recent = [await outage(1), await outage(14)];
    await outage(15);
    await outage(89);
    const view = await page();
    assert.deepEqual(
      view.history.map(({ id }) => id),
      recent.map(({ incidentId }) => incidentId),
    );
    const marked = componentOf(view, 'two').days.filter(({ incidents }) => incidents.length > 0);
    assert.equal(marked.length, 4);
  });

  it('explains itself while only the first start has configured it', async () => {
    const first = testConfig({
      groups: [
        {
          id: 'products',
          name: 'Products',
          components: [{ id: 'upheld', name: 'Upheld', monitors: [monitor('upheld-health')] }],
        },
      ],
    });
    const { page } = await open({ config: first });
    assert.equal((await page()).firstRun, true);
  });
});
