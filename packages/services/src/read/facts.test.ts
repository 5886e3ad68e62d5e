import { DomainError } from '@upheld/domain/errors.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSeverity } from '../incident/change-incident.ts';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { readFacts, readStatement, type FactsQuery } from './read-statement.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:00Z');
const LONG_AGO = at('2024-01-01T00:00:00Z');
const engineer = { name: 'jan' };
const monitor = (id: string) => ({ id, kind: 'http' as const, url: 'http://one.example.test/' });

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'one',
          name: 'One',
          agreements: [
            { agreement: 'spotonmedics', component: 'ketenone' },
            { agreement: 'infravision-cloud' },
          ],
          monitors: [monitor('one-web'), monitor('one-api')],
        },
        { id: 'two', name: 'Two', monitors: [monitor('two-web')] },
        { id: 'bare', name: 'Bare', agreements: [] },
        {
          id: 'yearly',
          name: 'Yearly',
          agreements: [{ agreement: 'fundament-it', contractStart: '2024-03-01' }],
        },
      ],
    },
  ],
});

eachDatabase('the facts of a component', (databases) => {
  const open = async (now = NOW): Promise<{ ctx: TestContext; record: Recorder }> => {
    const ctx = testContext(await databases.open(), { config, clock: controlledClock(now) });
    const record = recorder(ctx.db);
    await record.beat(now);
    return { ctx, record };
  };
  const november: Pick<FactsQuery, 'period'> = {
    period: { kind: 'calendar-month', month: '2026-11' },
  };
  const two = { componentId: 'two', ...november };

  it('say that nobody measured what nobody measured', async () => {
    const { ctx } = await open();
    const { facts, statement: made } = await readStatement(ctx, two);
    assert.deepEqual(facts, {
      agreement: 'standard',
      component: 'two',
      period: november.period,
      asOf: '2026-11-21T09:00:00Z',
      outages: [],
      maintenances: [],
      unmeasured: [{ from: '2026-10-31T23:00:00Z', to: '2026-11-21T09:00:00Z' }],
    });
    assert.deepEqual(
      made.availability.map(({ percent, verdict }) => [percent, verdict]),
      [[null, 'no-data']],
    );
  });

  it('name the component as the agreement does', async () => {
    const { ctx } = await open();
    const named = async (agreement: string) =>
      (await readFacts(ctx, { componentId: 'one', agreement })).component;
    assert.equal(await named('spotonmedics'), 'ketenone');
    assert.equal(await named('infravision-cloud'), 'iv-cloud');
  });

  it('hold an outage with the level that the detector gave it, to the touched second', async () => {
    const { ctx, record } = await open();
    await record.measured('two', LONG_AGO);
    const { incidentId } = await record.outage({
      component: 'two',
      from: at('2026-11-10T10:00:00.900Z'),
      to: at('2026-11-10T10:00:02.100Z'),
      severity: { standard: 'degraded' },
      state: 'degraded',
    });
    const { facts, statement: made } = await readStatement(ctx, two);
    assert.deepEqual(
      facts.outages?.map((outage) => ({ ...outage, id: '' })),
      [
        {
          id: '',
          from: '2026-11-10T10:00:00Z',
          to: '2026-11-10T10:00:03Z',
          severity: 'degraded',
          incident: incidentId,
        },
      ],
    );
    assert.equal(made.availability[0]?.seconds.degraded, 3);
  });

  it('leave open what still goes on, and count it to the moment of the statement', async () => {
    const { ctx, record } = await open();
    await record.measured('two', LONG_AGO);
    await record.outage({ component: 'two', from: NOW - 60_000 });
    const { facts, statement: made } = await readStatement(ctx, two);
    assert.equal(facts.outages?.[0]?.to, undefined);
    assert.equal(made.availability[0]?.seconds.down, 60);
  });

  it('have a component with two monitors down while one of them is, each second once', async () => {
    const { ctx, record } = await open();
    await record.measured('one', LONG_AGO, { monitor: 'one-web' });
    await record.measured('one', LONG_AGO, { monitor: 'one-api' });
    const down = (monitorId: string, from: string, to: string) =>
      record.outage({
        component: 'one',
        monitor: monitorId,
        from: at(`2026-11-10T${from}Z`),
        to: at(`2026-11-10T${to}Z`),
        severity: { spotonmedics: 'a' },
      });
    await down('one-web', '10:00:00', '11:00:00');
    await down('one-api', '10:30:00', '11:30:00');
    const { facts, statement: made } = await readStatement(ctx, {
      componentId: 'one',
      ...november,
    });
    assert.equal(facts.outages?.length, 2);
    assert.equal(made.availability[0]?.seconds.down, 5400);
  });

  it('do not let the end of a worse outage change the one beside it', async () => {
    const { ctx, record } = await open();
    await record.measured('one', LONG_AGO);
    const common = { component: 'one', severity: { spotonmedics: 'b' } };
    const { incidentId } = await record.outage({
      ...common,
      state: 'degraded',
      from: at('2026-11-10T10:00:00Z'),
      to: at('2026-11-10T12:00:00Z'),
    });
    // The same incident got worse in between: the detector said so of another outage.
    await ctx.db.transact(async ({ q, t }) => {
      const from = at('2026-11-10T10:30:00Z');
      const shared = { incidentId, componentId: 'one' };
      await q.insert(t.outages).values({
        ...shared,
        id: 'outage-worse',
        monitorId: 'one-api',
        state: 'down',
        startedAt: from,
        endedAt: at('2026-11-10T11:00:00Z'),
        noticedAt: from,
      });
      await q.insert(t.incidentChanges).values({
        ...shared,
        id: 'change-worse',
        agreement: 'spotonmedics',
        severity: 'a',
        effectiveFrom: from,
        reason: 'found by a monitor',
        recordedAt: from,
        recordedBy: 'detector',
      });
    });
    const { facts } = await readStatement(ctx, { componentId: 'one', ...november });
    assert.deepEqual(
      facts.outages?.map(({ severity }) => severity),
      ['b', 'a'],
    );
    await changeSeverity(ctx, engineer, {
      incidentId,
      agreement: 'spotonmedics',
      severity: 'c',
      effectiveFrom: at('2026-11-10T10:45:00Z'),
      reason: 'a second look',
    });
    const later = await readFacts(ctx, { componentId: 'one', ...november });
    assert.deepEqual(
      later.outages?.map(({ severity }) => severity),
      [
        [
          { from: '2026-11-10T10:00:00Z', level: 'b' },
          { from: '2026-11-10T10:45:00Z', level: 'c' },
        ],
        [
          { from: '2026-11-10T10:30:00Z', level: 'a' },
          { from: '2026-11-10T10:45:00Z', level: 'c' },
        ],
      ],
    );
  });

  it('have a component unmeasured only while all of its monitors are', async () => {
    const { ctx, record } = await open();
    await record.measured('one', LONG_AGO, { monitor: 'one-web' });
    await record.measured('one', at('2026-11-05T00:00:00Z'), { monitor: 'one-api' });
    const gap = (monitorId: string, from: string, to: string | null) =>
      record.gap({
        component: 'one',
        monitor: monitorId,
        from: at(`2026-11-${from}Z`),
        to: to === null ? null : at(`2026-11-${to}Z`),
      });
    await gap('one-web', '03T00:00:00', '04T00:00:00');
    await gap('one-web', '10T00:00:00', '12T00:00:00.001');
    await gap('one-api', '11T00:00:00.999', '13T00:00:00');
    await gap('one-web', '20T00:00:00', null);
    const unmeasured = async () =>
      (await readFacts(ctx, { componentId: 'one', ...november })).unmeasured;
    assert.deepEqual(await unmeasured(), [
      // The other monitor was not there yet.
      { from: '2026-11-03T00:00:00Z', to: '2026-11-04T00:00:00Z' },
      { from: '2026-11-11T00:00:00Z', to: '2026-11-12T00:00:01Z' },
    ]);
    await gap('one-api', '21T00:00:00', null);
    assert.deepEqual((await unmeasured())?.at(-1), {
      from: '2026-11-21T00:00:00Z',
      to: '2026-11-21T09:00:00Z',
    });
  });

  it('begin to be measured at the first conclusive check', async () => {
    const { ctx, record } = await open();
    await record.measured('two', at('2026-11-15T12:00:00.500Z'));
    const facts = await readFacts(ctx, two);
    assert.deepEqual(facts.unmeasured, [
      { from: '2026-10-31T23:00:00Z', to: '2026-11-15T12:00:01Z' },
    ]);
  });

  it('end to be measured with the last sign of life of the measuring process', async () => {
    const { ctx, record } = await open();
    await record.measured('two', LONG_AGO);
    await ctx.clock.advance(30_000);
    assert.deepEqual((await readFacts(ctx, two)).unmeasured, []);
    await ctx.clock.advance(1000);
    assert.deepEqual((await readFacts(ctx, two)).unmeasured, [
      { from: '2026-11-21T09:00:00Z', to: '2026-11-21T09:00:31Z' },
    ]);
  });

  it('count a monitor that left the configuration until its last word', async () => {
    const { ctx, record } = await open();
    await record.measured('two', LONG_AGO, { monitor: 'two-old' });
    await ctx.db.transact(async ({ q, t }) => {
      await q
        .update(t.monitors)
        .set({ state: 'unknown', lastResultAt: at('2026-11-10T00:00:00Z') });
    });
    await record.measured('two', at('2026-11-11T00:00:00Z'), { monitor: 'two-web' });
    assert.deepEqual((await readFacts(ctx, two)).unmeasured, [
      { from: '2026-11-10T00:00:00Z', to: '2026-11-11T00:00:00Z' },
    ]);
  });

  it('are those that were known at the moment asked for', async () => {
    const { ctx, record } = await open();
    await record.measured('two', LONG_AGO);
    await record.outage({ component: 'two', from: at('2026-11-10T10:00:00Z'), to: NOW });
    await announceMaintenance(ctx, engineer, {
      componentIds: ['two'],
      from: at('2026-11-12T00:00:00Z'),
      to: at('2026-11-12T01:00:00Z'),
      kind: 'emergency',
      reason: 'a leak',
      text: { nl: 'x', en: 'x' },
    });
    const then = await readFacts(ctx, { ...two, asOf: at('2026-11-10T12:00:00Z') });
    assert.equal(then.asOf, '2026-11-10T12:00:00Z');
    assert.deepEqual(then.maintenances, []);
    assert.equal(then.outages?.length, 1);
    await ctx.clock.advance(40 * 86_400_000);
    const closed = await readStatement(ctx, two);
    assert.equal(closed.facts.asOf, '2026-11-30T23:00:00Z');
    assert.deepEqual(
      closed.facts.maintenances?.map(({ kind, reason }) => [kind, reason]),
      [['emergency', 'a leak']],
    );
    await ctx.clock.advance(86_400_000);
    assert.deepEqual(
      await readStatement(ctx, two),
      closed,
      'a period that is over has one statement',
    );
  });

  it('give the same statement to whoever computes it again', async () => {
    const { ctx, record } = await open();
    await record.measured('one', at('2026-03-01T00:00:00Z'));
    await record.outage({ component: 'one', from: NOW - 7_200_000, to: NOW - 3_600_000 });
    const read = await readStatement(ctx, { componentId: 'one' });
    const facts = JSON.parse(JSON.stringify(read.facts)) as typeof read.facts;
    assert.equal(
      JSON.stringify(statement(facts, ctx.agreements().get(facts.agreement))),
      JSON.stringify(read.statement),
    );
  });

  it('are of the period that the agreement means unless another is asked for', async () => {
    const { ctx } = await open();
    const periodUnder = async (agreement: string) =>
      (await readFacts(ctx, { componentId: 'one', agreement })).period;
    assert.deepEqual(await periodUnder('infravision-cloud'), november.period);
    assert.deepEqual(await periodUnder('spotonmedics'), {
      kind: 'rolling-12-months',
      endingAt: '2026-11-21T09:00:00Z',
    });
    assert.deepEqual((await readFacts(ctx, { componentId: 'yearly' })).period, {
      kind: 'contract-year',
      start: '2024-03-01',
      nth: 3,
    });
  });

  it('tell of the month before as well, in which a window may have been one too many', async () => {
    const { ctx } = await open(at('2026-10-01T00:00:00Z'));
    // Fundament leaves out four windows a month; the fifth begins on the last evening of October.
    for (const day of ['08', '15', '22', '29', '31'])
      await announceMaintenance(ctx, engineer, {
        componentIds: ['yearly'],
        kind: 'planned',
        from: at(`2026-10-${day}T21:00:00Z`),
        to: at(`2026-10-${day}T21:00:00Z`) + 4 * 3_600_000,
        text: { nl: 'Werk', en: 'Work' },
      });
    ctx.clock.set(NOW);
    const { statement: made } = await readStatement(ctx, {
      componentId: 'yearly',
      ...november,
    });
    assert.equal(made.maintenances.at(-1)?.verdict, 'over-cap');
  });

  it('are refused in one line for what does not exist', async () => {
    const { ctx } = await open();
    const refused = (query: FactsQuery, line: RegExp) =>
      assert.rejects(
        readFacts(ctx, query),
        (error: unknown) => error instanceof DomainError && line.test(error.message),
      );
    await refused({ componentId: 'twoo' }, /did you mean "two"/);
    await refused({ componentId: 'two', agreement: 'flexkids' }, /write one of standard/);
    await refused({ componentId: 'bare' }, /bare has no agreement/);
    await refused({ componentId: 'two', asOf: NOW + 1000 }, /asOf is in the future/);
    await refused(
      { componentId: 'two', period: { kind: 'calendar-month', month: '2026-12' } },
      /has not begun/,
    );
    const from = '2026-11-02T00:00:00Z';
    await refused(
      { componentId: 'two', period: { kind: 'range', from, to: from } },
      /does not end/,
    );
  });
});
