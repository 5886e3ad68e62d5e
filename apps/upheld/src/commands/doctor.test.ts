import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { eq } from '@upheld/db/query.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

eachDatabase('upheld doctor --audit', (databases) => {
  let ctx: TestContext;
  let upheld: (...args: string[]) => Promise<Run>;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    upheld = commandLine(ctx);
    for (const en of ['Slow', 'Slower'])
      await openIncident(
        ctx,
        { name: 'Ann', via: 'console' },
        { title: { nl: en, en }, componentIds: ['fysioone'], body: { nl: en, en } },
      );
  });

  it('says that every entry follows, and what to note of it', async () => {
    const run = await upheld('doctor', '--audit');
    assert.equal(run.status, 0, run.err);
    const head = /2 entries follow.* (2:[0-9a-f]{64})/.exec(run.out)?.[1] ?? '';
    assert.equal((await upheld('doctor', '--audit', head)).status, 0);
  });

  it('names what was cut off, and ends with 1', async () => {
    await ctx.db.transact(({ q, t }) =>
      q
        .update(t.settings)
        .set({ value: `3:${'a'.repeat(64)}` })
        .where(eq(t.settings.key, 'audit-head'))
        .returning(),
    );
    const run = await upheld('doctor', '--audit', '--json');
    assert.equal(run.status, 1);
    const { findings } = JSON.parse(run.out) as { findings: { message: string }[] };
    assert.deepEqual(
      findings.map(({ message }) => message),
      ['entry 3, the last one, is missing'],
    );
  });

  it('names an entry that is not the one that was noted', async () => {
    const run = await upheld('doctor', '--audit', `1:${'b'.repeat(64)}`);
    assert.equal(run.status, 1);
    assert.match(run.out, /entry 1 is whole, and not the one that was noted/);
  });

  it('refuses a head that is none', async () => {
    const run = await upheld('doctor', '--audit', 'soon');
    assert.deepEqual([run.status, /write a head as/.test(run.err)], [2, true]);
  });
});
