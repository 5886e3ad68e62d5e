import { statement } from '@upheld/domain/sla/statement.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeCause } from '../incident/change-incident.ts';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { findWorksheet } from './find-worksheet.ts';
import { readPage } from './page.ts';
import { publicAgreement } from './public-agreement.ts';
import { readFacts } from './read-statement.ts';
import { readWorksheet } from './read-worksheet.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:30Z');
const component = (id: string, agreements?: { agreement: string; component?: string }[]) => ({
  id,
  name: id,
  ...(agreements ? { agreements } : {}),
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: 'http://one.example.test/' }],
});

const config = testConfig({
  pages: [{ id: 'main', title: 'Main', groups: ['open'] }],
  groups: [
    {
      id: 'open',
      name: 'Open',
      components: [
        component('shop'),
        component('capped', [{ agreement: 'fundament-it' }]),
        component('both', [
          { agreement: 'spotonmedics', component: 'ketenone' },
          { agreement: 'infravision-cloud' },
        ]),
      ],
    },
    { id: 'inner', name: 'Inner', components: [component('payroll', [{ agreement: 'flexkids' }])] },
  ],
});

eachDatabase('the worksheet of a component', (databases) => {
  const open = async (): Promise<{ ctx: TestContext; record: Recorder }> => {
    const ctx = testContext(await databases.open(), { config, clock: controlledClock(NOW) });
    const record = recorder(ctx.db);
    for (const id of ['shop', 'capped', 'both', 'payroll'])
      await record.measured(id, at('2026-02-01T00:00:00Z'));
    await record.beat(NOW);
    return { ctx, record };
  };
  const shop = { componentId: 'shop' };
  const found = async (
    ctx: TestContext,
    wish: Partial<Parameters<typeof findWorksheet>[1]> = {},
  ) => {
    const answer = await findWorksheet(ctx, { ...shop, agreement: null, period: null, ...wish });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.view;
  };

  it('names the check that found an outage and the one that found it over', async () => {
    const { ctx, record } = await open();
    const [from, to] = [at('2026-11-10T10:00:00.250Z'), at('2026-11-10T11:30:00Z')];
    const { incidentId } = await record.outage({ component: 'shop', from, to });
    await ctx.db.transact(async ({ q, t }) => {
      const one = { monitorId: 'shop-web', componentId: 'shop' };
      await q.insert(t.transitions).values([
        {
          id: 't1',
          ...one,
          fromState: 'up',
          toState: 'down',
          at: from,
          noticedAt: from + 20_000,
          cause: 'status',
          evidence: { status: 503, address: '10.1.2.3', message: 'on db-7', bodyStart: 'secret' },
        },
        {
          id: 't2',
          ...one,
          fromState: 'down',
          toState: 'up',
          at: to,
          noticedAt: to + 10_000,
          evidence: { status: 200, latencyMs: 81 },
        },
      ]);
    });
    const view = await readWorksheet(ctx, shop);
    const [outage] = view.outages;
    assert.deepEqual(outage, {
      id: outage?.id,
      from: '2026-11-10T10:00:00Z',
      to: '2026-11-10T11:30:00Z',
      cause: 'internal',
      incident: { id: incidentId, title: { nl: 'Storing shop', en: 'Outage of shop' } },
      detected: true,
      found: {
        at: '2026-11-10T10:00:00Z',
        noticedAt: '2026-11-10T10:00:20Z',
        cause: 'status',
        status: 503,
        latencyMs: null,
      },
      mended: {
        at: '2026-11-10T11:30:00Z',
        noticedAt: '2026-11-10T11:30:10Z',
        cause: null,
        status: 200,
        latencyMs: 81,
      },
    });
    assert.doesNotMatch(JSON.stringify(view), /10\.1\.2\.3|db-7|secret/);
    const down = view.parts[0]?.rows.filter(({ bucket }) => bucket === 'down');
    assert.deepEqual(down, [
      {
        bucket: 'down',
        from: '2026-11-10T10:00:00Z',
        to: '2026-11-10T11:30:00Z',
        seconds: 5400,
        stretch: { from: '2026-11-10T10:00:00Z', to: '2026-11-10T11:30:00Z' },
        reasons: [
          {
            kind: 'outage',
            id: outage.id,
            level: 'outage',
            cause: 'internal',
            clause: '1',
            rule: {
              nl: 'Telt als storing: niet beschikbaar.',
              en: 'Counts as down: not available.',
            },
          },
        ],
      },
    ]);
  });

  it('finds the evidence of each half of an outage whose cause changed', async () => {
    const { ctx, record } = await open();
    const { incidentId } = await record.outage({
      component: 'shop',
      from: at('2026-11-10T10:00:00Z'),
      to: at('2026-11-10T12:00:00Z'),
    });
    await changeCause(
      ctx,
      { name: 'jan' },
      {
        incidentId,
        cause: 'force-majeure',
        effectiveFrom: at('2026-11-10T11:00:00Z'),
        reason: 'The dike broke.',
        evidence: 'The newspaper of that day.',
      },
    );
    const { outages, parts } = await readWorksheet(ctx, shop);
    assert.deepEqual(
      outages.map(({ cause, incident }) => [cause, incident.id]),
      [
        ['internal', incidentId],
        ['force-majeure', incidentId],
      ],
    );
    assert.deepEqual(
      parts[0]?.rows.filter((row) => row.bucket !== 'unmeasured').map((row) => row.bucket),
      ['down', 'excluded'],
    );
  });

  it('says why nobody measured', async () => {
    const { ctx, record } = await open();
    await record.gap({
      component: 'shop',
      from: at('2026-06-01T00:00:00Z'),
      to: at('2026-06-01T01:00:00Z'),
    });
    const { parts, measuredSince } = await found(ctx);
    assert.equal(measuredSince, '2026-02-01T00:00:00Z');
    assert.deepEqual(
      parts[0]?.rows.map(({ bucket, from, reasons }) => [bucket, from, reasons[0]?.gaps]),
      [
        ['unmeasured', '2025-11-21T09:00:00Z', ['not-yet']],
        ['unmeasured', '2026-06-01T00:00:00Z', ['not-running']],
      ],
    );
    const silent = testContext(ctx.db, { config, clock: controlledClock(NOW + 3_600_000) });
    const last = (await found(silent)).parts[0]?.rows.at(-1);
    assert.deepEqual([last?.bucket, last?.reasons[0]?.gaps], ['unmeasured', ['silent']]);
  });

  it('shows every maintenance with its announcements and its verdict', async () => {
    const { ctx } = await open();
    const work = {
      componentIds: ['shop'],
      kind: 'planned' as const,
      from: at('2026-11-22T20:00:00Z'),
      to: at('2026-11-22T22:00:00Z'),
      text: { nl: 'Werk', en: 'Work' },
    };
    await announceMaintenance(ctx, { name: 'jan' }, work);
    const later = testContext(ctx.db, {
      config,
      clock: controlledClock(at('2026-11-23T09:00:00Z')),
    });
    const view = await found(later, { period: '2026-11' });
    const [late] = view.maintenances;
    assert.equal(late?.verdict, 'late-notice');
    assert.deepEqual(late.verdictWords, { nl: 'te laat aangekondigd', en: 'announced too late' });
    assert.equal(late.clause, '4');
    assert.equal(late.lastValidAnnouncement, '2026-11-20T20:00:00Z');
    assert.equal(late.announcements[0]?.at, '2026-11-21T09:00:30Z');
    assert.match(late.title.en, /\S/);
  });

  it('leaves out the maintenance of another month, and marks what a cap counts', async () => {
    const { ctx } = await open();
    for (const day of ['10-28', '11-03', '11-20'])
      await announceMaintenance(
        testContext(ctx.db, {
          config,
          clock: controlledClock(at('2026-10-01T09:00:00Z')),
          idPrefix: day,
        }),
        { name: 'jan' },
        {
          componentIds: ['capped'],
          kind: 'planned' as const,
          from: at(`2026-${day}T20:00:00Z`),
          to: at(`2026-${day}T22:00:00Z`),
          text: { nl: 'Werk', en: 'Work' },
        },
      );
    const judged = async (period: string) =>
      (await found(ctx, { componentId: 'capped', period })).maintenances.map((one) => [
        one.announcements[0]?.from.slice(5, 10),
        one.outsidePeriod,
      ]);
    assert.deepEqual(await judged('2026-11'), [
      ['11-03', false],
      ['11-20', false],
    ]);
    assert.deepEqual(await judged('2026-11-15/2026-11-20'), [
      ['11-03', true],
      ['11-20', false],
    ]);
    assert.deepEqual(await judged('2026-11-12/2026-11-13'), []);
  });

  it('is the sum behind the figure on the page, to the last digit', async () => {
    const { ctx, record } = await open();
    for (const day of [3, 8, 15])
      await record.outage({
        component: 'both',
        from: at(`2026-10-${String(day).padStart(2, '0')}T07:13:21Z`),
        to: at(`2026-10-${String(day).padStart(2, '0')}T09:01:02Z`),
      });
    const page = await readPage(ctx);
    const shown = page?.groups.flatMap((g) => g.components).find(({ id }) => id === 'both');
    const view = await found(ctx, { componentId: 'both' });
    assert.deepEqual(
      view.statement.availability.map(({ part, percent, verdict, budgetSeconds }) => ({
        part,
        percent,
        verdict,
        budgetSeconds,
      })),
      shown?.availability.map(({ part, percent, verdict, budgetSeconds }) => ({
        part,
        percent,
        verdict,
        budgetSeconds,
      })),
    );
    const facts = await readFacts(ctx, {
      componentId: 'both',
      period: { kind: 'rolling-12-months', endingAt: '2026-11-21T09:00:00Z' },
      asOf: at('2026-11-21T09:00:00Z'),
    });
    assert.deepEqual(view.statement, statement(facts, ctx.agreements().get('spotonmedics')));
  });

  it('has the parts of time of whichever agreement is asked for', async () => {
    const { ctx } = await open();
    const view = await found(ctx, { componentId: 'both', agreement: 'infravision-cloud' });
    assert.deepEqual(
      view.parts.map(({ part }) => part),
      ['office', 'outside-office'],
    );
    assert.deepEqual(
      view.agreements.map(({ id }) => id),
      ['spotonmedics', 'infravision-cloud'],
    );
    assert.match(view.parts[0]?.budget?.nl ?? '', /^nog \d+\su \d+\smin van|^nog \d+/);
  });

  it('takes local days of the agreement, both included', async () => {
    const { ctx } = await open();
    const view = await found(ctx, { period: '2026-10-25/2026-10-25' });
    // The clock was set back on that day.
    assert.equal(view.statement.availability[0]?.seconds.total, 25 * 3600);
    assert.equal(view.statement.asOf, view.statement.period.to);
  });

  it('of what no page shows, of no agreement of it, or of no period, is none', async () => {
    const { ctx } = await open();
    const asked = (wish: Partial<Parameters<typeof findWorksheet>[1]>) =>
      findWorksheet(ctx, { ...shop, agreement: null, period: null, ...wish });
    const unknown = { ok: false, reason: 'unknown' };
    assert.deepEqual(await asked({ componentId: 'payroll' }), unknown);
    assert.deepEqual(await asked({ componentId: 'nobody' }), unknown);
    assert.deepEqual(await asked({ agreement: 'flexkids' }), unknown);
    for (const period of [
      'yesterday',
      '2027',
      '0000',
      '2026-02-30/2026-03-01',
      '2026-03-02/2026-03-01',
      '0001-01-01/2026-01-01',
    ])
      assert.deepEqual(await asked({ period }), { ok: false, reason: 'period' }, period);
  });

  it('comes with the file of the agreement, where some page shows a component under it', async () => {
    const { ctx } = await open();
    assert.match(publicAgreement(ctx, 'infravision-cloud') ?? '', /^id: infravision-cloud$/m);
    assert.equal(publicAgreement(ctx, 'flexkids'), null);
    assert.equal(publicAgreement(ctx, '../package'), null);
  });
});
