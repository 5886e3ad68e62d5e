import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { commandLine, type Run } from '../../test/command-line.ts';

const WHY = ['--reason', 'Our probe\nwas cut off.', '--evidence', 'ticket 7'];

eachDatabase('upheld correction', (databases) => {
  let ctx: TestContext;
  let upheld: (...args: string[]) => Promise<Run>;
  let outage: string;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    upheld = commandLine(ctx);
    const record = recorder(ctx.db);
    const now = ctx.clock.now();
    await record.measured('fysioone', now - 400 * 86_400_000);
    await record.beat(now);
    const severity = { spotonmedics: 'a' };
    await record.outage({
      component: 'fysioone',
      from: now - 7_200_000,
      to: now - 3_600_000,
      severity,
    });
    const { q, t } = ctx.db.read;
    outage = (await q.select().from(t.outages))[0]?.id ?? '';
  });

  it('preview shows every figure before and after, and changes none', async () => {
    const { out, status } = await upheld('correction', 'preview', outage, '--kind', 'false-alarm');
    assert.equal(status, 0);
    assert.match(out, /^SpotOnMedics/);
    assert.match(out, /2026-11 +all +99\.\d{6} met +100\.000000 met +-3600 s/);
    assert.match(out, /Nothing is changed yet\.\n$/);
    assert.match((await upheld('correction', 'list')).out, /There is no such correction/);
  });

  it('add corrects it in the name of the command, and withdraw takes that back', async () => {
    const added = await upheld('correction', 'add', outage, '--kind', 'false-alarm', ...WHY);
    assert.match(added.out, /^Outage of fysioone \(.+\) is corrected: false-alarm/);
    const outages = await upheld('correction', 'outages', 'fysioone', '--period', '2026-11');
    assert.match(outages.out, /3600 s down +a false alarm +Outage of fysioone/);
    const list = await upheld('correction', 'list', '--component', 'fysioone', '--json');
    const [{ id } = { id: '' }] = (JSON.parse(list.out) as { corrections: { id: string }[] })
      .corrections;
    const seen = await upheld('correction', 'preview-withdrawal', id);
    assert.match(seen.out, /\+3600 s/);
    const back = await upheld('correction', 'withdraw', id, ...WHY);
    assert.match(back.out, /is no longer corrected/);
    const table = (await upheld('correction', 'list')).out;
    assert.match(table, /withdrawn +2026-11-21 .+ cli +fysioone/);
    assert.match(table, /Our probe was cut off\./);
  });

  it('says what is missing', async () => {
    const mute = await upheld('correction', 'add', outage, '--kind', 'false-alarm');
    assert.deepEqual([mute.status, /--reason/.test(mute.err)], [2, true]);
    const bare = await upheld('correction', 'add', outage, '--kind', 'cause', ...WHY);
    assert.equal(bare.status, 2);
    assert.match(bare.err, /cause is missing/);
    const unknown = await upheld('correction', 'preview', 'x', '--kind', 'false-alarm');
    assert.match(unknown.err, /there is no outage "x"/);
    const period = await upheld('correction', 'outages', 'fysioone', '--period', 'soon');
    assert.match(period.err, /--period: "soon" is no period/);
  });
});
