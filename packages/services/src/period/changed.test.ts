import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { reportTicket } from '../ticket/report-ticket.ts';
import { closePeriod } from './close-period.ts';
import { listPeriods } from './list-periods.ts';
import { readPeriod } from './read-period.ts';

const at = (text: string): number => Date.parse(text);
const mia = { name: 'Mia de Wit', via: 'console' as const };
const MONTHS = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];

eachDatabase('the list of closed periods', (databases) => {
  const config = testConfig({
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [
          {
            id: 'shop',
            name: 'Shop',
            agreements: [{ agreement: 'spotonmedics', component: 'ketenone' }],
            monitors: [{ id: 'shop-web', kind: 'http', url: 'http://shop.example.test/' }],
          },
        ],
      },
    ],
  });

  /** Months with outages, one across midnight of a month's end, work and reports, all of them closed. */
  const closed = async () => {
    const clock = controlledClock(at('2026-06-02T09:00:00Z'));
    const ctx = testContext(await databases.open(), { config, clock });
    const record = recorder(ctx.db);
    await record.measured('shop', at('2026-05-10T00:00:00Z'));
    const outage = (from: string, to: string) =>
      record.outage({
        ...{ component: 'shop', from: at(from), to: at(to), severity: { spotonmedics: 'a' } },
      });
    for (const month of MONTHS) {
      await clock.advance(at(`${month}-03T09:00:00Z`) - clock.now());
      await announceMaintenance(ctx, mia, {
        ...{ componentIds: ['shop'], text: { nl: 'Werk.', en: 'Work.' } },
        from: at(`${month}-20T20:00:00Z`),
        to: at(`${month}-20T21:00:00Z`),
      });
      await reportTicket(ctx, mia, {
        ...{ componentId: 'shop', type: 'incident', severity: 'b', title: 'Slow', text: 'Slow.' },
        ...{ reporter: 'Jan', language: 'nl' },
      });
      await outage(`${month}-09T10:00:00Z`, `${month}-09T11:00:00Z`);
    }
    await outage('2026-07-31T21:30:00Z', '2026-07-31T22:30:00Z');
    await clock.advance(at('2026-11-21T09:00:30Z') - clock.now());
    await record.beat(clock.now());
    return { ctx, outage };
  };
  const close = async (ctx: TestContext, months: readonly string[]): Promise<void> => {
    for (const period of months) await closePeriod(ctx, mia, { componentId: 'shop', period });
  };

  it('says of each what the period says of itself', async () => {
    const { ctx, outage } = await closed();
    await close(ctx, MONTHS);
    await outage('2026-08-31T21:30:00Z', '2026-08-31T22:30:00Z');
    const said: Record<string, boolean | null> = {};
    for (const { current, changedSince } of (await listPeriods(ctx)).closed) {
      const own = await readPeriod(ctx, { componentId: 'shop', period: current.period });
      assert.equal(changedSince, own.changedSince, current.period);
      said[current.period] = changedSince;
    }
    assert.deepEqual(said, {
      '2026-10': false,
      '2026-09': true,
      '2026-08': true,
      '2026-07': false,
      '2026-06': false,
    });
  });

  it('reads what is recorded once, and of each period its document alone', async (t) => {
    const { ctx } = await closed();
    const select = t.mock.method(ctx.db.read.q, 'select');
    const asked = async (): Promise<number> => {
      const before = select.mock.callCount();
      await listPeriods(ctx);
      return select.mock.callCount() - before;
    };
    await close(ctx, MONTHS.slice(0, 1));
    const one = await asked();
    await close(ctx, MONTHS.slice(1));
    assert.equal(await asked(), one + MONTHS.length - 1);
  });
});
