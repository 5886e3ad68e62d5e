import { openDatabase } from '@upheld/db/open.ts';
import { createSeries } from '@upheld/services/maintenance/series.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testContext } from '@upheld/testkit/context.ts';
import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSeries } from './start-series.ts';

const HOUR = 3_600_000;

test('announces an occurrence when its moment comes, wakes the outbox, and stops', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-series-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
  t.after(() => db.close());
  const ctx = testContext(db, { clock: controlledClock(Date.parse('2026-11-20T00:59:00Z')) });
  await createSeries(
    ctx,
    { name: 'jan' },
    {
      componentIds: ['fysioone'],
      text: { nl: 'x', en: 'x' },
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      localStart: '2026-11-22T02:00',
      durationSeconds: 3600,
      announceSeconds: (48 * HOUR) / 1000,
    },
  );
  const heard = new EventEmitter();
  const loop = startSeries(ctx, { onAnnounced: () => heard.emit('announced') });
  while (ctx.clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  const rows = () => db.read.q.select().from(db.read.t.announcements);
  assert.deepEqual(await rows(), []);
  const announced = once(heard, 'announced');
  await ctx.clock.advance(60_000);
  await announced;
  assert.equal((await rows()).length, 1);
  await loop.stop();
});
