import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readIncident } from '../read/lists.ts';
import { readFacts } from '../read/read-statement.ts';
import { readRevision } from '../revision.ts';
import { changeCause, changeSeverity } from './change-incident.ts';
import { openIncident, type OpenIncident } from './open-incident.ts';
import { postUpdate } from './post-update.ts';

const at = (text: string): number => Date.parse(text);
const engineer = { name: 'jan' };
const body = { nl: 'We kijken ernaar.', en: 'We are looking at it.' };
const title = { nl: 'Inloggen lukt niet', en: 'Nobody can log in' };
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
      ],
    },
  ],
});

const START = '2026-11-21T09:00:00Z';
const opening: OpenIncident = { title, body, componentIds: ['fysioone'] };

eachDatabase('an incident', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), { config, clock: controlledClock(at(START)) });
  const november = { kind: 'calendar-month', month: '2026-11' } as const;

  it('that people open is shown from its start, and told', async () => {
    const ctx = await open();
    const view = await openIncident(ctx, engineer, {
      ...opening,
      startedAt: at('2026-11-21T08:30:00Z'),
      impact: 'major',
    });
    assert.deepEqual(
      { ...view, id: '', updates: [] },
      {
        type: 'incident',
        id: '',
        title,
        status: 'investigating',
        impact: 'major',
        startedAt: at('2026-11-21T08:30:00Z'),
        noticedAt: at(START),
        resolvedAt: null,
        updatedAt: at(START),
        version: 1,
        componentIds: ['fysioone'],
        cause: null,
        updates: [],
        acknowledgedAt: null,
        mergedIntoId: null,
        splitFromId: null,
        postmortem: null,
        corrections: [],
      },
    );
    assert.deepEqual(
      view.updates.map(({ status, body: said }) => [status, said]),
      [['investigating', body]],
    );
    assert.deepEqual(await readIncident(ctx, view.id), view);
    assert.equal(await readRevision(ctx.db.read), 1);
  });

  it('is refused with every fault when its input is wrong', async () => {
    const ctx = await open();
    const refused = (part: object, line: RegExp) =>
      assert.rejects(
        openIncident(ctx, engineer, { ...opening, ...part }),
        refusal('invalid-input', line),
      );
    await refused({ startedAt: at(START) + 1000 }, /startedAt is in the future/);
    await refused({ startedAt: Date.parse('0001-01-01T00:00:00Z') }, /more than a year ago/);
    await refused(
      { severity: 'x' },
      /"x" is no level for fysioone; write one of a, b, c \(spotonmedics\); /,
    );
    await refused({ title: { nl: '', en: '' }, body: {} }, /title\.nl .*\(and 3 more\)/);
    await refused({ componentIds: ['fysioone', 'nope'] }, /componentIds\[1\]/);
    await refused({ createdBy: 'detector' }, /createdBy/);
  });

  it('with a severity is an outage in the facts until it is resolved', async () => {
    const ctx = await open();
    const view = await openIncident(ctx, engineer, { ...opening, severity: 'a' });
    assert.equal(view.impact, 'critical');
    await ctx.clock.advance(3_600_000);
    await postUpdate(ctx, engineer, { incidentId: view.id, status: 'resolved', body });
    await ctx.clock.advance(3_600_000);
    const facts = await readFacts(ctx, { componentId: 'fysioone', period: november });
    assert.deepEqual(
      facts.outages?.map(({ from, to, severity, incident }) => ({ from, to, severity, incident })),
      [
        {
          from: '2026-11-21T09:00:00Z',
          to: '2026-11-21T10:00:00Z',
          severity: 'a',
          incident: view.id,
        },
      ],
    );
  });

  it('without one is part of no figure until it gets one', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, opening);
    const outages = async () =>
      (await readFacts(ctx, { componentId: 'fysioone', period: november })).outages;
    await ctx.clock.advance(60_000);
    assert.deepEqual(await outages(), []);
    await changeSeverity(ctx, engineer, {
      incidentId: id,
      severity: 'b',
      effectiveFrom: at(START),
      reason: 'reports were lost',
    });
    const [outage] = (await outages()) ?? [];
    assert.deepEqual(
      [outage?.severity, outage?.from, outage?.to],
      ['b', '2026-11-21T09:00:00Z', undefined],
    );
  });

  it('goes through its statuses in any order, each with its message', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, opening);
    for (const status of ['identified', 'monitoring', 'investigating', 'resolved'] as const) {
      await ctx.clock.advance(60_000);
      await postUpdate(ctx, engineer, { incidentId: id, status, body: { nl: status, en: status } });
    }
    const view = await readIncident(ctx, id);
    assert.ok(view);
    assert.deepEqual(
      view.updates.map((update) => [update.status, update.body.nl]),
      [
        ['resolved', 'resolved'],
        ['investigating', 'investigating'],
        ['monitoring', 'monitoring'],
        ['identified', 'identified'],
        ['investigating', body.nl],
      ],
    );
    assert.equal(view.resolvedAt, at(START) + 240_000);
  });

  it('that is resolved can get a note, or open again with the time between left up', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, { ...opening, severity: 'c' });
    const post = async (status: 'resolved' | 'investigating') => {
      await ctx.clock.advance(60_000);
      return postUpdate(ctx, engineer, { incidentId: id, status, body });
    };
    const resolved = await post('resolved');
    const noted = await post('resolved');
    assert.equal(noted.resolvedAt, resolved.resolvedAt);
    const again = await post('investigating');
    assert.deepEqual([again.status, again.resolvedAt], ['investigating', null]);
    const over = await post('resolved');
    assert.equal(over.resolvedAt, at(START) + 240_000);
    const facts = await readFacts(ctx, { componentId: 'fysioone', period: november });
    assert.deepEqual(
      facts.outages?.map(({ from, to, severity, incident }) => [from, to, severity, incident]),
      [
        ['2026-11-21T09:00:00Z', '2026-11-21T09:01:00Z', 'c', id],
        ['2026-11-21T09:03:00Z', '2026-11-21T09:04:00Z', 'c', id],
      ],
    );
  });

  it('of the detector is not resolved by a word while the probes see it fail', async () => {
    const ctx = await open();
    const record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-01-01T00:00:00Z'));
    const { incidentId } = await record.outage({ component: 'fysioone', from: at(START) });
    const resolve = { incidentId, status: 'resolved', body } as const;
    await assert.rejects(postUpdate(ctx, engineer, resolve), refusal('conflict', /probes/));
    const view = await postUpdate(ctx, engineer, { ...resolve, status: 'monitoring' });
    assert.equal(view.status, 'monitoring');
    await ctx.db.transact(async ({ q, t }) => {
      await q.update(t.outages).set({ endedAt: at(START) + 1000 });
    });
    assert.equal((await postUpdate(ctx, engineer, resolve)).status, 'resolved');
  });

  it('keeps every severity that was given to it, with the moment from which each holds', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, { ...opening, severity: 'a' });
    await ctx.clock.advance(3_600_000);
    const change = (severity: string, time: string) =>
      changeSeverity(ctx, engineer, {
        incidentId: id,
        severity,
        effectiveFrom: at(`2026-11-21T${time}Z`),
        reason: 'a second look',
      });
    await change('b', '09:30:00');
    await change('c', '09:45:00');
    await change('a', '09:30:00');
    await change('b', '09:30:00');
    const { outages } = await readFacts(ctx, { componentId: 'fysioone', period: november });
    assert.deepEqual(outages?.[0]?.severity, [
      { from: '2026-11-21T09:00:00Z', level: 'a' },
      { from: '2026-11-21T09:30:00Z', level: 'b' },
      { from: '2026-11-21T09:45:00Z', level: 'c' },
    ]);
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.incidentChanges)).length, 5);
  });

  it('has a level of its own on the scale of each agreement', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, { ...opening, severity: 'outage' });
    await ctx.clock.advance(60_000);
    await changeSeverity(ctx, engineer, {
      incidentId: id,
      agreement: 'spotonmedics',
      severity: 'b',
      effectiveFrom: at(START),
      reason: 'only reports',
    });
    const severityUnder = async (agreement: string) =>
      (await readFacts(ctx, { componentId: 'fysioone', agreement, period: november })).outages?.[0]
        ?.severity;
    assert.equal(await severityUnder('spotonmedics'), 'b');
    assert.equal(await severityUnder('standard'), 'outage');
    await assert.rejects(
      changeSeverity(ctx, engineer, {
        incidentId: id,
        agreement: 'standard',
        severity: 'b',
        reason: 'x',
      }),
      refusal('invalid-input', /"b" is no level/),
    );
    await assert.rejects(
      changeSeverity(ctx, engineer, {
        incidentId: id,
        agreement: 'flexkids',
        severity: '1',
        reason: 'x',
      }),
      refusal('invalid-input', /"flexkids" does not cover fysioone; write one of spotonmedics/),
    );
  });

  it('with a cause that changes midway is two outages of one incident', async () => {
    const ctx = await open();
    const view = await openIncident(ctx, engineer, { ...opening, severity: 'a' });
    await ctx.clock.advance(3_600_000);
    const change = {
      incidentId: view.id,
      reason: 'the provider says so',
      evidence: 'https://status.example.test/42',
    };
    await changeCause(ctx, engineer, { ...change, cause: 'internet' });
    const changed = await changeCause(ctx, engineer, {
      ...change,
      cause: 'force-majeure',
      effectiveFrom: at('2026-11-21T09:30:00Z'),
    });
    assert.equal(changed.cause, 'force-majeure');
    const { outages } = await readFacts(ctx, { componentId: 'fysioone', period: november });
    assert.deepEqual(
      outages?.map((outage) => ({ ...outage, id: '' })),
      [
        {
          id: '',
          from: '2026-11-21T09:00:00Z',
          to: '2026-11-21T09:30:00Z',
          severity: 'a',
          cause: 'internet',
          incident: view.id,
        },
        {
          id: '',
          from: '2026-11-21T09:30:00Z',
          severity: 'a',
          cause: 'force-majeure',
          incident: view.id,
        },
      ],
    );
    assert.equal(new Set(outages.map(({ id }) => id)).size, 2);
  });

  it('can be spoken of only within its own time, and only for its own components', async () => {
    const ctx = await open();
    const { id } = await openIncident(ctx, engineer, opening);
    await ctx.clock.advance(60_000);
    const cause = (part: object) =>
      changeCause(ctx, engineer, {
        incidentId: id,
        cause: 'internet',
        reason: 'x',
        evidence: 'a letter',
        ...part,
      });
    const outside = refusal('invalid-input', /effectiveFrom lies outside/);
    await assert.rejects(cause({ effectiveFrom: at(START) - 1000 }), outside);
    await assert.rejects(cause({ effectiveFrom: at(START) + 61_000 }), outside);
    await assert.rejects(
      cause({ componentId: 'flexkids' }),
      refusal('invalid-input', /"flexkids" is not part of this incident; write one of fysioone/),
    );
    await assert.rejects(cause({ cause: 'sabotage' }), refusal('invalid-input', /cause/));
    await assert.rejects(cause({ reason: ' ' }), refusal('invalid-input', /reason/));
    await assert.rejects(cause({ evidence: undefined }), refusal('invalid-input', /evidence/));
    await assert.rejects(
      changeCause(ctx, engineer, {
        incidentId: 'none',
        cause: 'internal',
        reason: 'x',
      }),
      refusal('not-found', /"none"/),
    );
  });

  it('loses no message when many are posted at once', async () => {
    const db = await databases.open();
    const other = await databases.again();
    const contexts = [db, other].map((one, index) =>
      testContext(one, { config, idPrefix: `p${index}` }),
    );
    const { id } = await openIncident(contexts[0]!, engineer, opening);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        postUpdate(contexts[index % 2]!, engineer, {
          incidentId: id,
          status: 'identified',
          body: { nl: `${index}`, en: `${index}` },
        }),
      ),
    );
    const view = await readIncident(contexts[0]!, id);
    assert.equal(new Set(view?.updates.map((update) => update.body.nl)).size, 21);
  });
});
