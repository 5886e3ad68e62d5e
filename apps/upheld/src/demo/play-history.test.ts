import { parseConfig } from '@upheld/config/load.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { readPage } from '@upheld/services/read/page.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemIds } from '../compose/system.ts';
import { demoConfig } from './demo-config.ts';
import { planHistory } from './plan-history.ts';
import { playHistory } from './play-history.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 30);
const folder = mkdtempSync(join(tmpdir(), 'upheld-demo-'));
after(() => rm(folder, { recursive: true, force: true }));

describe('a year that is played', () => {
  it('leaves a page with a year measured, every outage in it and nothing open', async () => {
    const url = 'http://127.0.0.1:4001/health';
    const loaded = parseConfig(
      demoConfig({
        publicUrl: 'http://localhost:3000',
        steadyUrl: url,
        flappingUrl: url,
        slowUrl: url,
        smtpPort: 2525,
        smsUrl: 'http://127.0.0.1:4004',
      }),
      {},
    );
    assert.ok(loaded.ok);
    const db = await openDatabase({ kind: 'sqlite', file: join(folder, 'upheld.db') });
    const ctx = testContext(db, { config: loaded.config, clock: controlledClock(NOW) });
    const history = planHistory(NOW);
    const began = performance.now();
    await playHistory(ctx, systemIds, history, NOW);
    assert.ok(performance.now() - began < 30_000);

    const outages = await db.read.q.select().from(db.read.t.outages);
    assert.equal(outages.length, history.outages.length);
    assert.ok(outages.every((outage) => outage.endedAt !== null));
    assert.deepEqual(await db.read.q.select().from(db.read.t.outbox), []);

    const page = await readPage(ctx);
    assert.ok(page);
    assert.deepEqual(page.openIncidents, []);
    assert.equal(page.maintenances.length, 1);
    for (const component of page.groups.flatMap((group) => group.components)) {
      assert.ok(component.availability.length > 0, component.id);
      for (const figure of component.availability) {
        assert.match(figure.percent ?? '', /^99\.\d+$/);
        assert.equal(figure.measuredSince, null);
      }
    }
    await db.close();
  });
});
