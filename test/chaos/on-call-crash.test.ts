import type { Config } from '@upheld/config/schema.ts';
import { openDatabase } from '@upheld/db/open.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext } from '@upheld/testkit/context.ts';
import { fastClock, type FastTime } from '@upheld/testkit/fast-clock.ts';
import { startOnCallServers, type OnCallServers } from '@upheld/testkit/on-call.ts';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Orders } from './on-call-child.ts';

/*
 * Processes that call people are killed as `kill -9` does it, after a step was taken and at every step of
 * its delivery, one after the other on the same database, until one is left alone to finish.
 */

const CHILD = fileURLToPath(new URL('./on-call-child.ts', import.meta.url));
const DEATHS = ['called', 'claimed', 'marked', 'sent', 'settled'];
const ROUNDS = 2;

describe('people on call, when the process is killed', () => {
  const time: FastTime = { was: Date.UTC(2026, 10, 23, 9), at: Date.now(), speed: 100 };
  const clock = fastClock(time);
  let called: OnCallServers;
  let folder = '';
  let config: Config;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upheld-on-call-'));
    called = await startOnCallServers({ now: () => clock.now() });
    config = testConfig(called.config({ rounds: ROUNDS }));
  });
  after(async () => {
    await called.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are each called once a step, and nobody is left out', async () => {
    const file = join(folder, 'upheld.db');
    const db = await openDatabase({ kind: 'sqlite', file });
    const ctx = { ...testContext(db, { config, idPrefix: 'a' }), clock };
    await openIncident(
      ctx,
      { name: 'detector' },
      {
        title: { nl: 'FysioOne is uit', en: 'FysioOne is down' },
        componentIds: ['fysioone'],
        body: { nl: 'x', en: 'x' },
        severity: 'a',
      },
    );
    for (const [index, dieAt] of [...DEATHS, null].entries()) {
      const orders: Orders = { file, config, time, dieAt, prefix: `b${index}` };
      const child = spawn(process.execPath, [CHILD, JSON.stringify(orders)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (dieAt === null) assert.equal(code, 0);
      // A process that found nothing to do at its step anymore ends by itself.
      else assert.ok(signal === 'SIGKILL' || code === 0);
    }
    const { q, t } = db.read;
    const [alert] = await q.select().from(t.alerts);
    assert.deepEqual([alert?.step, alert?.nextStepAt], [3 * ROUNDS, null]);
    const rows = await q.select().from(t.outbox);
    assert.equal(new Set(rows.map(({ dedupeKey }) => dedupeKey)).size, 3 * ROUNDS);
    for (const { state, reason } of rows) assert.equal(state, 'sent', reason ?? '');
    // At most once by text message; a copy of a mail or of a webhook has the id of the first.
    assert.equal(called.sms.count(), ROUNDS);
    assert.equal(new Set(called.mail.received.map(({ messageId }) => messageId)).size, ROUNDS);
    assert.equal(new Set(called.hooked.map(({ headers }) => headers['webhook-id'])).size, ROUNDS);
    await db.close();
  });
});
