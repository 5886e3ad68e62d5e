import { eq } from '@upheld/db/query.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readDuties } from '../duty/read-duties.ts';
import { acknowledgeIncident } from './acknowledge-incident.ts';
import { changeCause, changeSeverity } from './change-incident.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { openIncident, type OpenIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';
import { readDesk, readIncidentOnDesk } from './read-desk.ts';
import { writePostmortem } from './write-postmortem.ts';

const at = (text: string): number => Date.parse(text);
const jan = { name: 'jan' };
const both = (text: string) => ({ nl: text, en: text });
const START = '2026-11-23T09:00:00Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
          monitors: [
            {
              id: 'fysioone-web',
              kind: 'http',
              url: 'http://fysioone.example.test/login?key=k',
              confirm: { successes: 2 },
            },
          ],
        },
        {
          id: 'integration',
          name: 'Integration',
          agreements: [{ agreement: 'infravision-cloud' }],
        },
      ],
    },
  ],
});
const opening: OpenIncident = {
  title: both('Nothing is exchanged'),
  body: both('We are looking at it.'),
  componentIds: ['integration'],
};

eachDatabase('what stands on the incident desk', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { config, clock: controlledClock(at(START)) });

  it('is what fails now, with what its monitor saw, and no secret of its address', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    const { incidentId } = await record.outage({ component: 'fysioone', from: at(START) });
    const evidence = { status: 503, message: 'HTTP status 503', bodyStart: 'sorry' };
    await ctx.db.transact(async ({ q, t }) => {
      await q.insert(t.transitions).values({
        id: 'down',
        monitorId: 'fysioone-web',
        componentId: 'fysioone',
        fromState: 'up',
        toState: 'down',
        at: at(START),
        noticedAt: at(START) + MINUTE,
        cause: 'status',
        evidence,
      });
    });
    await ctx.clock.advance(5 * MINUTE);
    const { down } = await readDesk(ctx);
    assert.deepEqual(down, [
      {
        componentId: 'fysioone',
        name: both('FysioOne'),
        state: 'down',
        since: at(START),
        incidentId,
        seenBy: [
          {
            monitorId: 'fysioone-web',
            url: 'http://fysioone.example.test/login',
            state: 'down',
            since: at(START),
            noticedAt: at(START),
            cause: 'status',
            proof: { evidence, at: at(START) },
            newest: null,
            recovering: null,
          },
        ],
      },
    ]);
    const { timeline } = await readIncidentOnDesk(ctx, incidentId);
    const check = timeline.find((entry) => entry.kind === 'check');
    assert.deepEqual(check?.kind === 'check' && check.evidence, evidence);
  });

  it('is down until enough good checks, and says how many there are beside what proved it', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-10-01T00:00:00Z'));
    await record.outage({ component: 'fysioone', from: at(START) });
    const seen = async (pendingState: 'up' | null) => {
      await ctx.db.transact(({ q, t }) =>
        q
          .update(t.monitors)
          .set({
            state: 'down',
            pendingState,
            pendingCount: pendingState === null ? 0 : 1,
            lastResultAt: at(START) + MINUTE,
            lastEvidence: { status: pendingState === null ? 503 : 200 },
          })
          .where(eq(t.monitors.id, 'fysioone-web'))
          .returning({ id: t.monitors.id }),
      );
      const [sighting] = (await readDesk(ctx)).down[0]?.seenBy ?? [];
      return { newest: sighting?.newest, recovering: sighting?.recovering };
    };
    assert.deepEqual(await seen(null), {
      newest: { evidence: { status: 503 }, at: at(START) + MINUTE },
      recovering: null,
    });
    assert.deepEqual(await seen('up'), {
      newest: { evidence: { status: 200 }, at: at(START) + MINUTE },
      recovering: { to: 'up', good: 1, needed: 2 },
    });
  });

  it('begins with what nobody has taken up, then with the worst', async () => {
    const ctx = await open();
    const one = async (impact: 'minor' | 'critical'): Promise<string> =>
      (await openIncident(ctx, jan, { ...opening, impact })).id;
    const taken = await one('critical');
    const minor = await one('minor');
    const worst = await one('critical');
    await acknowledgeIncident(ctx, jan, { incidentId: taken });
    const { open: incidents } = await readDesk(ctx);
    assert.deepEqual(
      incidents.map(({ id }) => id),
      [worst, minor, taken],
    );
  });

  it('says what an incident costs, and what that leaves', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, { ...opening, severity: 'top' });
    await ctx.clock.advance(HOUR);
    const [cost] = (await readIncidentOnDesk(ctx, id)).costs;
    assert.equal(cost?.agreement, 'infravision-cloud');
    const office = cost.parts.find(({ part }) => part === 'office');
    assert.equal(office?.countedSeconds, 3600);
    const before = office.leftSeconds ?? 0;
    await ctx.clock.advance(HOUR);
    await postUpdate(ctx, jan, { incidentId: id, status: 'resolved', body: both('over') });
    await ctx.clock.advance(40 * 24 * HOUR);
    const [after] = (await readIncidentOnDesk(ctx, id)).costs;
    const over = after?.parts.find(({ part }) => part === 'office');
    assert.equal(over?.countedSeconds, 7200, 'as of its end, in the month that it was in');
    assert.equal((over.leftSeconds ?? 0) - before, -3600);
  });

  it('blames no second on an incident that another one had down anyhow', async () => {
    const ctx = await open();
    const first = await openIncident(ctx, jan, { ...opening, severity: 'top' });
    const second = await openIncident(ctx, jan, { ...opening, severity: 'top' });
    await ctx.clock.advance(HOUR);
    for (const { id } of [first, second]) {
      const [cost] = (await readIncidentOnDesk(ctx, id)).costs;
      assert.equal(cost?.parts.find(({ part }) => part === 'office')?.countedSeconds, 0);
    }
    await mergeIncidents(ctx, jan, { incidentId: second.id, intoId: first.id, reason: 'one' });
    const [cost] = (await readIncidentOnDesk(ctx, first.id)).costs;
    assert.equal(cost?.parts.find(({ part }) => part === 'office')?.countedSeconds, 3600);
  });

  it('tells by when a report of the root cause is owed, until it is published', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, { ...opening, severity: 'low' });
    const due = async () =>
      (await readDuties(ctx)).flatMap((duty) => (duty.state === 'done' ? [] : [duty.due]));
    assert.deepEqual(await due(), []);
    await ctx.clock.advance(HOUR);
    const worse = { incidentId: id, severity: 'top', reason: 'all of them' };
    await changeSeverity(ctx, jan, worse);
    assert.deepEqual(await due(), [at('2026-12-23T10:00:00Z')]);
    const right = { ...worse, nature: 'correction' } as const;
    await changeSeverity(ctx, jan, right);
    assert.deepEqual(await due(), [at('2026-12-23T09:00:00Z')], 'from the start');
    await postUpdate(ctx, jan, { incidentId: id, status: 'resolved', body: both('over') });
    await writePostmortem(ctx, jan, { incidentId: id, body: both('Why'), published: true });
    assert.deepEqual(await due(), []);
    const { duties } = await readIncidentOnDesk(ctx, id);
    assert.deepEqual(
      duties.map((duty) => duty.id),
      ['rca-top'],
    );
  });

  it('owes no report any more of what turns out never to have been so bad', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, { ...opening, severity: 'top' });
    await ctx.clock.advance(HOUR);
    await changeSeverity(ctx, jan, {
      incidentId: id,
      severity: 'high',
      nature: 'correction',
      reason: 'one user',
    });
    assert.deepEqual((await readIncidentOnDesk(ctx, id)).duties, []);
  });

  it('keeps both moments of what was said later than it was', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, jan, {
      ...opening,
      severity: 'top',
      startedAt: at(START) - HOUR,
    });
    await ctx.clock.advance(MINUTE);
    await changeCause(ctx, jan, {
      incidentId: id,
      cause: 'datacentre',
      reason: 'they called',
      evidence: 'a call at nine',
    });
    const { timeline, view } = await readIncidentOnDesk(ctx, id);
    assert.deepEqual([view.startedAt, view.noticedAt], [at(START) - HOUR, at(START)]);
    assert.deepEqual(
      timeline.map(({ kind, at: from, recordedAt, by }) => [kind, from, recordedAt, by]),
      [
        ['cause', at(START) - HOUR, at(START) + MINUTE, 'jan'],
        ['update', at(START), at(START), 'jan'],
        ['severity', at(START) - HOUR, at(START), 'jan'],
      ],
    );
  });
});
