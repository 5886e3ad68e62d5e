import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const WHY = ['--reason', 'The addendum.'];

eachDatabase('upheld agreement', (databases) => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-agreement-'));
  const version = join(folder, '2027.yaml');
  let ctx: TestContext;
  let upheld: (...args: string[]) => Promise<Run>;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    upheld = commandLine(ctx);
    const record = recorder(ctx.db);
    const now = ctx.clock.now();
    await record.measured('fysioone', now - 400 * 86_400_000);
    await record.beat(now);
    writeFileSync(
      version,
      "label: '2027'\nvalidFrom: 2027-01-01\nreplaces:\n  availability.parts.all.norm: '99.9'\n",
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('list and show tell what is in use and what it says', async () => {
    const list = await upheld('agreement', 'list');
    assert.match(list.out, /^AGREEMENT +IN FORCE +TO COME +COVERS +NAME\n/);
    assert.match(list.out, /\nspotonmedics +as published +- +fysioone/);
    const { out } = await upheld('agreement', 'show', 'spotonmedics');
    assert.match(out, /How long before: 48 hours \[6\.8\]/);
    const file = await upheld('agreement', 'show', 'spotonmedics', '--file');
    assert.match(file.out, /^id: spotonmedics$/m);
    const json = await upheld('agreement', 'list', '--json');
    assert.equal((JSON.parse(json.out) as { agreements: unknown[] }).agreements.length > 0, true);
  });

  it('preview shows what a version would mean, adopt adopts it and withdraw takes it back', async () => {
    const seen = await upheld('agreement', 'preview', 'spotonmedics', version);
    assert.match(seen.out, /availability\.parts\.all\.norm +99% +99\.9% +7\.1/);
    assert.match(seen.out, /fysioone +all +100\.000000 of 99 met +100\.000000 of 99\.9 met/);
    assert.match(seen.out, /Nothing is changed yet\.\n$/);
    const adopted = await upheld('agreement', 'adopt', 'spotonmedics', version, ...WHY);
    assert.match(adopted.out, /2027 +2027-01-01 +to-come +\S+ \S+ +\S* *cli/);
    const on = await upheld('agreement', 'show', 'spotonmedics', '--on', '2027-01-01');
    assert.match(on.out, /What version "2027" says:[^]*at least 99\.9%/);
    const json = await upheld('agreement', 'show', 'spotonmedics', '--json');
    const { versions } = JSON.parse(json.out) as { versions: { id: string }[] };
    const id = versions[1]?.id ?? '';
    const back = await upheld('agreement', 'withdraw', 'spotonmedics', id, ...WHY);
    assert.match(back.out, /2027 +2027-01-01 +withdrawn/);
  });

  it('is looked at by the doctor, who finds versions that were written over', async () => {
    const none = await upheld('doctor', '--audit');
    assert.deepEqual([none.status, /agreements/.test(none.out)], [0, false]);
    await upheld('agreement', 'adopt', 'spotonmedics', version, ...WHY);
    const whole = await upheld('doctor', '--audit');
    assert.equal(whole.status, 0, whole.out);
    assert.match(whole.out, /✔ agreements {2}1 adopted version is what the audit log says/);
    const v = ctx.db.read.t.agreementVersions;
    const [row] = await ctx.db.read.q.select().from(v);
    assert.ok(row);
    await ctx.db.transact(async ({ q }) => {
      await q
        .update(v)
        .set({ source: row.source.replace('99.9', '90') })
        .returning({ id: v.id });
      const added = ['2026-01-01', '2026-02-01'].map((validFrom, n) => ({
        ...{ ...row, id: `planted-${n}`, validFrom },
      }));
      await q.insert(v).values(added).returning({ id: v.id });
    });
    const planted = await upheld('doctor', '--audit');
    assert.equal(planted.status, 1);
    assert.match(
      planted.out,
      /✖ agreements {2}version "2027" of spotonmedics from 2027-01-01 has other rules than those that were adopted\n +-> somebody wrote to the database without the product: compare it with a backup; /,
    );
    assert.match(planted.out, /from 2026-01-01 was adopted by nobody; .*; so it is with 1 more\n/);
    assert.match(planted.out, /2 things are wrong/);
  });

  it('check tells the faults of a file, each with its line', async () => {
    const ours = join(folder, 'ours.yaml');
    const file = (await upheld('agreement', 'show', 'spotonmedics', '--file')).out;
    writeFileSync(ours, file);
    const sound = await upheld('agreement', 'check', ours, '--words');
    assert.match(sound.out, /is sound: SpotOnMedics/);
    assert.match(sound.out, /How long before: 48 hours/);
    writeFileSync(ours, file.replace('{ hours: 48 }', '{ hours: soon }'));
    const broken = await upheld('agreement', 'check', ours);
    assert.equal(broken.status, 2);
    assert.match(broken.err, /ours\.yaml:\d+: .*hours: is a text; write a number/);
    assert.match((await upheld('agreement', 'check', 'nowhere.yaml')).err, /there is no such file/);
  });

  it('says what is wrong with a version', async () => {
    writeFileSync(version, "label: '2026'\nvalidFrom: 2026-01-01\nreplaces: {}\n");
    const refused = await upheld('agreement', 'adopt', 'spotonmedics', version, ...WHY);
    assert.equal(refused.status, 2);
    assert.match(refused.err, /line 2: validFrom is not after today \(2026-11-21\)/);
    assert.match((await upheld('agreement', 'show', 'spotonmedic')).err, /did you mean/);
  });
});
