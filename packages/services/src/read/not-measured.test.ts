import { createGuard } from '@upheld/probes/guard/guard.ts';
import type { InconclusiveCause } from '@upheld/domain/monitor/outcome.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { openRecorder, type Recorder } from '../check/recorder.ts';
import { resumeMeasuring, stopMeasuring } from '../check/resume.ts';
import { readMeasuringNow } from './not-measured.ts';

const MONITOR = 'fysioone-web';
const MINUTE = 60_000;

eachDatabase('what is not measured now', (databases) => {
  let ctx: TestContext;
  let recorder: Recorder;
  beforeEach(async () => {
    ctx = testContext(await databases.open());
    await resumeMeasuring(ctx, 'worker');
    recorder = await openRecorder(ctx, 'worker');
  });

  const see = async (
    outcome: 'ok' | 'failed' | { cause: InconclusiveCause; message: string },
  ): Promise<void> => {
    const at = ctx.clock.now();
    recorder.absorb({
      monitorId: MONITOR,
      dueAt: at,
      at,
      outcome:
        outcome === 'ok'
          ? { kind: 'ok', evidence: {} }
          : outcome === 'failed'
            ? { kind: 'failed', cause: 'status', evidence: {} }
            : {
                kind: 'inconclusive',
                cause: outcome.cause,
                evidence: { message: outcome.message },
              },
    });
    await recorder.flush();
    await recorder.beat(at);
    await ctx.clock.advance(MINUTE / 4);
    await recorder.beat(ctx.clock.now());
  };
  const now = async () => {
    const { monitors } = await readMeasuringNow(ctx);
    return monitors.find(({ id }) => id === MONITOR)?.notMeasured;
  };

  it('is nothing of a monitor that is new, that works, or that is down', async () => {
    assert.equal(await now(), null);
    await see('ok');
    assert.equal(await now(), null);
    for (let n = 0; n < 3; n += 1) await see('failed');
    assert.equal(await now(), null);
    const { measuring, monitors } = await readMeasuringNow(ctx);
    assert.deepEqual([measuring, monitors[0]?.state], [true, 'down']);
  });

  it('is told of one that never said anything, in the words of the guard, until it says something', async () => {
    const judged = createGuard([]).judge('10.0.0.8', 443);
    assert.ok(!judged.allowed);
    const since = ctx.clock.now();
    await see({ cause: 'address-not-allowed', message: judged.why });
    assert.deepEqual(await now(), {
      reason: 'inconclusive',
      since,
      why: '10.0.0.8 is not public (private)',
      remedy:
        'add "10.0.0.8/32:443" to probing.allow if checks may reach it, and have the file read again',
    });
    await see({ cause: 'address-not-allowed', message: judged.why });
    assert.equal((await now())?.since, since);
    await see('ok');
    assert.equal(await now(), null);
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.gaps)).length, 1);
  });

  it('has a remedy for every cause of ours', async () => {
    await see('ok');
    for (const [cause, remedy] of [
      ['no-route', /network/],
      ['no-resolver', /DNS/],
      ['overloaded', /check less often/],
      ['stopped', /upheld serve/],
      ['internal', /log/],
      ['address-not-allowed', /another address/],
    ] as const) {
      await see({ cause, message: 'a; b: c' });
      const told = await now();
      assert.match(told?.remedy ?? '', remedy, cause);
      if (cause !== 'address-not-allowed') assert.equal(told?.why, 'a; b: c');
      await see('ok');
    }
  });

  it('is told of one that is paused, also before it ever said anything', async () => {
    const config = testConfig();
    const [group] = config.groups;
    const [component] = group?.components ?? [];
    assert.ok(group && component);
    const monitors = component.monitors.map((one) => ({ ...one, paused: true }));
    ctx.configure({ ...config, groups: [{ ...group, components: [{ ...component, monitors }] }] });
    const told = await now();
    assert.deepEqual([told?.reason, told?.since], ['paused', null]);
  });

  it('is everything once the process falls silent', async () => {
    await see('ok');
    assert.equal((await readMeasuringNow(ctx)).measuring, true);
    await ctx.clock.advance(MINUTE);
    const { measuring, lastSignOfLife } = await readMeasuringNow(ctx);
    assert.deepEqual([measuring, lastSignOfLife], [false, ctx.clock.now() - MINUTE]);
  });

  it('is told of what was missed while nobody ran, until the next check', async () => {
    await see('ok');
    await stopMeasuring(ctx, 'worker');
    await ctx.clock.advance(10 * MINUTE);
    await resumeMeasuring(ctx, 'again');
    assert.match((await now())?.why ?? '', /^nobody measured after /);
    recorder = await openRecorder(ctx, 'again');
    await see('ok');
    assert.equal(await now(), null);
  });
});
