import { hashOf } from '@upheld/services/period/document.ts';
import { sql } from '@upheld/db/query.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder, type Recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const at = (text: string): number => Date.parse(text);
const october = ['fysioone', '2026-10'];

eachDatabase('upheld period', (databases) => {
  let ctx: TestContext;
  let record: Recorder;
  let folder: string;
  let upheld: (...args: string[]) => Promise<Run>;
  const outage = (from: string, to: string) =>
    record.outage({
      ...{ component: 'fysioone', monitor: 'fysioone-web', severity: { spotonmedics: 'a' } },
      ...{ from: at(from), to: at(to) },
    });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upheld-period-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    upheld = commandLine(ctx);
    record = recorder(ctx.db);
    await record.measured('fysioone', at('2026-09-01T00:00:00Z'));
    await record.beat(ctx.clock.now());
    await outage('2026-10-09T10:00:00Z', '2026-10-09T11:00:00Z');
  });
  const saved = async (name: string, ...args: string[]): Promise<string> => {
    const shown = await upheld('period', 'show', ...october, '--revision', ...args);
    assert.equal(shown.status, 0, shown.err);
    const file = join(folder, name);
    await writeFile(file, shown.out);
    return file;
  };

  it('closes what was seen, and tells what is open and what is closed', async () => {
    const list = await upheld('period', 'list');
    assert.match(list.out, /2026-10 +fysioone +spotonmedics/);
    assert.match(list.out, /No period is closed yet/);
    const seen = await upheld('period', 'preview', ...october);
    assert.match(seen.out, /all +99\.\d{6} +met +3600 s/);
    assert.match(seen.out, /Not measured: 0 s\.\nIt is not closed yet\./);
    const fingerprint = /Fingerprint: ([0-9a-f]{64})/.exec(seen.out)?.[1] ?? '';
    const closed = await upheld('period', 'close', ...october, '--fingerprint', fingerprint);
    assert.match(closed.out, /^2026-10 of fysioone under spotonmedics is closed, revision 1: /);
    const after = await upheld('period', 'list', '--component', 'fysioone');
    assert.match(
      after.out,
      /2026-10 +fysioone +spotonmedics +1 +2026-11-21 .* cli +no +[0-9a-f]{64}/,
    );
    const twice = await upheld('period', 'close', ...october);
    assert.deepEqual([twice.status, /closed already/.test(twice.err)], [1, true]);
    const open = await upheld('period', 'close', 'fysioone', '2026-11');
    assert.deepEqual([open.status, /period is not over/.test(open.err)], [2, true]);
  });

  it('gives documents away that anyone can verify, each revision after the one before', async () => {
    await upheld('period', 'close', ...october);
    await outage('2026-10-20T10:00:00Z', '2026-10-20T11:00:00Z');
    const shown = await upheld('period', 'show', ...october);
    assert.match(shown.out, /would give another statement/);
    const revised = await upheld(
      'period',
      'revise',
      ...october,
      '--reason',
      'One\nmore.',
      '--json',
    );
    const { hash } = JSON.parse(revised.out) as { hash: string };
    const both = await upheld('period', 'show', ...october);
    assert.match(both.out, new RegExp(`2 +2026-11-21 .*${hash} +One more\\.`));
    const one = await saved('1.json', '1');
    const two = await saved('2.json', '2');
    const fine = await upheld('period', 'verify', one, two, '--hash', hash);
    assert.equal(fine.status, 0, fine.err);
    assert.match(fine.out, /^[0-9a-f]{64} {2}fysioone spotonmedics 2026-10 revision 1; gives its/);
    const order = await upheld('period', 'verify', two, one);
    assert.deepEqual([order.status, /does not follow/.test(order.err)], [1, true]);
    const other = await upheld('period', 'verify', one, '--hash', hash);
    assert.deepEqual([other.status, /and not the one given/.test(other.err)], [1, true]);
  });

  it('finds a figure that somebody made better, and refuses what is no document', async () => {
    await upheld('period', 'close', ...october);
    const shown = await upheld('period', 'show', ...october, '--revision', '1');
    const file = join(folder, 'better.json');
    await writeFile(file, shown.out.replace(/"percent": "99\.\d+"/, '"percent": "99.999999"'));
    const better = await upheld('period', 'verify', file);
    assert.equal(better.status, 1);
    assert.match(
      better.err,
      /its facts and its agreement give another statement than the one in it/,
    );
    await writeFile(file, '{}');
    const none = await upheld('period', 'verify', file);
    assert.deepEqual([none.status, /it is no document/.test(none.err)], [2, true]);
    assert.equal((await upheld('period', 'verify', join(folder, 'absent.json'))).status, 2);
  });

  it('is looked at by the doctor, who finds a document that was written over', async () => {
    const { hash } = JSON.parse((await upheld('period', 'close', ...october, '--json')).out) as {
      hash: string;
    };
    const whole = await upheld('doctor', '--audit');
    assert.equal(whole.status, 0, whole.out);
    assert.match(whole.out, /1 revision of a closed period is what was frozen/);
    const { document } = ctx.db.read.t.closedPeriods;
    const trigger =
      ctx.db.dialect === 'sqlite'
        ? 'drop trigger closed_periods_no_update'
        : 'drop trigger closed_periods_append_only on closed_periods';
    await ctx.db.transact(async ({ q, t }) => {
      const all = q as unknown as {
        run(s: unknown): unknown;
        execute(s: unknown): Promise<unknown>;
      };
      if (ctx.db.dialect === 'sqlite') all.run(sql.raw(trigger));
      else await all.execute(sql.raw(trigger));
      await q
        .update(t.closedPeriods)
        .set({ document: sql`replace(${document}, 'Z', 'z')` })
        .returning({ id: t.closedPeriods.id });
    });
    const planted = await upheld('doctor', '--audit');
    assert.equal(planted.status, 1);
    assert.match(
      planted.out,
      /revision 1 of 2026-10 of fysioone .* is not what its hash was made of/,
    );
    const changed = await upheld('period', 'show', ...october, '--revision', '1');
    assert.notEqual(hashOf(changed.out), hash);
  });
});
