import { DomainError } from '@upheld/domain/errors.ts';
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
import { readIncident } from '../read/lists.ts';
import { readPage } from '../read/page.ts';
import { readFacts, readStatement } from '../read/read-statement.ts';
import { readWorksheet } from '../read/read-worksheet.ts';
import { readRevision } from '../revision.ts';
import { correctOutage, withdrawCorrection, type CorrectOutage } from './correct-outage.ts';
import { listCorrections } from './list-corrections.ts';
import { outageEffects } from './outage-effects.ts';
import { previewCorrection, previewWithdrawal } from './preview-correction.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:30Z');
const LONG_AGO = at('2024-01-01T00:00:00Z');
const manager = { name: 'Mia de Wit', via: 'console' as const };
const why = { reason: 'our probe was cut off', evidence: 'https://tickets.example.test/7' };
const component = (id: string, agreements: { agreement: string; component?: string }[]) => ({
  id,
  name: id,
  agreements,
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: 'http://one.example.test/' }],
});

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        component('shop', [
          { agreement: 'spotonmedics', component: 'ketenone' },
          { agreement: 'infravision-cloud' },
        ]),
        component('other', [{ agreement: 'spotonmedics', component: 'fysioone' }]),
        component('flex', [{ agreement: 'flexkids', component: 'online' }]),
      ],
    },
  ],
});
const LEVELS: Readonly<Record<string, Record<string, string>>> = {
  shop: { spotonmedics: 'a', 'infravision-cloud': 'top' },
  other: { spotonmedics: 'a' },
  flex: { flexkids: '1' },
};

eachDatabase('a correction of an outage', (databases) => {
  const open = async (): Promise<{ ctx: TestContext; record: Recorder }> => {
    const ctx = testContext(await databases.open(), { config, clock: controlledClock(NOW) });
    const record = recorder(ctx.db);
    for (const id of Object.keys(LEVELS)) await record.measured(id, LONG_AGO);
    await record.beat(NOW);
    return { ctx, record };
  };
  const outage = async (
    ctx: TestContext,
    record: Recorder,
    from: string,
    to: string | null,
    of = 'shop',
  ): Promise<{ id: string; incidentId: string }> => {
    const { incidentId } = await record.outage({
      component: of,
      from: at(from),
      to: to === null ? null : at(to),
      severity: LEVELS[of] ?? {},
    });
    const { q, t } = ctx.db.read;
    const found = (await q.select().from(t.outages)).find((row) => row.incidentId === incidentId);
    assert.ok(found);
    return { id: found.id, incidentId };
  };
  const inNovember = { period: { kind: 'calendar-month', month: '2026-11' } } as const;
  const seconds = async (
    ctx: TestContext,
    query: { componentId?: string; agreement?: string; as?: 'recorded' | 'corrected' } = {},
  ) => {
    const made = await readStatement(ctx, { componentId: 'shop', ...inNovember, ...query });
    const { down, excluded, maintenance, degraded } = made.statement.availability[0]!.seconds;
    return { down, excluded, maintenance, degraded };
  };
  const NONE = { down: 0, excluded: 0, maintenance: 0, degraded: 0 };
  const hour = ['2026-11-10T10:00:00Z', '2026-11-10T11:00:00Z'] as const;
  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => assert.fail('nothing was refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DomainError, String(error));
    const [fault] = error.faults;
    return [error.code, fault?.path, fault?.message ?? error.message].filter(Boolean).join(': ');
  };

  it('takes a false alarm out of the figures and leaves it in what was recorded', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const before = await readStatement(ctx, { componentId: 'shop', ...inNovember });
    const revision = await readRevision(ctx.db.read);
    const view = await correctOutage(ctx, manager, { outageId: id, kind: 'false-alarm', ...why });
    assert.deepEqual(
      [view.kind, view.standing, view.recordedBy, view.outage.version],
      ['false-alarm', 'holds', 'Mia de Wit', 2],
    );
    assert.deepEqual(await seconds(ctx), NONE);
    const recorded = await readStatement(ctx, {
      componentId: 'shop',
      ...inNovember,
      as: 'recorded',
    });
    assert.deepEqual(recorded, before);
    assert.ok((await readRevision(ctx.db.read)) > revision);
  });

  it('lets each agreement decide what another cause means, for the whole of the outage', async () => {
    const { ctx, record } = await open();
    const { id, incidentId } = await outage(ctx, record, ...hour);
    await changeCause(
      ctx,
      { name: 'jan' },
      {
        incidentId,
        cause: 'datacentre',
        effectiveFrom: at('2026-11-10T10:30:00Z'),
        reason: 'they called',
        evidence: 'a call at half past ten',
      },
    );
    await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'cause',
      cause: 'force-majeure',
      ...why,
    });
    // SpotOnMedics excludes force majeure, Infravision's cloud agreement does not.
    assert.deepEqual(await seconds(ctx), { ...NONE, excluded: 3600 });
    assert.deepEqual(await seconds(ctx, { agreement: 'infravision-cloud' }), {
      ...NONE,
      down: 3600,
    });
    assert.deepEqual(
      (await readFacts(ctx, { componentId: 'shop', ...inNovember })).outages?.map(
        ({ cause, from, to }) => [cause, from, to],
      ),
      [['force-majeure', hour[0], hour[1]].map((text) => text.replace('.000', ''))],
    );
    assert.deepEqual(await seconds(ctx, { as: 'recorded' }), { ...NONE, down: 3600 });
  });

  it('gives another severity under one agreement and no other', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'severity',
      severity: 'b',
      ...why,
    });
    assert.deepEqual(await seconds(ctx), { ...NONE, degraded: 3600 });
    assert.deepEqual(await seconds(ctx, { agreement: 'infravision-cloud' }), {
      ...NONE,
      down: 3600,
    });
  });

  it('makes an outage part of the work of a maintenance, which the agreement judges', async () => {
    const { ctx, record } = await open();
    ctx.clock.set(at('2026-11-05T09:00:00Z'));
    const { maintenance } = await announceMaintenance(ctx, manager, {
      title: { nl: 'Werk', en: 'Work' },
      text: { nl: 'Werk', en: 'Work' },
      kind: 'planned',
      componentIds: ['shop'],
      from: at('2026-11-10T09:00:00Z'),
      to: at('2026-11-10T10:30:00Z'),
    });
    // The engineers said that they were ready half an hour before things fell over.
    await ctx.db.transact(async ({ q, t }) => {
      await q.update(t.maintenances).set({
        workStartedAt: at('2026-11-10T09:00:00Z'),
        workEndedAt: at('2026-11-10T09:30:00Z'),
      });
    });
    ctx.clock.set(NOW);
    await record.beat(NOW);
    const { id } = await outage(ctx, record, ...hour);
    assert.deepEqual(await seconds(ctx), { ...NONE, down: 3600, maintenance: 1800 });
    const said: CorrectOutage = {
      outageId: id,
      kind: 'maintenance',
      maintenanceId: maintenance.id,
      ...why,
    };
    await correctOutage(ctx, manager, said);
    const [work] = (await readFacts(ctx, { componentId: 'shop', ...inNovember })).maintenances!;
    assert.deepEqual(work?.work, { from: '2026-11-10T09:00:00Z', to: '2026-11-10T11:00:00Z' });
    // After half past ten it was outside the window: announced to nobody, so down.
    assert.deepEqual(await seconds(ctx), { ...NONE, down: 1800, maintenance: 5400 });
    // An agreement that makes no exception for maintenance makes none now.
    assert.deepEqual(await seconds(ctx, { agreement: 'infravision-cloud' }), {
      ...NONE,
      down: 3600,
    });
    assert.deepEqual(await seconds(ctx, { as: 'recorded' }), {
      ...NONE,
      down: 3600,
      maintenance: 1800,
    });
  });

  it('carries the work of a maintenance across the end of a period', async () => {
    const { ctx, record } = await open();
    ctx.clock.set(at('2026-10-31T20:00:00Z'));
    const { maintenance } = await announceMaintenance(ctx, manager, {
      title: { nl: 'Spoed', en: 'Urgent' },
      text: { nl: 'Spoed', en: 'Urgent' },
      kind: 'emergency',
      reason: 'a leak',
      componentIds: ['flex'],
      from: at('2026-10-31T21:00:00Z'),
      to: at('2026-10-31T22:30:00Z'),
    });
    ctx.clock.set(NOW);
    await record.beat(NOW);
    // November begins at 23:00Z in Amsterdam.
    const { id } = await outage(
      ctx,
      record,
      '2026-10-31T22:00:00Z',
      '2026-10-31T23:20:00Z',
      'flex',
    );
    const flex = { componentId: 'flex' };
    assert.deepEqual(await seconds(ctx, flex), { ...NONE, down: 1200 });
    await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'maintenance',
      maintenanceId: maintenance.id,
      ...why,
    });
    // Of an emergency all the work qualifies under Flexkids.
    assert.deepEqual(await seconds(ctx, flex), { ...NONE, maintenance: 1200 });
    const recorded = await readFacts(ctx, { ...flex, ...inNovember, as: 'recorded' });
    assert.deepEqual(
      recorded.maintenances?.map(({ work }) => work),
      [undefined],
    );
  });

  it('touches no other component', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    await outage(ctx, record, ...hour, 'other');
    const before = await readStatement(ctx, { componentId: 'other', ...inNovember });
    await correctOutage(ctx, manager, { outageId: id, kind: 'false-alarm', ...why });
    const after = await readStatement(ctx, { componentId: 'other', ...inNovember });
    assert.deepEqual(after, before);
  });

  it('makes place for the one before it when it is withdrawn', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const say = (cause: CorrectOutage['cause']) =>
      correctOutage(ctx, manager, { outageId: id, kind: 'cause', cause, ...why });
    const first = await say('force-majeure');
    const second = await say('internal');
    assert.deepEqual(await seconds(ctx), { ...NONE, down: 3600 });
    const withdrawn = await withdrawCorrection(ctx, manager, { correctionId: second.id, ...why });
    assert.equal(withdrawn.standing, 'withdrawn');
    assert.equal(withdrawn.withdrawal?.by, 'Mia de Wit');
    assert.deepEqual(await seconds(ctx), { ...NONE, excluded: 3600 });
    await withdrawCorrection(ctx, manager, { correctionId: first.id, ...why });
    assert.deepEqual(await seconds(ctx), { ...NONE, down: 3600 });
    assert.match(
      await refused(withdrawCorrection(ctx, manager, { correctionId: first.id, ...why })),
      /^conflict: this correction is already withdrawn/,
    );
  });

  it('shows before anything is written exactly what it will do', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, '2026-10-31T22:30:00Z', '2026-10-31T23:30:00Z');
    const said = { outageId: id, kind: 'false-alarm' as const };
    const preview = await previewCorrection(ctx, said);
    assert.deepEqual(
      preview.agreements.map(({ agreement, periods }) => [
        agreement.id,
        ...periods.map(({ period, closed, changes }) => [period, closed, changes]),
      ]),
      ['spotonmedics', 'infravision-cloud'].map((agreement) => [
        agreement,
        ['rolling-12-months:2026-11-21T09:00:00Z', false, true],
        ['2026', false, true],
        ['2026-11', false, true],
        ['2026-10', true, true],
      ]),
    );
    assert.deepEqual(await seconds(ctx), { ...NONE, down: 1800 });
    const { id: correctionId } = await correctOutage(ctx, manager, { ...said, ...why });
    const back = await previewWithdrawal(ctx, { correctionId });
    for (const [index, { periods }] of preview.agreements.entries())
      for (const [nth, { before, after }] of periods.entries()) {
        const undone = back.agreements[index]?.periods[nth];
        assert.deepEqual(undone?.before, after);
        assert.deepEqual(undone.after, before);
      }
    const october = preview.agreements[0]?.periods.at(-1);
    const now = await readStatement(ctx, {
      componentId: 'shop',
      period: { kind: 'calendar-month', month: '2026-10' },
    });
    assert.deepEqual(now.statement, october?.after);
  });

  it('is shown for the contract year, where the start of the contract is known', async () => {
    const { ctx, record } = await open();
    const agreements = [{ agreement: 'fundament-it', contractStart: '2024-11-10' }];
    ctx.configure(
      testConfig({
        groups: [
          { id: 'all', name: 'All', components: [{ ...component('shop', []), agreements }] },
        ],
      }),
    );
    const { id } = await outage(ctx, record, '2026-11-09T22:30:00Z', '2026-11-09T23:30:00Z');
    const { agreements: seen } = await previewCorrection(ctx, {
      outageId: id,
      kind: 'false-alarm',
    });
    assert.deepEqual(
      seen[0]?.periods.map(({ period, closed }) => [period, closed]),
      [
        ['rolling-12-months:2026-11-21T09:00:00Z', false],
        ['contract-year:2024-11-10:3', false],
        ['contract-year:2024-11-10:2', true],
        ['2026', false],
        ['2026-11', false],
      ],
    );
  });

  it('moves the figure, the bar and the history of the page, and tells of it', async () => {
    const { ctx, record } = await open();
    const { id, incidentId } = await outage(ctx, record, ...hour);
    const seen = async () => {
      const page = await readPage(ctx);
      const shop = page?.groups[0]?.components.find((one) => one.id === 'shop');
      const day = shop?.days.find(({ date }) => date === '2026-11-10');
      const view = await readIncident(ctx, incidentId);
      return {
        bar: [day?.state, day?.downSeconds, day?.degradedSeconds],
        percent: shop?.availability[0]?.percent,
        recorded: shop?.availability[0]?.recorded,
        incident: view?.corrections.map(({ kind }) => kind),
        history: page?.history.flatMap((one) =>
          one.type === 'incident' ? one.corrections.map(({ kind }) => kind) : [],
        ),
      };
    };
    const before = await seen();
    assert.deepEqual(before.bar, ['down', 3600, 0]);
    assert.deepEqual([before.recorded, before.incident, before.history], [null, [], []]);
    const { id: correctionId } = await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'severity',
      severity: 'b',
      ...why,
    });
    const milder = await seen();
    assert.deepEqual(milder.bar, ['degraded', 0, 3600]);
    assert.equal(milder.percent, '100.000000');
    assert.deepEqual(milder.recorded, { percent: before.percent, downSeconds: 3600 });
    assert.deepEqual([milder.incident, milder.history], [['severity'], ['severity']]);
    await correctOutage(ctx, manager, { outageId: id, kind: 'false-alarm', ...why });
    assert.deepEqual((await seen()).bar, ['up', 0, 0]);
    const { corrections } = await readWorksheet(ctx, { componentId: 'shop', ...inNovember });
    assert.deepEqual(
      corrections.map(({ kind, by, standing }) => [kind, by, standing]),
      [
        ['severity', 'manager', 'holds'],
        ['false-alarm', 'manager', 'holds'],
      ],
    );
    // Of another agreement's scale the public learns nothing under this one.
    const other = { componentId: 'shop', agreement: 'infravision-cloud', ...inNovember };
    assert.deepEqual(
      (await readWorksheet(ctx, other)).corrections.map(({ kind }) => kind),
      ['false-alarm'],
    );
    for (const one of [correctionId, corrections[1]!.id])
      await withdrawCorrection(ctx, manager, { correctionId: one, ...why });
    assert.deepEqual(await seen(), before);
  });

  it('says of each outage what it does to the figure, before and after', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const { id: second } = await outage(
      ctx,
      record,
      '2026-11-12T10:00:00Z',
      '2026-11-12T10:05:00Z',
    );
    await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'cause',
      cause: 'force-majeure',
      ...why,
    });
    await correctOutage(ctx, manager, { outageId: second, kind: 'false-alarm', ...why });
    assert.deepEqual(
      (await outageEffects(ctx, { componentId: 'shop', ...inNovember })).map(
        ({ id: of, recorded, corrected }) => [of, recorded.seconds, corrected?.seconds ?? null],
      ),
      [
        [second, { down: 300 }, null],
        [id, { down: 3600 }, { excluded: 3600 }],
      ],
    );
  });

  it('is listed latest first, a page at a time, with those that no longer hold', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const { id: elsewhere } = await outage(ctx, record, ...hour, 'other');
    for (const cause of ['internet', 'datacentre', 'force-majeure'] as const) {
      await ctx.clock.advance(1000);
      await correctOutage(ctx, manager, { outageId: id, kind: 'cause', cause, ...why });
    }
    await correctOutage(ctx, manager, { outageId: elsewhere, kind: 'false-alarm', ...why });
    const shop = { componentId: 'shop', limit: 2 };
    const first = await listCorrections(ctx, shop);
    const last = first.at(-1)!;
    const after = { at: last.recordedAt, id: last.id };
    const rest = await listCorrections(ctx, { ...shop, after });
    assert.deepEqual(
      [...first, ...rest].map(({ cause, standing }) => [cause, standing]),
      [
        ['force-majeure', 'holds'],
        ['datacentre', 'replaced'],
        ['internet', 'replaced'],
      ],
    );
    const span = { from: at('2026-11-11T00:00:00Z'), to: NOW };
    assert.deepEqual(await listCorrections(ctx, { limit: 50, span }), []);
    assert.equal((await listCorrections(ctx, { limit: 50 })).length, 4);
  });

  it('is refused with what would be right', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const { id: open_ } = await outage(ctx, record, '2026-11-21T08:00:00Z', null);
    const said = (more: Partial<CorrectOutage>): Promise<unknown> =>
      correctOutage(ctx, manager, { outageId: id, kind: 'false-alarm', ...why, ...more });
    assert.equal(
      await refused(said({ evidence: '  ' })),
      'invalid-input: evidence: is empty; name what shows it: a link, a document, words',
    );
    assert.equal(
      await refused(said({ kind: 'cause' })),
      'invalid-input: cause: is missing; a correction of the kind "cause" needs it',
    );
    assert.equal(
      await refused(said({ cause: 'internet' })),
      'invalid-input: cause: does not belong to a correction of the kind "false-alarm"',
    );
    assert.match(await refused(said({ kind: 'severity', severity: 'z' })), /"z" is no level/);
    assert.match(
      await refused(said({ kind: 'maintenance', maintenanceId: 'm' })),
      /^invalid-input: maintenanceId: "m" is no maintenance of shop/,
    );
    assert.match(await refused(said({ outageId: 'nobody' })), /^not-found/);
    assert.match(await refused(said({ outageId: open_ })), /^conflict: the outage still goes on/);
    await said({});
    assert.match(await refused(said({})), /^conflict: the outage is already corrected/);
    assert.match(
      await refused(said({ kind: 'cause', cause: 'internet', expectedVersion: 1 })),
      /^conflict: somebody else changed it meanwhile/,
    );
    await said({ kind: 'cause', cause: 'internet', expectedVersion: 2 });
  });

  it('is won by one of many who read the same version', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const causes = ['internet', 'datacentre', 'force-majeure', 'suspension'] as const;
    const done = await Promise.allSettled(
      causes.map((cause) =>
        correctOutage(ctx, manager, {
          outageId: id,
          kind: 'cause',
          cause,
          expectedVersion: 1,
          ...why,
        }),
      ),
    );
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
    const all = await Promise.all(
      causes.map((cause, index) =>
        correctOutage(ctx, { name: `m${index}` }, { outageId: id, kind: 'cause', cause, ...why })
          .then(() => 1)
          .catch((error: unknown) => {
            assert.ok(error instanceof DomainError && error.code === 'conflict');
            return 0;
          }),
      ),
    );
    const corrections = await listCorrections(ctx, { outageId: id, limit: 50 });
    assert.equal(corrections.length, 1 + all.reduce<number>((sum, one) => sum + one, 0));
    assert.equal(corrections.filter(({ standing }) => standing === 'holds').length, 1);
  });

  it('is told to the audit log with what it replaced', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    const { id: correctionId } = await correctOutage(ctx, manager, {
      outageId: id,
      kind: 'false-alarm',
      ...why,
    });
    await withdrawCorrection(ctx, manager, { correctionId, ...why });
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.auditLog);
    assert.deepEqual(
      rows.map(({ action, actor, subject, before, after }) => [
        action,
        actor,
        subject,
        before,
        after,
      ]),
      [
        [
          'correction.add',
          'Mia de Wit',
          correctionId,
          null,
          { outage: id, kind: 'false-alarm', ...why },
        ],
        [
          'correction.withdraw',
          'Mia de Wit',
          correctionId,
          { outage: id, kind: 'false-alarm' },
          why,
        ],
      ],
    );
  });

  it('gives two facts files that make the two statements', async () => {
    const { ctx, record } = await open();
    const { id } = await outage(ctx, record, ...hour);
    await correctOutage(ctx, manager, { outageId: id, kind: 'false-alarm', ...why });
    for (const as of ['recorded', 'corrected'] as const) {
      const made = await readStatement(ctx, { componentId: 'shop', ...inNovember, as });
      const facts = await readFacts(ctx, { componentId: 'shop', ...inNovember, as });
      assert.deepEqual(statement(facts, made.agreement), made.statement);
      assert.equal(made.statement.availability[0]?.seconds.down, as === 'recorded' ? 3600 : 0);
    }
  });
});
