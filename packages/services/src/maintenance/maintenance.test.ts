import { DomainError } from '@upheld/domain/errors.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readMaintenance } from '../read/lists.ts';
import { readFacts, readStatement } from '../read/read-statement.ts';
import { readRevision } from '../revision.ts';
import { announceMaintenance, previewMaintenance } from './announce-maintenance.ts';
import { cancelMaintenance, reannounceMaintenance } from './change-maintenance.ts';
import { finishWork, startWork } from './work.ts';

const at = (text: string): number => Date.parse(text);
const engineer = { name: 'jan' };
const text = { nl: 'We vervangen een schijf.', en: 'We replace a disk.' };
const refusal =
  (code: string, line = /./) =>
  (error: unknown) =>
    error instanceof DomainError && error.code === code && line.test(error.message);

/** One component for each of the three notice rules. */
const underRules = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        { id: 'fysioone', name: 'FysioOne', agreements: [{ agreement: 'spotonmedics' }] },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
        { id: 'saas', name: 'Fundament', agreements: [{ agreement: 'fundament-it' }] },
        {
          id: 'both',
          name: 'Both',
          agreements: [{ agreement: 'flexkids' }, { agreement: 'fundament-it' }],
        },
      ],
    },
  ],
});

eachDatabase('maintenance', (databases) => {
  const open = async (start = '2026-11-21T09:00:00Z'): Promise<TestContext> =>
    testContext(await databases.open(), {
      config: underRules,
      clock: controlledClock(at(start)),
    });
  const window = { from: at('2026-12-01T22:00:00+01:00'), to: at('2026-12-02T00:00:00+01:00') };

  it('is announced at the moment of the clock, which no input can set', async () => {
    const ctx = await open();
    const input = { componentIds: ['fysioone'], ...window, kind: 'planned' as const, text };
    const { maintenance } = await announceMaintenance(ctx, engineer, input);
    assert.deepEqual(
      maintenance.announcements.map((one) => one.at),
      [ctx.clock.now()],
    );
    for (const key of ['at', 'announcedAt', 'createdAt', 'now'])
      await assert.rejects(
        announceMaintenance(ctx, engineer, { ...input, [key]: 1 }),
        refusal('invalid-input', new RegExp(key)),
      );
  });

  it('names every fault of an announcement at once', async () => {
    const ctx = await open();
    const announce = (part: object) =>
      announceMaintenance(ctx, engineer, { componentIds: ['fysioone'], ...window, text, ...part });
    const paths = (part: object): Promise<string[]> =>
      announce(part).then(
        () => [],
        (error: unknown) =>
          error instanceof DomainError ? error.faults.map(({ path }) => path) : ['?'],
      );
    assert.deepEqual(await paths({ text: { nl: 'x' }, componentIds: [] }), [
      'componentIds',
      'text.en',
    ]);
    assert.deepEqual(await paths({ text: { nl: ' ', en: 'x', de: 'x' } }), ['text.nl', 'text.de']);
    assert.deepEqual(await paths({ kind: 'emergency' }), ['reason']);
    assert.deepEqual(await paths({ to: window.from }), ['to']);
    assert.deepEqual(await paths({ to: window.from + 32 * 86_400_000 }), ['to']);
    assert.deepEqual(
      await paths({ from: at('2062-12-01T22:00:00Z'), to: at('2062-12-01T23:00:00Z') }),
      ['from'],
    );
    assert.deepEqual(await paths({ from: window.from + 1 }), ['from']);
    await assert.rejects(
      announce({ componentIds: ['fysoone'] }),
      refusal(
        'invalid-input',
        /componentIds\[0\] "fysoone" is no component; did you mean "fysioone"/,
      ),
    );
    assert.equal(await readRevision(ctx.db.read), 0);
  });

  it('gets one verdict for each agreement of each component', async () => {
    const ctx = await open('2026-12-01T08:00:00Z');
    const { verdicts } = await announceMaintenance(ctx, engineer, {
      componentIds: ['both', 'fysioone'],
      ...window,
      text,
    });
    assert.deepEqual(
      verdicts.map(({ componentId, agreement, verdict }) => [componentId, agreement, verdict]),
      [
        ['both', 'flexkids', 'late-notice'],
        ['both', 'fundament-it', 'qualifies'],
        ['fysioone', 'spotonmedics', 'not-required'],
      ],
    );
  });

  it('of 48 hours is in time at the limit over the spring change, and late a moment after (N01)', async () => {
    const spring = { from: at('2026-03-30T10:00:00+02:00'), to: at('2026-03-30T11:00:00+02:00') };
    const limit = at('2026-03-28T09:00:00+01:00');
    const ctx = await open('2026-03-28T07:59:00Z');
    const announce = async (now: number) => {
      ctx.clock.set(now);
      const given = { componentIds: ['fysioone'], ...spring, text };
      const preview = await previewMaintenance(ctx, { componentIds: ['fysioone'], ...spring });
      const { verdicts } = await announceMaintenance(ctx, engineer, given);
      assert.deepEqual(preview.verdicts, verdicts);
      return verdicts[0]!;
    };
    const inTime = await announce(limit);
    assert.deepEqual([inTime.verdict, inTime.lastValidAnnouncement], ['qualifies', limit]);
    const late = await announce(limit + 1);
    assert.deepEqual([late.verdict, late.lastValidAnnouncement], ['late-notice', limit]);
    // 48 hours after the second in which it is announced.
    assert.deepEqual(late.nextWindow?.from, at('2026-03-30T10:00:01+02:00'));
    const facts = await readFacts(
      { ...ctx, clock: controlledClock(at('2026-04-01T00:00:00Z')) },
      { componentId: 'fysioone', period: { kind: 'calendar-month', month: '2026-03' } },
    );
    assert.deepEqual(
      facts.maintenances?.map((one) => one.announcements[0]?.at),
      ['2026-03-28T08:00:00Z', '2026-03-28T08:00:01Z'],
    );
  });

  it('of five local days is in time at the limit over the autumn change, and late a moment after (N03)', async () => {
    const autumn = { from: at('2026-10-27T21:00:00+01:00'), to: at('2026-10-27T23:00:00+01:00') };
    const limit = at('2026-10-22T21:00:00+02:00');
    const ctx = await open('2026-10-20T00:00:00Z');
    const verdictAt = async (now: number): Promise<string> => {
      ctx.clock.set(now);
      const given = { componentIds: ['flexkids'], ...autumn, text };
      return (await announceMaintenance(ctx, engineer, given)).verdicts[0]!.verdict;
    };
    assert.equal(await verdictAt(limit), 'qualifies');
    assert.equal(await verdictAt(limit + 1), 'late-notice');
    assert.equal(await verdictAt(limit + 1000), 'late-notice');
  });

  it('that is extended too late qualifies for what was announced in time (N05)', async () => {
    const ctx = await open('2026-06-03T20:00:00Z');
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      from: at('2026-06-06T22:00:00+02:00'),
      to: at('2026-06-07T00:00:00+02:00'),
      text,
    });
    ctx.clock.set(at('2026-06-06T19:00:00+02:00'));
    const { verdicts } = await reannounceMaintenance(ctx, engineer, {
      maintenanceId: maintenance.id,
      from: at('2026-06-06T22:00:00+02:00'),
      to: at('2026-06-07T01:00:00+02:00'),
      text,
    });
    assert.deepEqual(
      verdicts.map(({ verdict, inTime, lastValidAnnouncement }) => ({
        verdict,
        inTime,
        lastValidAnnouncement,
      })),
      [
        {
          verdict: 'qualifies',
          inTime: false,
          lastValidAnnouncement: at('2026-06-06T08:00:00Z'),
        },
      ],
    );
    ctx.clock.set(at('2026-06-08T00:00:00Z'));
    const { statement } = await readStatement(ctx, {
      componentId: 'saas',
      period: { kind: 'contract-year', start: '2026-01-01', nth: 1 },
    });
    assert.deepEqual(statement.maintenances, [
      {
        id: maintenance.id,
        verdict: 'qualifies',
        lastValidAnnouncement: '2026-06-06T08:00:00Z',
        qualifyingSeconds: 7200,
        outsidePreferredSeconds: 0,
      },
    ]);
  });

  it('uses up the turns of a calendar month', async () => {
    const ctx = await open('2026-06-01T00:00:00Z');
    const verdicts: string[] = [];
    for (let day = 5; day < 10; day += 1) {
      const given = await announceMaintenance(ctx, engineer, {
        componentIds: ['saas'],
        from: at(`2026-06-0${day}T22:00:00+02:00`),
        to: at(`2026-06-0${day}T23:00:00+02:00`),
        text,
      });
      verdicts.push(given.verdicts[0]!.verdict);
    }
    assert.deepEqual(verdicts, [...Array<string>(4).fill('qualifies'), 'over-cap']);
  });

  it('that is moved keeps every announcement, and shows the last window', async () => {
    const ctx = await open();
    const first = await announceMaintenance(ctx, engineer, {
      componentIds: ['flexkids'],
      ...window,
      text,
      title: { nl: 'Schijf', en: 'Disk' },
    });
    const { id } = first.maintenance;
    await ctx.clock.advance(60_000);
    const later = { from: window.from + 86_400_000, to: window.to + 86_400_000 };
    const moved = await reannounceMaintenance(ctx, engineer, { maintenanceId: id, ...later, text });
    assert.deepEqual(
      moved.maintenance.announcements.map(({ at: when, from }) => [when, from]),
      [
        [ctx.clock.now(), later.from],
        [ctx.clock.now() - 60_000, window.from],
      ],
    );
    assert.deepEqual([moved.maintenance.from, moved.maintenance.to], [later.from, later.to]);
    assert.equal(moved.maintenance.title.en, 'Disk');
    assert.deepEqual(await readMaintenance(ctx, id), moved.maintenance);
  });

  it('keeps the order of its announcements when the clock is set back', async () => {
    const ctx = await open();
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['flexkids'],
      ...window,
      text,
    });
    ctx.clock.set(ctx.clock.now() - 3_600_000);
    const longer = { from: window.from, to: window.to + 1000 };
    const again = await reannounceMaintenance(ctx, engineer, {
      maintenanceId: maintenance.id,
      ...longer,
      text,
    });
    assert.deepEqual(
      again.maintenance.announcements.map((one) => one.to),
      [longer.to, window.to],
    );
  });

  it('that is cancelled keeps its announcements and is part of no figure', async () => {
    const ctx = await open();
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    const cancelled = await cancelMaintenance(ctx, engineer, {
      maintenanceId: maintenance.id,
      text: { nl: 'Gaat niet door.', en: 'Called off.' },
    });
    assert.equal(cancelled.maintenance.status, 'cancelled');
    assert.equal(cancelled.verdicts[0]?.verdict, 'cancelled');
    assert.deepEqual(
      cancelled.maintenance.announcements.map(({ body }) => body.en),
      ['Called off.', text.en],
    );
    const again = { maintenanceId: maintenance.id, text };
    await assert.rejects(cancelMaintenance(ctx, engineer, again), refusal('conflict', /cancelled/));
    await assert.rejects(
      reannounceMaintenance(ctx, engineer, { ...again, ...window }),
      refusal('conflict', /cancelled/),
    );
    await assert.rejects(
      startWork(ctx, engineer, { maintenanceId: maintenance.id }),
      refusal('conflict'),
    );
    ctx.clock.set(window.to + 1000);
    const { facts, statement } = await readStatement(ctx, {
      componentId: 'saas',
      period: { kind: 'calendar-month', month: '2026-12' },
    });
    assert.equal(facts.maintenances?.[0]?.announcements.length, 1);
    assert.equal(statement.maintenances[0]?.verdict, 'cancelled');
  });

  it('cannot be cancelled once it has begun, nor changed once it is over', async () => {
    const ctx = await open();
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    const given = { maintenanceId: maintenance.id, text };
    ctx.clock.set(window.from);
    await assert.rejects(cancelMaintenance(ctx, engineer, given), refusal('conflict', /begun/));
    ctx.clock.set(window.to);
    await assert.rejects(
      reannounceMaintenance(ctx, engineer, { ...given, from: window.from, to: window.to + 60_000 }),
      refusal('conflict', /over/),
    );
    await assert.rejects(
      startWork(ctx, engineer, { maintenanceId: maintenance.id }),
      refusal('conflict', /over/),
    );
    assert.equal(await readMaintenance(ctx, 'nothing'), null);
    await assert.rejects(
      startWork(ctx, engineer, { maintenanceId: 'nothing' }),
      refusal('not-found', /"nothing"/),
    );
  });

  it('goes by the work once people speak of it', async () => {
    const ctx = await open();
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    const given = { maintenanceId: maintenance.id };
    await assert.rejects(finishWork(ctx, engineer, given), refusal('conflict', /not begun/));
    ctx.clock.set(window.from + 500);
    assert.equal((await startWork(ctx, engineer, given)).status, 'in_progress');
    await assert.rejects(startWork(ctx, engineer, given), refusal('conflict', /already/));
    await assert.rejects(
      reannounceMaintenance(ctx, engineer, {
        ...given,
        ...window,
        from: window.from + 60_000,
        text,
      }),
      refusal('invalid-input', /begun/),
    );
    ctx.clock.set(window.from + 1_800_200);
    assert.equal((await finishWork(ctx, engineer, given)).status, 'completed');
    await assert.rejects(finishWork(ctx, engineer, given), refusal('conflict', /already/));
    const { facts, statement } = await readStatement(ctx, {
      componentId: 'saas',
      period: { kind: 'calendar-month', month: '2026-12' },
    });
    assert.deepEqual(facts.maintenances?.[0]?.work, {
      from: '2026-12-01T21:00:00Z',
      to: '2026-12-01T21:30:01Z',
    });
    assert.equal(statement.maintenances[0]?.qualifyingSeconds, 1801);
  });

  it('that is finished without a word of its beginning began with its window', async () => {
    const ctx = await open();
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    ctx.clock.set(window.from + 60_000);
    await finishWork(ctx, engineer, { maintenanceId: maintenance.id });
    const facts = await readFacts(ctx, {
      componentId: 'saas',
      period: { kind: 'calendar-month', month: '2026-12' },
    });
    assert.deepEqual(facts.maintenances?.[0]?.work, {
      from: '2026-12-01T21:00:00Z',
      to: '2026-12-01T21:01:00Z',
    });
  });

  it('tells each subscriber of a component once for each announcement', async () => {
    const ctx = await open();
    await subscribe(ctx, 'all', null);
    await subscribe(ctx, 'saas-only', ['saas']);
    await subscribe(ctx, 'others', ['flexkids']);
    const { maintenance } = await announceMaintenance(ctx, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    await ctx.clock.advance(1000);
    await cancelMaintenance(ctx, engineer, { maintenanceId: maintenance.id, text });
    const { q, t } = ctx.db.read;
    const rows = await q.select().from(t.outbox);
    assert.deepEqual(rows.map((row) => row.subscriberId).sort(), [
      'all',
      'all',
      'saas-only',
      'saas-only',
    ]);
    const told = await q.select().from(t.notifications);
    assert.deepEqual(told.map(({ content }) => 'event' in content && content.event).sort(), [
      'announced',
      'cancelled',
    ]);
  });

  it('keeps every announcement and its moment when fifty are made at once', async () => {
    const db = await databases.open();
    const other = await databases.again();
    const clock = controlledClock();
    const contexts = [db, other].map((one, index) =>
      testContext(one, { config: underRules, clock, idPrefix: `p${index}` }),
    );
    const { maintenance } = await announceMaintenance(contexts[0]!, engineer, {
      componentIds: ['saas'],
      ...window,
      text,
    });
    const moments = new Set<number>();
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const ctx = contexts[index % 2]!;
        const to = window.to + index * 60_000;
        const given = { maintenanceId: maintenance.id, from: window.from, to, text };
        const result = await reannounceMaintenance(ctx, engineer, given);
        const own = result.maintenance.announcements.find(
          (one) => one.to === to && one.at > clock.now(),
        );
        assert.ok(own, 'the answer shows what was announced');
        moments.add(own.at);
      }),
    );
    const found = await readMaintenance(contexts[0]!, maintenance.id);
    const ends = found!.announcements.map((one) => one.to);
    assert.equal(ends.length, 51);
    assert.equal(new Set(ends).size, 50);
    assert.equal(moments.size, 50);
    assert.deepEqual(
      [...moments].sort((a, b) => b - a),
      found!.announcements.slice(0, 50).map((one) => one.at),
    );
    assert.equal(found!.to, ends[0], 'the window is that of the last announcement');
    assert.equal(await readRevision(db.read), 51);
  });

  it('keeps all of fifty that are announced at once for the same components', async () => {
    const ctx = await open();
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        announceMaintenance(ctx, engineer, {
          componentIds: ['both', 'saas'],
          from: window.from + index * 60_000,
          to: window.to + index * 60_000,
          text,
        }),
      ),
    );
    const ids = new Set(made.map(({ maintenance }) => maintenance.id));
    assert.equal(ids.size, 50);
    for (const id of ids) {
      const found = await readMaintenance(ctx, id);
      assert.deepEqual(
        found?.announcements.map((one) => one.at),
        [ctx.clock.now()],
      );
    }
  });
});

async function subscribe(
  ctx: TestContext,
  id: string,
  componentIds: string[] | null,
): Promise<void> {
  await ctx.db.transact(async ({ q, t }) => {
    await q.insert(t.subscribers).values({
      id,
      channel: 'email',
      address: `${id}@example.test`,
      addressKey: `${id}@example.test`,
      language: 'nl',
      state: 'confirmed',
      componentIds,
      challengeTries: 0,
      createdAt: 1,
      version: 1,
    });
  });
}
