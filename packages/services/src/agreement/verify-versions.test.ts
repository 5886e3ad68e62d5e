import type { Handle } from '@upheld/db/database.ts';
import { eq } from '@upheld/db/query.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { recordAudit } from '../audit/record.ts';
import { verifyAudit } from '../audit/verify.ts';
import { HOLDS, type AdoptedRow } from './adopted-rows.ts';
import { adoptVersion, withdrawVersion } from './adopt-version.ts';
import { verifyVersions, type VersionFault } from './verify-versions.ts';

const NOW = Date.parse('2026-11-21T09:00:30Z');
const AGREEMENT = 'spotonmedics';
const mia = { name: 'Mia de Wit', via: 'console' as const };
const bas = { name: 'Bas Smit', via: 'api' as const };
const written = (label: string, validFrom: string): string =>
  `label: ${label}\nvalidFrom: ${validFrom}\nreplaces:\n  availability.parts.all.norm: '99.9'\n`;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          ...{ id: 'shop', name: 'Shop', monitors: [] },
          agreements: [{ agreement: AGREEMENT, component: 'fysioone' }],
        },
      ],
    },
  ],
});

eachDatabase('the adopted versions', (databases) => {
  let ctx: TestContext;
  beforeEach(async () => {
    ctx = testContext(await databases.open(), { config, clock: controlledClock(NOW) });
  });
  const adopt = (label: string, validFrom: string) =>
    adoptVersion(ctx, mia, {
      ...{ agreement: AGREEMENT, source: written(label, validFrom), reason: 'the addendum' },
    });
  const rowOf = async (label: string): Promise<AdoptedRow> => {
    const { q, t } = ctx.db.read;
    const v = t.agreementVersions;
    const [row] = await q.select().from(v).where(eq(v.label, label));
    assert.ok(row);
    return row;
  };
  /** One that was withdrawn and one that holds. */
  const adoptTwo = async (): Promise<void> => {
    await adopt('first', '2027-01-01');
    await ctx.clock.advance(60_000);
    const { id: versionId } = await rowOf('first');
    await withdrawVersion(ctx, bas, { agreement: AGREEMENT, versionId, reason: 'not signed' });
    await ctx.clock.advance(60_000);
    await adopt('second', '2027-02-01');
  };
  const faults = async () =>
    (await verifyVersions(ctx)).faults.map(({ label, fault }) => [label, fault]);
  const put = async (label: string, values: Partial<AdoptedRow>): Promise<void> => {
    const v = ctx.db.read.t.agreementVersions;
    const changed = await ctx.db.transact(({ q }) =>
      q.update(v).set(values).where(eq(v.label, label)).returning({ id: v.id }),
    );
    assert.equal(changed.length, 1);
  };

  it('are what the audit log says, withdrawn ones too', async () => {
    assert.deepEqual(await verifyVersions(ctx), { versions: 0, faults: [] });
    await adoptTwo();
    assert.deepEqual(await verifyVersions(ctx), { versions: 2, faults: [] });
    const { q, t } = ctx.db.read;
    const log = (await q.select().from(t.auditLog)).sort((a, b) => a.seq - b.seq);
    assert.deepEqual(
      log.map(({ after }) => after),
      [
        {
          ...{ agreement: AGREEMENT, label: 'first', validFrom: '2027-01-01' },
          ...{ source: written('first', '2027-01-01').trim(), reason: 'the addendum' },
          adoptedAt: '2026-11-21T09:00:30.000Z',
        },
        { reason: 'not signed', withdrawnAt: '2026-11-21T09:01:30.000Z' },
        {
          ...{ agreement: AGREEMENT, label: 'second', validFrom: '2027-02-01' },
          ...{ source: written('second', '2027-02-01').trim(), reason: 'the addendum' },
          adoptedAt: '2026-11-21T09:02:30.000Z',
        },
      ],
    );
  });

  it('are looked at while somebody adopts one, and nothing is said to be wrong', async () => {
    const other = { ...ctx, db: await databases.again() };
    const state = { isDone: false };
    const adopting = (async () => {
      for (let n = 1; n < 6; n += 1) await adopt(`v${n}`, `2027-0${n}-01`);
    })().finally(() => (state.isDone = true));
    while (!state.isDone) assert.deepEqual((await verifyVersions(other)).faults, []);
    await adopting;
    assert.deepEqual(await verifyVersions(other), { versions: 5, faults: [] });
  });

  describe('betray', () => {
    const day = 86_400_000;
    const withdrawal = { withdrawnAt: NOW, withdrawnBy: 'Bas Smit', withdrawnReason: 'no' };
    const none = { withdrawnAt: null, withdrawnBy: null, withdrawnReason: null };
    const cases: [what: string, of: string, values: Partial<AdoptedRow>, found: VersionFault[]][] =
      [
        ['other rules', 'second', { source: written('second', '2027-02-02') }, ['rewritten']],
        ['a byte more', 'second', { source: `${written('second', '2027-02-01')} ` }, ['rewritten']],
        ['rules of one that was withdrawn', 'first', { source: 'label: x' }, ['rewritten']],
        ['another first day', 'second', { validFrom: '2026-01-01' }, ['moved']],
        ['another agreement', 'second', { agreement: 'standard' }, ['misplaced']],
        ['one that does not hold any more', 'second', { holds: null }, ['ended']],
        ['a word in the place of yes', 'second', { holds: 'no' }, ['ended']],
        [
          'one that looks withdrawn in all',
          'second',
          { holds: null, version: 2, ...withdrawal },
          ['ended', 'relabelled'],
        ],
        ['a withdrawal of one that holds', 'second', withdrawal, ['ended']],
        ['one that holds again', 'first', { holds: HOLDS }, ['revived']],
        [
          'one that looks never withdrawn',
          'first',
          { holds: HOLDS, version: 1, ...none },
          ['revived', 'relabelled'],
        ],
        ['another reason', 'second', { reason: 'no' }, ['relabelled']],
        ['another person', 'second', { adoptedBy: 'Bas Smit' }, ['relabelled']],
        ['another moment', 'second', { adoptedAt: NOW - day }, ['relabelled']],
        ['another count of changes', 'second', { version: 7 }, ['relabelled']],
        ['another end', 'first', { withdrawnAt: NOW - day }, ['relabelled']],
        ['no end', 'first', { withdrawnAt: null }, ['relabelled']],
        ['another who ended it', 'first', { withdrawnBy: 'Mia de Wit' }, ['relabelled']],
        ['another reason of its end', 'first', { withdrawnReason: 'no' }, ['relabelled']],
        [
          'all of it at once, each by its kind',
          'second',
          { source: 'x', validFrom: '2026-01-01', agreement: 'standard', holds: null, reason: '' },
          ['rewritten', 'moved', 'misplaced', 'ended', 'relabelled'],
        ],
      ];
    for (const [what, label, values, found] of cases)
      it(what, async () => {
        await adoptTwo();
        await put(label, values);
        assert.deepEqual(
          await faults(),
          found.map((fault) => [label, fault]),
        );
        assert.equal((await verifyAudit(ctx)).ok, true);
      });

    it('another label, and are called by the one that was adopted', async () => {
      await adoptTwo();
      await put('second', { label: 'third' });
      assert.deepEqual(await faults(), [['second', 'relabelled']]);
    });

    const change = (work: (h: Handle) => Promise<unknown>) => ctx.db.transact(work);

    it('one more than was adopted', async () => {
      await adoptTwo();
      const row = await rowOf('second');
      const planted = { ...row, id: ctx.ids.next(), label: 'third', validFrom: '2026-01-01' };
      await change(({ q, t }) => q.insert(t.agreementVersions).values(planted).returning());
      assert.deepEqual(await faults(), [['third', 'added']]);
    });

    for (const label of ['first', 'second'])
      it(`that the ${label} one is gone`, async () => {
        await adoptTwo();
        const { id } = await rowOf(label);
        await change(({ q, t }) =>
          q.delete(t.agreementVersions).where(eq(t.agreementVersions.id, id)).returning(),
        );
        assert.deepEqual(await verifyVersions(ctx), {
          versions: 1,
          faults: [
            {
              ...{ agreement: AGREEMENT, label, fault: 'missing' },
              validFrom: label === 'first' ? '2027-01-01' : '2027-02-01',
            },
          ],
        });
      });
  });

  it('that were adopted before the log held the moment are judged by what it holds', async () => {
    const source = written('old', '2027-01-01');
    const row = {
      ...{ id: ctx.ids.next(), agreement: AGREEMENT, label: 'old', validFrom: '2027-01-01' },
      ...{ source, reason: 'the addendum', adoptedAt: NOW, adoptedBy: mia.name, version: 2 },
      ...{ withdrawnAt: NOW, withdrawnBy: bas.name, withdrawnReason: 'no', holds: null },
    };
    const { id: subject, agreement, label, validFrom, reason } = row;
    const named = { agreement, label, validFrom, source };
    await ctx.db.transact(async (h) => {
      await h.q.insert(h.t.agreementVersions).values(row).returning();
      await recordAudit(h, ctx, mia, {
        ...{ action: 'agreement.adopt', subject, after: { ...named, reason } },
      });
      await recordAudit(h, ctx, bas, {
        ...{ action: 'agreement.withdraw', subject, before: named, after: { reason: 'no' } },
      });
    });
    assert.deepEqual(await verifyVersions(ctx), { versions: 1, faults: [] });
    await put('old', { adoptedAt: NOW - 1, withdrawnAt: NOW - 1 });
    assert.deepEqual(await faults(), []);
    await put('old', { source: 'x' });
    assert.deepEqual(await faults(), [['old', 'rewritten']]);
  });
});
