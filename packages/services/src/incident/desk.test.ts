import type { Cause } from '@upheld/domain/incident/incident.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { resolveIfOver } from '../check/detector-incident.ts';
import { listIncidents, readIncident } from '../read/lists.ts';
import { readPage } from '../read/page.ts';
import { readStatement } from '../read/read-statement.ts';
import { acknowledgeIncident } from './acknowledge-incident.ts';
import { changeCause, changeSeverity } from './change-incident.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { openIncident, type OpenIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { splitIncident } from './split-incident.ts';
import { writePostmortem } from './write-postmortem.ts';

const at = (text: string): number => Date.parse(text);
const jan = { name: 'jan' };
const anna = { name: 'anna' };
const both = (text: string) => ({ nl: text, en: text });
const refusal =
  (code: string, line = /./) =>
  (error: unknown) =>
    error instanceof DomainError && error.code === code && line.test(error.message);

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [
            { agreement: 'spotonmedics', component: 'fysioone' },
            { agreement: 'standard' },
          ],
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://fysioone.example.test/' }],
        },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
        {
          id: 'integration',
          name: 'Integration',
          agreements: [{ agreement: 'infravision-cloud' }],
        },
      ],
    },
  ],
});

const START = '2026-11-21T09:00:00Z';
const HOUR = 3_600_000;
const opening: OpenIncident = {
  title: both('Nobody can log in'),
  body: both('We are looking at it.'),
  componentIds: ['fysioone'],
};
const november = { kind: 'calendar-month', month: '2026-11' } as const;

eachDatabase('the incident desk', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { config, clock: controlledClock(at(START)) });

  const figures = async (ctx: TestContext, componentId: string) =>
    Promise.all(
      config.groups[0]!.components.find(({ id }) => id === componentId)!.agreements.map(
        async ({ agreement }) => {
          const query = { componentId, agreement, period: november };
          const { statement, facts } = await readStatement(ctx, query);
          return {
            agreement,
            seconds: statement.availability.map(({ seconds }) => seconds),
            outages: facts.outages?.map(({ from, to, severity, cause }) => ({
              from,
              to,
              severity,
              cause,
            })),
          };
        },
      ),
    );

  it('lets the first one who takes an incident up be the one', async () => {
    const ctx = await open();
    const { id, version } = await openIncident(ctx, jan, opening);
    await ctx.clock.advance(60_000);
    const taken = await acknowledgeIncident(ctx, anna, {
      incidentId: id,
      expectedVersion: version,
    });
    assert.equal(taken.acknowledgedAt, at(START) + 60_000);
    await ctx.clock.advance(60_000);
    const again = await acknowledgeIncident(ctx, jan, { incidentId: id, expectedVersion: version });
    assert.deepEqual(again, taken);
    const [row] = await ctx.db.read.q.select().from(ctx.db.read.t.incidents);
    assert.equal(row?.acknowledgedBy, 'anna');
  });

  it('tells who changed what to whoever looked before that', async () => {
    const ctx = await open();
    const { id, version } = await openIncident(ctx, jan, opening);
    await ctx.clock.advance(60_000);
    await postUpdate(ctx, anna, { incidentId: id, status: 'identified', body: both('Found.') });
    const severity = { incidentId: id, severity: 'b', reason: 'x', expectedVersion: version };
    await assert.rejects(
      changeSeverity(ctx, jan, severity),
      refusal('conflict', /anna posted an update at 2026-11-21T09:01:00Z .*you read version 1/),
    );
    await changeSeverity(ctx, jan, { ...severity, expectedVersion: version + 1 });
    assert.equal((await readIncident(ctx, id))?.updates.length, 2);
  });

  it('loses nothing of two who edit the same incident at once', async () => {
    const db = await databases.open();
    const other = await databases.again();
    const [one, two] = [db, other].map((own, index) =>
      testContext(own, { config, idPrefix: `p${index}`, clock: controlledClock(at(START)) }),
    ) as [TestContext, TestContext];
    const { id, version } = await openIncident(one, jan, { ...opening, severity: 'a' });
    const edits = [
      (expectedVersion: number) =>
        postUpdate(one, jan, {
          incidentId: id,
          status: 'identified',
          body: both('by jan'),
          expectedVersion,
        }),
      (expectedVersion: number) =>
        changeSeverity(two, anna, {
          incidentId: id,
          severity: 'b',
          reason: 'by anna',
          expectedVersion,
        }),
    ];
    const results = await Promise.allSettled(edits.map((edit) => edit(version)));
    const lost = results.flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
    assert.equal(lost.length, 1, 'one of two with the same version is told of the other');
    const [loser = 0] = lost;
    const failed = results.find((result) => result.status === 'rejected');
    assert.ok(refusal('conflict', loser === 0 ? /anna changed/ : /jan posted/)(failed?.reason));
    await edits[loser]?.(version + 1);
    const { q, t } = db.read;
    assert.equal((await q.select().from(t.incidentUpdates)).length, 2);
    const levels = (await q.select().from(t.incidentChanges)).map((row) => row.severity);
    assert.deepEqual(new Set(levels), new Set(['a', 'b']));
    assert.equal((await readIncident(one, id))?.version, version + 2);
  });

  it('puts a severity right from the start, or from when it changed, and says who must be told', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, { ...opening, severity: 'a' });
    await ctx.clock.advance(HOUR);
    const right = await changeSeverity(ctx, jan, {
      incidentId: id,
      severity: 'b',
      nature: 'correction',
      reason: 'logging in by the app worked',
    });
    assert.deepEqual(
      right.owed.map((duty) => [duty.agreement, duty.id, duty.owes, duty.clause, duty.dueAt]),
      [['spotonmedics', 'recategorisation-told', 'notice', '5.1', null]],
    );
    const worse = { incidentId: id, severity: 'a', reason: 'now the app fails as well' };
    await changeSeverity(ctx, jan, worse);
    const query = { componentId: 'fysioone', agreement: 'spotonmedics', period: november };
    const { outages } = (await readStatement(ctx, query)).facts;
    assert.deepEqual(outages?.[0]?.severity, [
      { from: '2026-11-21T09:00:00Z', level: 'b' },
      { from: '2026-11-21T10:00:00Z', level: 'a' },
    ]);
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.incidentChanges).orderBy(t.incidentChanges.id);
    assert.deepEqual(
      rows.map((row) => [row.severity, row.nature]),
      [
        ['a', null],
        ['b', 'correction'],
        ['a', 'development'],
      ],
    );
  });

  it('keeps the evidence of a cause, and says who must be told of force majeure at once', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, { ...opening, severity: 'a' });
    const cause: Cause = 'force-majeure';
    const given = { incidentId: id, cause, reason: 'the city has no power' };
    await assert.rejects(changeCause(ctx, jan, given), refusal('invalid-input', /evidence is/));
    const evidence = 'https://grid.example.test/outages/7';
    const changed = await changeCause(ctx, jan, { ...given, evidence });
    assert.deepEqual(
      changed.owed.map((duty) => [duty.id, duty.dueAt]),
      [['force-majeure-told', at(START)]],
    );
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.incidentChanges);
    assert.equal(rows.find((row) => row.cause === cause)?.evidence, evidence);
  });

  it('merges an incident into another without moving a second of a figure', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    await record.measured('flexkids', at('2026-10-01T00:00:00Z'));
    const seen = await record.outage({ component: 'fysioone', from: at(START) });
    await ctx.clock.advance(HOUR);
    const byHand = await openIncident(ctx, jan, {
      ...opening,
      componentIds: ['fysioone', 'flexkids'],
      title: both('The data centre is down'),
      startedAt: at('2026-11-21T08:30:00Z'),
    });
    await changeSeverity(ctx, jan, {
      incidentId: byHand.id,
      componentId: 'fysioone',
      agreement: 'spotonmedics',
      severity: 'b',
      nature: 'correction',
      reason: 'x',
    });
    await changeCause(ctx, jan, {
      incidentId: byHand.id,
      cause: 'datacentre',
      reason: 'its power failed',
      evidence: 'their report',
    });
    await ctx.clock.advance(HOUR);
    const before = await figures(ctx, 'fysioone');
    const whole = await mergeIncidents(ctx, anna, {
      incidentId: seen.incidentId,
      intoId: byHand.id,
      reason: 'the same power cut',
    });
    assert.deepEqual(await figures(ctx, 'fysioone'), before);
    assert.equal(whole.startedAt, at('2026-11-21T08:30:00Z'));
    assert.deepEqual(whole.componentIds, ['flexkids', 'fysioone']);
    const part = await readIncident(ctx, seen.incidentId);
    assert.equal(part?.mergedIntoId, byHand.id);
    assert.equal(part.startedAt, at(START), 'what was recorded of it stands');
    assert.deepEqual(
      (await listIncidents(ctx, { unresolved: true, limit: 9 })).map(({ id }) => id),
      [byHand.id],
    );
    const page = await readPage(ctx);
    assert.deepEqual(
      page?.openIncidents.map(({ id }) => id),
      [byHand.id],
    );

    // What is said of the whole from now on holds for the part.
    await ctx.clock.advance(HOUR);
    await changeSeverity(ctx, jan, {
      incidentId: byHand.id,
      componentId: 'fysioone',
      agreement: 'spotonmedics',
      severity: 'c',
      reason: 'only slow by now',
    });
    const [under] = await figures(ctx, 'fysioone');
    assert.deepEqual(
      under?.outages?.map(({ severity }) => severity),
      [
        [
          { from: '2026-11-21T08:30:00Z', level: 'b' },
          { from: '2026-11-21T12:00:00Z', level: 'c' },
        ],
        [
          { from: '2026-11-21T09:00:00Z', level: 'a' },
          { from: '2026-11-21T12:00:00Z', level: 'c' },
        ],
      ],
    );
    const { facts } = await readStatement(ctx, { componentId: 'fysioone', period: november });
    assert.deepEqual(new Set(facts.outages?.map(({ incident }) => incident)), new Set([byHand.id]));
  });

  it('lets one of two win who merge the same two incidents the other way round', async () => {
    const db = await databases.open();
    const other = await databases.again();
    const [one, two] = [db, other].map((own, index) =>
      testContext(own, { config, idPrefix: `p${index}`, clock: controlledClock(at(START)) }),
    ) as [TestContext, TestContext];
    for (let round = 0; round < 10; round += 1) {
      const a = await openIncident(one, jan, opening);
      const b = await openIncident(one, jan, opening);
      const results = await Promise.allSettled([
        mergeIncidents(one, jan, { incidentId: a.id, intoId: b.id, reason: 'x' }),
        mergeIncidents(two, anna, { incidentId: b.id, intoId: a.id, reason: 'x' }),
      ]);
      const lost = results.flatMap((result) => (result.status === 'rejected' ? [result] : []));
      assert.equal(lost.length, 1);
      assert.ok(refusal('conflict', /part of incident/)(lost[0]?.reason));
    }
  });

  it('says of a merged incident only where it went, and is resolved as a whole', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    const seen = await record.outage({ component: 'fysioone', from: at(START) });
    await ctx.clock.advance(60_000);
    const whole = await openIncident(ctx, jan, opening);
    const merge = { incidentId: seen.incidentId, intoId: whole.id, reason: 'x' };
    await mergeIncidents(ctx, jan, merge);
    const moved = refusal('conflict', new RegExp(`part of incident ${whole.id}`));
    await assert.rejects(mergeIncidents(ctx, jan, merge), moved);
    const update = { incidentId: seen.incidentId, status: 'identified', body: both('x') } as const;
    await assert.rejects(postUpdate(ctx, jan, update), moved);
    await assert.rejects(
      mergeIncidents(ctx, jan, { ...merge, incidentId: whole.id }),
      refusal('invalid-input', /the same incident/),
    );
    const resolve = { incidentId: whole.id, status: 'resolved', body: both('over') } as const;
    await assert.rejects(postUpdate(ctx, jan, resolve), refusal('conflict', /probes still see/));
    await ctx.db.transact(async (h) => {
      await h.q.update(h.t.outages).set({ endedAt: at(START) + 90_000 });
      assert.equal(await resolveIfOver(h, ctx, 'fysioone', at(START) + 90_000), false);
    });
    await postUpdate(ctx, jan, resolve);
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.incidents);
    assert.ok(rows.every((row) => row.openForComponent === null));
  });

  it('resolves an incident of the detector when the last of its parts works again', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    await record.measured('flexkids', at('2026-10-01T00:00:00Z'));
    const one = await record.outage({ component: 'fysioone', from: at(START) });
    const two = await record.outage({ component: 'flexkids', from: at(START) + 1000 });
    await ctx.clock.advance(60_000);
    await mergeIncidents(ctx, jan, {
      incidentId: two.incidentId,
      intoId: one.incidentId,
      reason: 'one switch',
    });
    const end = async (componentId: string, after: number): Promise<boolean> =>
      ctx.db.transact(async (h) => {
        const { q, t } = h;
        const rows = await q.select().from(t.outages);
        for (const row of rows.filter((outage) => outage.componentId === componentId))
          await q
            .insert(t.outages)
            .values({ ...row, endedAt: at(START) + after })
            .onConflictDoUpdate({ target: t.outages.id, set: { endedAt: at(START) + after } });
        return resolveIfOver(h, ctx, componentId, at(START) + after);
      });
    assert.equal(await end('fysioone', 120_000), false);
    assert.equal(await end('flexkids', 180_000), true);
    const whole = await readIncident(ctx, one.incidentId);
    assert.equal(whole?.resolvedAt, at(START) + 180_000);
  });

  it('splits a component off with what was said of it, and no figure moves', async () => {
    const ctx = await open();
    const both2 = ['fysioone', 'flexkids'];
    const { id } = await openIncident(ctx, jan, { ...opening, componentIds: both2 });
    await ctx.clock.advance(HOUR);
    const said = { incidentId: id, reason: 'x', nature: 'correction' } as const;
    await changeSeverity(ctx, jan, { ...said, componentId: 'fysioone', severity: 'a' });
    await changeSeverity(ctx, jan, { ...said, componentId: 'flexkids', severity: '1' });
    await changeCause(ctx, jan, {
      incidentId: id,
      componentId: 'flexkids',
      cause: 'datacentre',
      reason: 'x',
      evidence: 'y',
    });
    const before = [await figures(ctx, 'fysioone'), await figures(ctx, 'flexkids')];
    const split = {
      incidentId: id,
      title: both('Flexkids is down'),
      body: both('This is another matter.'),
      reason: 'two causes',
    };
    await assert.rejects(
      splitIncident(ctx, jan, { ...split, componentIds: both2 }),
      refusal('invalid-input', /leave something/),
    );
    await assert.rejects(splitIncident(ctx, jan, split), refusal('invalid-input', /name what/));
    const own = await splitIncident(ctx, jan, { ...split, componentIds: ['flexkids'] });
    assert.deepEqual(own.componentIds, ['flexkids']);
    assert.equal(own.splitFromId, id);
    assert.equal(own.cause, 'datacentre');
    assert.deepEqual((await readIncident(ctx, id))?.componentIds, ['fysioone']);
    assert.deepEqual([await figures(ctx, 'fysioone'), await figures(ctx, 'flexkids')], before);
    const [outage] = await ctx.db.read.q
      .select()
      .from(ctx.db.read.t.outages)
      .orderBy(ctx.db.read.t.outages.componentId);
    assert.equal(outage?.incidentId, own.id);
  });

  it('lets the detector go on with what was split off', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    const seen = await record.outage({ component: 'fysioone', from: at(START) });
    await ctx.clock.advance(60_000);
    const whole = await openIncident(ctx, jan, { ...opening, componentIds: ['flexkids'] });
    await mergeIncidents(ctx, jan, {
      incidentId: seen.incidentId,
      intoId: whole.id,
      reason: 'x',
    });
    const own = await splitIncident(ctx, jan, {
      incidentId: whole.id,
      componentIds: ['fysioone'],
      title: both('FysioOne'),
      body: both('x'),
      reason: 'it was not the same',
    });
    await ctx.db.transact(async (h) => {
      await h.q.update(h.t.outages).set({ endedAt: at(START) + 90_000 });
      assert.equal(await resolveIfOver(h, ctx, 'fysioone', at(START) + 90_000), true);
    });
    assert.equal((await readIncident(ctx, own.id))?.resolvedAt, at(START) + 90_000);
    assert.equal((await readIncident(ctx, whole.id))?.resolvedAt, null);
  });

  it('keeps every postmortem, and shows the last one when it is published', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, opening);
    const write = (text: string, published: boolean) =>
      writePostmortem(ctx, jan, { incidentId: id, body: both(text), published });
    assert.equal((await write('draft', false)).postmortem, null);
    await assert.rejects(write('early', true), refusal('conflict', /not resolved/));
    await postUpdate(ctx, jan, { incidentId: id, status: 'resolved', body: both('over') });
    await assert.rejects(write('', true), refusal('invalid-input', /body\.nl is empty/));
    await ctx.clock.advance(60_000);
    assert.deepEqual((await write('# Why', true)).postmortem, {
      body: both('# Why'),
      at: at(START) + 60_000,
    });
    await ctx.clock.advance(60_000);
    assert.equal((await write('# Why not', false)).postmortem, null);
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.postmortems)).length, 3);
  });

  it('writes into the audit log all that people do', async () => {
    const ctx = await open();
    const one = await openIncident(ctx, jan, {
      ...opening,
      componentIds: ['fysioone', 'flexkids'],
    });
    await acknowledgeIncident(ctx, jan, { incidentId: one.id });
    const two = await splitIncident(ctx, jan, {
      incidentId: one.id,
      componentIds: ['flexkids'],
      title: both('x'),
      body: both('x'),
      reason: 'x',
    });
    await mergeIncidents(ctx, jan, { incidentId: two.id, intoId: one.id, reason: 'not so' });
    await writePostmortem(ctx, jan, { incidentId: one.id, body: both('x') });
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.auditLog).orderBy(t.auditLog.seq);
    assert.deepEqual(
      rows.map((row) => [row.action, row.subject]),
      [
        ['incident.open', one.id],
        ['incident.acknowledge', one.id],
        ['incident.split', one.id],
        ['incident.merge', two.id],
        ['incident.merge', one.id],
        ['incident.postmortem', one.id],
      ],
    );
    const now = await readIncident(ctx, one.id);
    assert.deepEqual(rows.at(-1)?.after, {
      version: now?.version,
      published: false,
      body: both('x'),
    });
  });
});
