import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { announceMaintenance } from './announce-maintenance.ts';
import { cancelMaintenance } from './change-maintenance.ts';
import { planMaintenance, type MaintenancePlan } from './plan.ts';

const at = (text: string): number => Date.parse(text);
const engineer = { name: 'jan' };
const text = { nl: 'We vervangen een schijf.', en: 'We replace a disk.' };
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        { id: 'fysioone', name: 'FysioOne', agreements: [{ agreement: 'spotonmedics' }] },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
        { id: 'saas', name: 'Fundament', agreements: [{ agreement: 'fundament-it' }] },
        { id: 'desk', name: 'Infravision', agreements: [{ agreement: 'infravision-cloud' }] },
      ],
    },
  ],
});
// A Tuesday, 10:00 to 12:00 in Amsterdam.
const office = { from: at('2026-12-01T09:00:00Z'), to: at('2026-12-01T11:00:00Z') };

eachDatabase('the plan of a maintenance', (databases) => {
  const open = async (start = '2026-11-21T09:00:00Z'): Promise<TestContext> =>
    testContext(await databases.open(), { config, clock: controlledClock(at(start)) });
  const only = ({ verdicts }: MaintenancePlan) => {
    const [verdict] = verdicts;
    assert.ok(verdict && verdicts.length === 1);
    return verdict;
  };

  it('says what is too late, until when it was not, what it costs and what suits instead', async () => {
    const ctx = await open('2026-11-30T09:00:00Z');
    const plan = await planMaintenance(ctx, { componentIds: ['fysioone'], ...office });
    const late = only(plan);
    assert.deepEqual(
      [late.verdict, late.noticeNeeded, late.inTime, late.lastValidAnnouncement, late.clause],
      ['late-notice', true, false, at('2026-11-29T09:00:00Z'), '6.8'],
    );
    const [figure] = late.figures;
    assert.ok(figure);
    assert.equal(figure.countedSeconds, 7200);
    assert.equal((figure.budgetBefore ?? 0) - (figure.budgetAfter ?? 0), 7200);
    const next = plan.nextWindowForAll;
    // Lunch from 12:00 and evenings are no service hours: what does not touch them needs no notice.
    assert.ok(next && next.from > office.from);
    const better = only(await planMaintenance(ctx, { componentIds: ['fysioone'], ...next }));
    assert.ok(better.inTime);
    assert.equal(better.figures[0]?.countedSeconds, 0);
  });

  it('counts nothing for what is announced in time, and everything where no clause leaves it out', async () => {
    const ctx = await open();
    const plan = await planMaintenance(ctx, { componentIds: ['fysioone', 'desk'], ...office });
    assert.deepEqual(
      plan.verdicts.map(({ componentId, verdict, figures }) => [
        componentId,
        verdict,
        figures[0]?.countedSeconds,
      ]),
      [
        ['fysioone', 'qualifies', 0],
        ['desk', 'counts', 7200],
      ],
    );
  });

  it('says which one of its month it is, and what the fifth costs', async () => {
    const ctx = await open();
    const day = (nth: number) => ({
      from: at(`2026-12-${String(nth).padStart(2, '0')}T20:00:00Z`),
      to: at(`2026-12-${String(nth).padStart(2, '0')}T21:00:00Z`),
    });
    for (const nth of [4, 5, 11, 12])
      await announceMaintenance(ctx, engineer, { componentIds: ['saas'], ...day(nth), text });
    const fifth = only(await planMaintenance(ctx, { componentIds: ['saas'], ...day(18) }));
    assert.deepEqual(
      [fifth.verdict, fifth.turn, fifth.figures[0]?.countedSeconds],
      ['over-cap', { month: '2026-12', nth: 5, perMonth: 4 }, 3600],
    );
    const plan = await planMaintenance(ctx, { componentIds: ['saas'], ...day(18) });
    assert.ok(plan.nextWindowForAll && plan.nextWindowForAll.from >= at('2026-12-31T23:00:00Z'));
    const third = only(await planMaintenance(ctx, { componentIds: ['saas'], ...day(6) }));
    assert.deepEqual([third.verdict, third.turn?.nth], ['qualifies', 3]);
  });

  it('suggests a window that a quarter of an hour later can still be announced in time', async () => {
    const ctx = await open('2026-12-01T08:00:07Z');
    const asked = { from: at('2026-12-01T10:00:00Z'), to: at('2026-12-01T12:00:00Z') };
    const componentIds = ['flexkids', 'saas', 'fysioone'];
    const { nextWindowForAll: next } = await planMaintenance(ctx, { componentIds, ...asked });
    assert.ok(next);
    assert.equal(next.from % 900_000, 0);
    await ctx.clock.advance(15 * 60_000);
    const { verdicts } = await planMaintenance(ctx, { componentIds, ...next });
    for (const verdict of verdicts)
      assert.deepEqual([verdict.inTime, verdict.outsidePreferredSeconds], [true, 0]);
  });

  it('shows other windows at the same time, and suggests one that is clear of them', async () => {
    const ctx = await open();
    const night = { from: at('2026-12-01T21:00:00Z'), to: at('2026-12-02T01:00:00Z') };
    const input = { componentIds: ['flexkids', 'desk'], ...night, text };
    const { maintenance } = await announceMaintenance(ctx, engineer, input);
    const asked = { componentIds: ['flexkids'], from: night.from, to: night.to - 7_200_000 };
    const plan = await planMaintenance(ctx, asked);
    assert.deepEqual(
      plan.overlaps.map(({ id, componentIds }) => [id, componentIds]),
      [[maintenance.id, ['flexkids']]],
    );
    assert.equal(plan.nextWindowForAll?.from, night.to);
    await ctx.clock.advance(1000);
    await cancelMaintenance(ctx, engineer, { maintenanceId: maintenance.id, text });
    const free = await planMaintenance(ctx, asked);
    assert.deepEqual([free.overlaps, free.nextWindowForAll?.from], [[], night.from]);
  });

  it('judges what moving adds, and not the maintenance against itself', async () => {
    const ctx = await open();
    const night = { from: at('2026-12-01T21:00:00Z'), to: at('2026-12-01T23:00:00Z') };
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['flexkids'],
      ...night,
      text,
    });
    ctx.clock.set(at('2026-12-01T20:00:00Z'));
    const longer = { maintenanceId: maintenance.id, from: night.from, to: night.to + 3_600_000 };
    const plan = await planMaintenance(ctx, longer);
    const verdict = only(plan);
    assert.deepEqual(plan.overlaps, []);
    assert.deepEqual(
      [verdict.inTime, verdict.lastValidAnnouncement, verdict.figures[0]?.countedSeconds],
      [false, at('2026-11-26T23:00:00Z'), 3600],
    );
  });

  it('stores nothing, and refuses what announcing would refuse', async () => {
    const ctx = await open();
    await planMaintenance(ctx, { componentIds: ['saas'], ...office });
    const { q, t } = ctx.db.read;
    assert.deepEqual(await q.select().from(t.maintenances), []);
    await assert.rejects(
      planMaintenance(ctx, { componentIds: ['saas'], from: office.to, to: office.from }),
      (error) => error instanceof DomainError && error.code === 'invalid-input',
    );
  });
});
