import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { announceMaintenance } from './announce-maintenance.ts';
import { announceOccurrences } from './announce-occurrences.ts';
import { maintenanceCalendar, type CalendarDay } from './calendar.ts';
import { cancelMaintenance } from './change-maintenance.ts';
import { createSeries } from './series.ts';
import { skipOccurrence } from './skip-occurrence.ts';

const at = (text: string): number => Date.parse(text);
const jan = { name: 'jan' };
const text = { nl: 'Onderhoud.', en: 'Work.' };
const HOUR = 3_600_000;
const DAY = 86_400;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        { id: 'fysioone', name: 'FysioOne', agreements: [{ agreement: 'spotonmedics' }] },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
      ],
    },
  ],
});

eachDatabase('the calendar of a planner', (databases) => {
  const open = async (now: string): Promise<TestContext> =>
    testContext(await databases.open(), { clock: controlledClock(at(now)), config });
  const month = async (ctx: TestContext, wanted: string): Promise<CalendarDay[]> => {
    const asked = { componentIds: ['fysioone', 'flexkids'], span: { month: wanted } };
    return (await maintenanceCalendar(ctx, asked)).days;
  };
  const dayOf = (days: readonly CalendarDay[], date: string): CalendarDay => {
    const day = days.find((one) => one.date === date);
    assert.ok(day, date);
    return day;
  };

  it('gives whole weeks of a month, however it begins and ends', async () => {
    const ctx = await open('2026-11-19T14:20:00Z');
    const spans: [string, string, string, number][] = [
      ['2026-12', '2026-11-30', '2027-01-03', 35],
      ['2027-02', '2027-02-01', '2027-02-28', 28],
      ['2026-08', '2026-07-27', '2026-09-06', 42],
      ['2028-02', '2028-01-31', '2028-03-05', 35],
    ];
    for (const [wanted, first, last, count] of spans) {
      const days = await month(ctx, wanted);
      assert.deepEqual([days[0]?.date, days.at(-1)?.date, days.length], [first, last, count]);
    }
    for (const wrong of ['2026-13', '2026-1', '0000-01', '9999-12', '', '2026-12-01', '__proto__'])
      await assert.rejects(
        month(ctx, wrong),
        (error) => error instanceof DomainError && error.faults[0]?.path === 'month',
      );
  });

  it('marks the days of 23 and of 25 hours, and cuts every span to its day', async () => {
    const ctx = await open('2026-02-01T12:00:00Z');
    for (const [wanted, date, extra] of [
      ['2026-03', '2026-03-29', -3600],
      ['2026-10', '2026-10-25', 3600],
    ] as const) {
      const days = await month(ctx, wanted);
      const changed = days.filter(({ extraSeconds }) => extraSeconds !== 0);
      assert.deepEqual(
        changed.map((day) => [day.date, day.extraSeconds]),
        [[date, extra]],
      );
      for (const day of days)
        for (const span of [...day.service, ...day.preferred])
          assert.ok(span.from >= day.from && span.to <= day.to, day.date);
    }
  });

  it('names the holidays on which an agreement is closed, and which agreements are', async () => {
    const ctx = await open('2026-11-19T14:20:00Z');
    const days = await month(ctx, '2026-12');
    const closed = days.filter((day) => day.closed !== null);
    assert.deepEqual(
      closed.map(({ date, closed: own }) => [date, own?.name?.en]),
      [
        ['2026-12-25', 'Christmas Day'],
        ['2026-12-26', 'Boxing Day'],
        ['2027-01-01', 'New Year’s Day'],
      ],
    );
    assert.ok((closed[0]?.closed?.agreements.length ?? 0) > 0);
    assert.deepEqual(dayOf(days, '2026-12-25').service, []);
  });

  it('shows what is announced, what comes back, and what was skipped with its reason', async () => {
    const ctx = await open('2026-11-19T14:20:00Z');
    const from = at('2026-12-09T22:00:00Z');
    const over = { from, to: from + 3 * HOUR };
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      ...over,
      text,
    });
    const { maintenance: off } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      ...over,
      text,
    });
    await cancelMaintenance(ctx, jan, { maintenanceId: off.id, text });
    const series = await createSeries(ctx, jan, {
      componentIds: ['flexkids'],
      text,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      localStart: '2026-11-22T02:00',
      durationSeconds: 7200,
      announceSeconds: 5 * DAY,
    });
    const reason = 'Everyone is away.';
    const occurrenceAt = at('2026-12-20T01:00:00Z');
    await skipOccurrence(ctx, jan, { seriesId: series.id, occurrenceAt, reason });
    const [announced] = await announceOccurrences(ctx);
    const shown = async (date: string) =>
      dayOf(await month(ctx, date.slice(0, 7)), date).windows.map((one) => [
        one.id,
        one.state,
        one.reason,
        (one.to - one.from) / HOUR,
      ]);
    // Over midnight: one hour on the first day and two on the next.
    assert.deepEqual(await shown('2026-12-09'), [[maintenance.id, 'announced', null, 1]]);
    assert.deepEqual(await shown('2026-12-10'), [[maintenance.id, 'announced', null, 2]]);
    assert.deepEqual(await shown('2026-11-22'), [[announced, 'announced', null, 2]]);
    assert.deepEqual(await shown('2026-12-13'), [[series.id, 'coming', null, 2]]);
    assert.deepEqual(await shown('2026-12-20'), [[series.id, 'skipped', reason, 2]]);
  });
});
