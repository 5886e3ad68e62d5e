import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readMaintenance } from '../read/lists.ts';
import { announceOccurrences } from './announce-occurrences.ts';
import { announceMaintenance } from './announce-maintenance.ts';
import { cancelMaintenance } from './change-maintenance.ts';
import { declareEmergency } from './emergency.ts';
import { createSeries, endSeries, previewSeries } from './series.ts';
import { listSeries, readSeries } from './series-view.ts';
import { startWork } from './work.ts';

const at = (text: string): number => Date.parse(text);
const iso = (instant: number): string => new Date(instant).toISOString();
const jan = { name: 'jan' };
const text = {
  nl: 'Onderhoud aan {component} vanaf {from}.',
  en: 'Work on {component} from {from}.',
};
const DAY = 86_400;
const sundays = {
  componentIds: ['fysioone'],
  text,
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  localStart: '2026-03-22T02:00',
  durationSeconds: 7200,
  announceSeconds: 5 * DAY,
};
const refusal = (code: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code;

eachDatabase('recurring maintenance', (databases) => {
  const open = async (start = '2026-03-10T12:00:00Z'): Promise<TestContext> =>
    testContext(await databases.open(), { clock: controlledClock(at(start)) });

  it('is announced at its moment, once, in the name of who started it, at 02:00 across the change', async () => {
    const ctx = await open();
    const made = await createSeries(ctx, jan, sundays);
    assert.deepEqual(
      made.next.slice(0, 2).map(({ from, announceAt }) => [iso(from), iso(announceAt)]),
      [
        ['2026-03-22T01:00:00.000Z', '2026-03-17T01:00:00.000Z'],
        // 02:00 does not exist that night: it is 03:00.
        ['2026-03-29T01:00:00.000Z', '2026-03-24T01:00:00.000Z'],
      ],
    );
    ctx.clock.set(at('2026-03-17T00:59:59Z'));
    assert.deepEqual(await announceOccurrences(ctx), []);
    ctx.clock.set(at('2026-03-17T01:00:00Z'));
    const [id, ...more] = await announceOccurrences(ctx);
    assert.ok(id !== undefined && more.length === 0);
    assert.deepEqual(await announceOccurrences(ctx), []);
    const view = await readMaintenance(ctx, id);
    assert.deepEqual(
      [view?.from, view?.to, view?.announcements[0]?.at],
      [at('2026-03-22T01:00:00Z'), at('2026-03-22T03:00:00Z'), ctx.clock.now()],
    );
    assert.match(
      view?.announcements[0]?.body.en ?? '',
      /^Work on FysioOne from Sunday,? 22 March 2026 at 02:00\.$/,
    );
    const { q, t } = ctx.db.read;
    const [row] = await q.select().from(t.maintenances);
    assert.equal(row?.createdBy, 'jan');
    const known = (await readSeries(ctx, made.id)).next[0]?.maintenance;
    assert.deepEqual(known, { id, status: 'scheduled' });
  });

  it('is announced once by many processes at once', async () => {
    const ctx = await open();
    await createSeries(ctx, jan, { ...sundays, announceSeconds: 30 * DAY });
    const other = testContext(await databases.again(), { clock: ctx.clock, idPrefix: 'other' });
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, index) => announceOccurrences(index % 2 ? ctx : other)),
    );
    // 22 and 29 March, and 5 April.
    assert.equal(found.flat().length, 3);
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.maintenances)).length, 3);
    assert.equal((await q.select().from(t.announcements)).length, 3);
  });

  it('skips the one that was cancelled, what began while nobody looked, and everything after its end', async () => {
    const ctx = await open();
    const made = await createSeries(ctx, jan, sundays);
    ctx.clock.set(at('2026-03-17T12:00:00Z'));
    const [first] = await announceOccurrences(ctx);
    assert.ok(first !== undefined);
    await cancelMaintenance(ctx, jan, { maintenanceId: first, text });
    assert.deepEqual(await announceOccurrences(ctx), []);
    assert.equal((await readSeries(ctx, made.id)).next[0]?.maintenance?.status, 'cancelled');
    ctx.clock.set(at('2026-03-29T01:00:00Z'));
    assert.deepEqual(await announceOccurrences(ctx), []);
    ctx.clock.set(at('2026-03-31T12:00:00Z'));
    assert.equal((await announceOccurrences(ctx)).length, 1);
    const ended = await endSeries(ctx, jan, { seriesId: made.id });
    assert.deepEqual([ended.next, ended.endedAt], [[], ctx.clock.now()]);
    ctx.clock.set(at('2026-04-10T12:00:00Z'));
    assert.deepEqual(await announceOccurrences(ctx), []);
    await assert.rejects(endSeries(ctx, jan, { seriesId: made.id }), refusal('conflict'));
    assert.equal((await listSeries(ctx)).length, 1);
  });

  it('names every fault, and shows when it would be before there is one', async () => {
    const ctx = await open();
    const paths = async (part: object): Promise<string[]> => {
      try {
        await createSeries(ctx, jan, { ...sundays, ...part });
        return [];
      } catch (error) {
        return error instanceof DomainError ? error.faults.map(({ path }) => path) : ['?'];
      }
    };
    assert.deepEqual(
      await paths({ rrule: 'FREQ=HOURLY', localStart: 'Sunday', durationSeconds: 1 }),
      ['rrule', 'localStart', 'durationSeconds'],
    );
    assert.deepEqual(await paths({ rrule: 'FREQ=DAILY;UNTIL=20200101' }), ['rrule']);
    assert.deepEqual(
      previewSeries(ctx, { ...what(sundays), rrule: 'FREQ=MONTHLY;BYDAY=1SU' }, 2).map(({ from }) =>
        iso(from),
      ),
      ['2026-04-05T00:00:00.000Z', '2026-05-03T00:00:00.000Z'],
    );
  });
});

function what({ rrule, localStart, durationSeconds }: typeof sundays) {
  return { rrule, localStart, durationSeconds };
}

eachDatabase('an emergency in the place of planned maintenance', (databases) => {
  const planned = { componentIds: ['fysioone'], text };
  const window = { from: at('2026-11-25T21:00:00Z'), to: at('2026-11-25T23:00:00Z') };
  const declared = { reason: 'A disk is failing.', text };

  it('begins now, and what had not begun is called off with one message to subscribers', async () => {
    const ctx = testContext(await databases.open());
    const now = ctx.clock.now();
    await ctx.db.transact(({ q, t }) =>
      q.insert(t.subscribers).values({
        id: 's',
        channel: 'email',
        address: 's@example.test',
        addressKey: 's@example.test',
        language: 'nl',
        state: 'confirmed',
        challengeTries: 0,
        createdAt: now,
        version: 1,
      }),
    );
    const { maintenance } = await announceMaintenance(ctx, jan, { ...planned, ...window });
    await ctx.clock.advance(3_600_000);
    const to = ctx.clock.now() + 7_200_000;
    const result = await declareEmergency(ctx, jan, {
      maintenanceId: maintenance.id,
      to,
      ...declared,
    });
    assert.deepEqual(
      [result.maintenance.kind, result.maintenance.from, result.maintenance.to],
      ['emergency', ctx.clock.now(), to],
    );
    assert.equal((await readMaintenance(ctx, maintenance.id))?.status, 'cancelled');
    const { q, t } = ctx.db.read;
    const told = await q.select().from(t.notifications);
    assert.deepEqual(
      told.map(({ subjectId }) => subjectId).sort(),
      [maintenance.id, result.maintenance.id].sort(),
    );
    const actions = (await q.select().from(t.auditLog).orderBy(t.auditLog.seq)).map(
      (a) => a.action,
    );
    assert.deepEqual(actions, ['maintenance.announce', 'maintenance.emergency']);
  });

  it('makes nothing good: work that had begun ends here and keeps what it was', async () => {
    const ctx = testContext(await databases.open());
    const { maintenance } = await announceMaintenance(ctx, jan, { ...planned, ...window });
    ctx.clock.set(window.from + 1000);
    await startWork(ctx, jan, { maintenanceId: maintenance.id });
    await ctx.clock.advance(1_800_000);
    const input = { maintenanceId: maintenance.id, to: window.to, ...declared };
    const { maintenance: emergency } = await declareEmergency(ctx, jan, input);
    const before = await readMaintenance(ctx, maintenance.id);
    assert.deepEqual(
      [before?.status, before?.kind, before?.announcements.length],
      ['completed', 'planned', 1],
    );
    await assert.rejects(declareEmergency(ctx, jan, input), refusal('conflict'));
    const again = { ...input, maintenanceId: emergency.id };
    await assert.rejects(declareEmergency(ctx, jan, again), refusal('conflict'));
    await assert.rejects(
      declareEmergency(ctx, jan, { ...input, reason: ' ' }),
      refusal('invalid-input'),
    );
  });
});
