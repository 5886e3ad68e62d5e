import { DomainError } from '@upheld/domain/errors.ts';
import type { Database } from '@upheld/db/database.ts';
import { sql, type SQL } from '@upheld/db/query.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../audit/list.ts';
import { verifyAudit } from '../audit/verify.ts';
import { correctOutage, withdrawCorrection } from '../correction/correct-outage.ts';
import { previewCorrection } from '../correction/preview-correction.ts';
import { readFacts, readStatement } from '../read/read-statement.ts';
import { readWorksheet } from '../read/read-worksheet.ts';
import { readRevision } from '../revision.ts';
import { closePeriod, revisePeriod } from './close-period.ts';
import { hashOf, readDocument, verifyDocument } from './document.ts';
import { listPeriods } from './list-periods.ts';
import { previewPeriod } from './preview-period.ts';
import { readPeriod, readRevisionDocument } from './read-period.ts';
import { verifyPeriods } from './verify-periods.ts';

const at = (text: string): number => Date.parse(text);
const NOW = at('2026-11-21T09:00:30Z');
const mia = { name: 'Mia de Wit', via: 'console' as const };
const bob = { name: 'Bob', via: 'api' as const };
const evidence = 'https://tickets.example.test/7';
const ofShop = { componentId: 'shop', agreement: 'spotonmedics' };
const october = { ...ofShop, period: '2026-10' };
const asMonth = { ...ofShop, period: { kind: 'calendar-month', month: '2026-10' } } as const;
const component = (id: string, agreements: object[]) => ({
  id,
  name: id,
  agreements: agreements as { agreement: string }[],
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
        component('files', [{ agreement: 'fundament-it', contractStart: '2024-03-01' }]),
        component('new', [{ agreement: 'spotonmedics', component: 'fysioone' }]),
      ],
    },
  ],
});

/** Says something to the database that no verb can. */
async function raw(db: Database, statement: SQL): Promise<void> {
  await db.transact(async ({ q }) => {
    const all = q as unknown as { run(s: SQL): unknown; execute(s: SQL): Promise<unknown> };
    if (db.dialect === 'sqlite') all.run(statement);
    else await all.execute(statement);
  });
}

async function dropTriggers(db: Database): Promise<void> {
  if (db.dialect === 'postgres')
    return raw(db, sql.raw('drop trigger closed_periods_append_only on closed_periods'));
  await raw(db, sql.raw('drop trigger closed_periods_no_update'));
  await raw(db, sql.raw('drop trigger closed_periods_no_delete'));
}

eachDatabase('a closed period', (databases) => {
  const open = async (): Promise<{ ctx: TestContext; record: Recorder }> => {
    const ctx = testContext(await databases.open(), { config, clock: controlledClock(NOW) });
    const record = recorder(ctx.db);
    await record.measured('shop', at('2026-08-10T00:00:00Z'));
    await record.measured('files', at('2024-06-01T00:00:00Z'));
    await record.beat(NOW);
    return { ctx, record };
  };
  const outage = async (ctx: TestContext, record: Recorder, from: string, to: string) => {
    const levels = { spotonmedics: 'a', 'infravision-cloud': 'top' };
    const { incidentId } = await record.outage({
      ...{ component: 'shop', from: at(from), to: at(to), severity: levels },
    });
    const { q, t } = ctx.db.read;
    const found = (await q.select().from(t.outages)).find((row) => row.incidentId === incidentId);
    assert.ok(found);
    return found.id;
  };
  const down = async (ctx: TestContext, query: object = {}): Promise<number> => {
    const { statement } = await readStatement(ctx, { ...asMonth, ...query });
    return statement.availability[0]!.seconds.down;
  };
  const refused = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => assert.fail('nothing was refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DomainError, String(error));
    return `${error.code}: ${error.message}`;
  };
  const documentOf = async (ctx: TestContext, revision?: number): Promise<string> =>
    (await readRevisionDocument(ctx, { ...october, revision })).document;
  const hour = ['2026-10-09T10:00:00Z', '2026-10-09T11:00:00Z'] as const;
  const later = ['2026-10-20T10:00:00Z', '2026-10-20T12:00:00Z'] as const;

  it('is what was seen, frozen with a hash that the audit log holds', async () => {
    const { ctx, record } = await open();
    await outage(ctx, record, ...hour);
    const seen = await previewPeriod(ctx, october);
    assert.deepEqual(
      [seen.current, seen.differs, seen.unmeasuredSeconds, seen.unfinished],
      [null, true, 0, { outages: [], tickets: [] }],
    );
    const before = await readStatement(ctx, asMonth);
    const facts = await readFacts(ctx, asMonth);
    const revision = await readRevision(ctx.db.read);
    const closed = await closePeriod(ctx, mia, { ...october, fingerprint: seen.fingerprint });
    assert.deepEqual(
      [closed.revision, closed.reason, closed.closedAt, closed.closedBy],
      [1, null, NOW, 'Mia de Wit'],
    );
    const text = await documentOf(ctx);
    const document = readDocument(text);
    assert.equal(hashOf(text), closed.hash);
    assert.deepEqual(
      [document.component, document.agreement, document.period, document.previous],
      ['shop', 'spotonmedics', '2026-10', null],
    );
    assert.deepEqual(document.facts, facts);
    assert.deepEqual(document.statement, before.statement);
    assert.deepEqual(document.statement, seen.statement);
    assert.deepEqual(
      await readStatement(ctx, asMonth).then((now) => now.statement),
      before.statement,
    );
    const [entry] = await listAudit(ctx, { limit: 1 });
    assert.deepEqual(
      [entry?.action, entry?.subject, entry?.actor, (entry?.after as { hash: string }).hash],
      ['period.close', closed.id, 'Mia de Wit', closed.hash],
    );
    assert.ok((await readRevision(ctx.db.read)) > revision);
    assert.deepEqual(verifyDocument(text), { ok: true, hash: closed.hash, document });
  });

  it('is found changed by any byte that is not what it was', async () => {
    const { ctx, record } = await open();
    await outage(ctx, record, ...hour);
    const { hash } = await closePeriod(ctx, mia, october);
    const bytes = Buffer.from(await documentOf(ctx));
    assert.equal(verifyDocument(bytes).ok, true);
    for (let n = 0; n < bytes.length; n += 97) {
      const flipped = Buffer.from(bytes);
      flipped[n] = (flipped[n] ?? 0) ^ 1;
      const verdict = verifyDocument(flipped);
      assert.ok(!verdict.ok || verdict.hash !== hash, `byte ${n}`);
    }
    const [figure] = readDocument(bytes.toString()).statement.availability;
    const better = bytes.toString().replace(`"down": ${figure!.seconds.down}`, '"down": 0');
    const verdict = verifyDocument(better);
    assert.equal(verdict.ok ? '' : verdict.kind, 'statement');
    const tidied = verifyDocument(JSON.stringify(JSON.parse(bytes.toString())));
    assert.equal(tidied.ok ? '' : tidied.kind, 'rewritten');
    const other = verifyDocument('{"format":"other"}');
    assert.equal(other.ok ? '' : other.kind, 'unreadable');
  });

  it('does not move by an incident that somebody backdates into it, until a manager says so', async () => {
    const { ctx, record } = await open();
    await outage(ctx, record, ...hour);
    const first = await closePeriod(ctx, mia, october);
    await outage(ctx, record, ...later);
    assert.equal(await down(ctx), 3600);
    const view = await readWorksheet(ctx, asMonth);
    assert.deepEqual(
      [view.statement.availability[0]?.seconds.down, view.outages.length, view.closed],
      [
        3600,
        1,
        {
          ...{ revision: 1, closedAt: '2026-11-21T09:00:30Z', hash: first.hash, reason: null },
          revisions: [
            { revision: 1, closedAt: '2026-11-21T09:00:30Z', hash: first.hash, reason: null },
          ],
          changedSince: true,
        },
      ],
    );
    const [closed] = (await listPeriods(ctx, { componentId: 'shop' })).closed;
    assert.deepEqual([closed?.current.revision, closed?.changedSince], [1, true]);
    await ctx.clock.advance(60_000);
    await record.beat(ctx.clock.now());
    const reason = 'A customer told us of a second outage.';
    const second = await revisePeriod(ctx, bob, { ...october, reason, expectedRevision: 1 });
    assert.equal(await down(ctx), 3600 + 7200);
    const { revisions, changedSince } = await readPeriod(ctx, october);
    assert.deepEqual(
      [revisions.map((one) => [one.revision, one.reason, one.closedBy]), changedSince],
      [
        [
          [1, null, 'Mia de Wit'],
          [2, reason, 'Bob'],
        ],
        false,
      ],
    );
    const [one, two] = [await documentOf(ctx, 1), await documentOf(ctx, 2)];
    assert.deepEqual([hashOf(one), hashOf(two)], [first.hash, second.hash]);
    assert.equal(readDocument(two).previous, first.hash);
    assert.equal(readDocument(two).reason, reason);
    assert.equal(verifyDocument(two).ok, true);
  });

  it('gets a new revision by a correction, with its reason and nothing else in it', async () => {
    const { ctx, record } = await open();
    const id = await outage(ctx, record, ...hour);
    await closePeriod(ctx, mia, october);
    await closePeriod(ctx, mia, { ...october, agreement: 'infravision-cloud' });
    await closePeriod(ctx, mia, { ...october, period: '2026-09' });
    await outage(ctx, record, ...later);
    const said = { outageId: id, kind: 'false-alarm' } as const;
    const preview = await previewCorrection(ctx, said);
    const named = preview.agreements.flatMap(({ agreement, periods }) =>
      periods.flatMap(({ period, revision, before, after }) =>
        revision === null
          ? []
          : [
              [agreement.reference, period, revision],
              [before, after].map((one) => one.availability[0]!.seconds.down),
            ],
      ),
    );
    assert.deepEqual(named, [
      ['spotonmedics', '2026-10', 2],
      [3600, 0],
      ['infravision-cloud', '2026-10', 2],
      [3600, 0],
    ]);
    const reason = 'Our probe was cut off.';
    const correction = await correctOutage(ctx, bob, { ...said, reason, evidence });
    assert.equal(await down(ctx), 0);
    assert.equal(await down(ctx, { agreement: 'infravision-cloud' }), 0);
    const { revisions, changedSince } = await readPeriod(ctx, october);
    assert.deepEqual(
      revisions.map((one) => [one.revision, one.reason, one.correctionId]),
      [
        [1, null, null],
        [2, reason, correction.id],
      ],
    );
    assert.equal(changedSince, true);
    assert.equal((await readPeriod(ctx, { ...october, period: '2026-09' })).revisions.length, 1);
    const downs = [1, 2].map(async (n) => {
      const { statement } = readDocument(await documentOf(ctx, n));
      return statement.availability[0]?.seconds.down;
    });
    assert.deepEqual(await Promise.all(downs), [3600, 0]);
    await withdrawCorrection(ctx, bob, {
      ...{ correctionId: correction.id, reason: 'It was down after all.', evidence },
    });
    assert.equal(await down(ctx), 3600);
    assert.equal(
      (await readPeriod(ctx, october)).revisions.at(-1)?.reason,
      'It was down after all.',
    );
    const verdict = await verifyPeriods(ctx);
    assert.deepEqual(verdict, { revisions: 7, faults: [], otherwise: [] });
    assert.equal((await verifyAudit(ctx)).ok, true);
  });

  it('stays as it is by a correction of what was never in it', async () => {
    const { ctx, record } = await open();
    await outage(ctx, record, ...hour);
    await closePeriod(ctx, mia, october);
    const late = await outage(ctx, record, ...later);
    await correctOutage(ctx, bob, {
      ...{ outageId: late, kind: 'cause', cause: 'force-majeure', reason: 'A flood.', evidence },
    });
    assert.equal((await readPeriod(ctx, october)).revisions.length, 1);
    assert.equal(await down(ctx), 3600);
  });

  it('is closed once by two managers at the same moment', async () => {
    const { ctx } = await open();
    const other = { ...ctx, db: await databases.again() };
    const done = await Promise.allSettled([
      closePeriod(ctx, mia, october),
      closePeriod(other, bob, october),
      closePeriod(ctx, bob, october),
    ]);
    const lost = done.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    assert.equal(lost.length, 2);
    assert.ok(lost.every((error) => error instanceof DomainError && error.code === 'conflict'));
    assert.equal((await readPeriod(ctx, october)).revisions.length, 1);
    assert.deepEqual((await verifyPeriods(ctx)).faults, []);
  });

  it('takes every correction in that is made while it is closed', async () => {
    const { ctx, record } = await open();
    const id = await outage(ctx, record, ...hour);
    const other = { ...ctx, db: await databases.again() };
    await Promise.all([
      closePeriod(ctx, mia, october),
      correctOutage(other, bob, { outageId: id, kind: 'false-alarm', reason: 'No.', evidence }),
    ]);
    assert.equal(await down(ctx), 0);
    assert.equal((await readPeriod(ctx, october)).changedSince, false);
  });

  describe('is refused', () => {
    const cases: [what: string, query: object, line: RegExp][] = [
      [
        'what is not over',
        { period: '2026-11' },
        /^invalid-input: period is not over; it ends on 2026-12-01/,
      ],
      [
        'what is another one every moment',
        { period: 'rolling-12-months:2026-11-01T00:00:00Z' },
        /^invalid-input: period is none that can be closed; write a month/,
      ],
      ['what is no period', { period: 'may' }, /^invalid-input: period is none that can be closed/],
      [
        'a contract year of a contract that began nobody knows when',
        { period: 'contract-year:2024-03-01:1' },
        /^invalid-input: period is unknown: nobody configured when/,
      ],
      [
        'one that counts from another day',
        { componentId: 'files', agreement: 'fundament-it', period: 'contract-year:2024-04-01:1' },
        /^invalid-input: period counts from another day; .* 2024-03-01/,
      ],
      [
        'what lies before measuring began',
        { period: '2026-07' },
        /^invalid-input: period cannot be closed: nothing was measured in it/,
      ],
      ['a component that is none', { componentId: 'shpo' }, /^not-found: .*did you mean "shop"/],
    ];
    for (const [what, query, line] of cases)
      it(what, async () => {
        const { ctx } = await open();
        const asked = { ...october, ...query };
        assert.match(await refused(closePeriod(ctx, mia, asked)), line);
        assert.match(await refused(previewPeriod(ctx, asked)), line);
        assert.deepEqual((await verifyPeriods(ctx)).revisions, 0);
      });

    it('what is closed already, and a revision that says nothing new', async () => {
      const { ctx, record } = await open();
      const reason = 'To be sure.';
      const early = { ...october, reason };
      assert.match(await refused(revisePeriod(ctx, mia, early)), /^not-found: .*not closed yet/);
      await closePeriod(ctx, mia, october);
      const twice = await refused(closePeriod(ctx, mia, october));
      assert.match(twice, /^conflict: 2026-10 is closed already, with revision 1/);
      const same = await refused(revisePeriod(ctx, mia, early));
      assert.match(same, /^conflict: nothing that is recorded of 2026-10 differs from revision 1/);
      await outage(ctx, record, ...hour);
      const stale = revisePeriod(ctx, mia, { ...early, expectedRevision: 2 });
      assert.match(await refused(stale), /^conflict: /);
      assert.match(
        await refused(revisePeriod(ctx, mia, { ...early, reason: ' ' })),
        /^invalid-input: reason is empty/,
      );
    });

    it('what is no longer what was seen', async () => {
      const { ctx, record } = await open();
      const { fingerprint } = await previewPeriod(ctx, october);
      await outage(ctx, record, ...hour);
      const line = await refused(closePeriod(ctx, mia, { ...october, fingerprint }));
      assert.match(line, /^conflict: what is recorded of the period changed since you looked/);
    });
  });

  it('is offered while it is open: months since measuring began, and the years of its agreement', async () => {
    const { ctx } = await open();
    const { open: offered } = await listPeriods(ctx);
    const of = (id: string) =>
      offered.flatMap((one) =>
        one.component.id === id ? [`${one.agreement.reference} ${one.period}`] : [],
      );
    assert.deepEqual(of('shop').sort(), [
      'infravision-cloud 2026-08',
      'infravision-cloud 2026-09',
      'infravision-cloud 2026-10',
      'spotonmedics 2026-08',
      'spotonmedics 2026-09',
      'spotonmedics 2026-10',
    ]);
    const years = of('files').filter((one) => one.includes('contract-year'));
    assert.deepEqual(years, [
      'fundament-it contract-year:2024-03-01:2',
      'fundament-it contract-year:2024-03-01:1',
    ]);
    assert.equal(of('files').length, 24 + 2);
    assert.deepEqual(of('new'), []);
    await closePeriod(ctx, mia, october);
    const after = await listPeriods(ctx, { componentId: 'shop' });
    assert.deepEqual([after.open.length, after.closed.length], [5, 1]);
  });

  it('is kept and told when the configuration no longer knows its component', async () => {
    const { ctx } = await open();
    await closePeriod(ctx, mia, october);
    ctx.configure(testConfig());
    const { closed } = await listPeriods(ctx);
    assert.deepEqual(
      closed.map((one) => [one.component.name.en, one.changedSince]),
      [['shop', null]],
    );
    assert.equal((await readPeriod(ctx, october)).revisions.length, 1);
  });

  it('is append-only for the database too', async () => {
    const { ctx } = await open();
    await closePeriod(ctx, mia, october);
    for (const line of ["update closed_periods set reason = 'x'", 'delete from closed_periods'])
      await assert.rejects(raw(ctx.db, sql.raw(line)));
  });

  describe('betrays to the doctor', () => {
    const cases: [what: string, change: string, fault: string][] = [
      [
        'a figure that was written over',
        `update closed_periods set document = replace(document, '"down": 3600', '"down": 0000') where revision = 1`,
        'changed',
      ],
      [
        'a hash that fits nothing',
        `update closed_periods set hash = '0' where revision = 2`,
        'changed',
      ],
      [
        'a row of another period',
        `update closed_periods set period = '2026-09' where revision = 2`,
        'misplaced',
      ],
      ['a revision that is gone', 'delete from closed_periods where revision = 2', 'missing'],
      ...[
        "reason = 'A slip of the pen.'",
        "closed_by = 'Nobody'",
        'closed_at = closed_at - 86400000',
        "correction_id = 'one'",
        // So that no correction finds it any more.
        'span_from = span_from - 31536000000, span_to = span_to - 31536000000',
      ].map((words): [string, string, string] => [
        `a row beside its document, with ${words}`,
        `update closed_periods set ${words} where revision = 2`,
        'relabelled',
      ]),
    ];
    const closedTwice = async (): Promise<TestContext> => {
      const { ctx, record } = await open();
      await outage(ctx, record, ...hour);
      await closePeriod(ctx, mia, october);
      await outage(ctx, record, ...later);
      await revisePeriod(ctx, mia, { ...october, reason: 'One more.' });
      assert.deepEqual(await verifyPeriods(ctx), { revisions: 2, faults: [], otherwise: [] });
      await dropTriggers(ctx.db);
      return ctx;
    };
    for (const [what, change, fault] of cases)
      it(what, async () => {
        const ctx = await closedTwice();
        await raw(ctx.db, sql.raw(change));
        const { faults } = await verifyPeriods(ctx);
        assert.deepEqual(
          faults.map((one) => one.fault),
          [fault],
        );
      });

    it('a document that was written anew, with a hash that fits it', async () => {
      const ctx = await closedTwice();
      const row = await readRevisionDocument(ctx, october);
      const document = row.document.replace('One more.', 'Or other.');
      assert.equal(verifyDocument(document).ok, true);
      const { t } = ctx.db.read;
      await ctx.db.transact(({ q }) =>
        q
          .update(t.closedPeriods)
          .set({ document, hash: hashOf(document) })
          .where(sql`revision = 2`)
          .returning({ id: t.closedPeriods.id }),
      );
      const { faults } = await verifyPeriods(ctx);
      assert.deepEqual(
        faults.map((one) => [one.revision, one.fault]),
        [[2, 'other-than-sealed']],
      );
    });
  });

  it('is looked at while somebody closes others, and nothing is said to be wrong', async () => {
    const { ctx } = await open();
    const other = { db: await databases.again() };
    const state = { isDone: false };
    const closing = (async () => {
      for (const month of ['08', '09', '10'])
        for (const agreement of ['spotonmedics', 'infravision-cloud'])
          await closePeriod(ctx, mia, { ...ofShop, agreement, period: `2026-${month}` });
    })().finally(() => (state.isDone = true));
    while (!state.isDone) assert.deepEqual((await verifyPeriods(other)).faults, []);
    await closing;
    assert.equal((await verifyPeriods(other)).revisions, 6);
  });
});
