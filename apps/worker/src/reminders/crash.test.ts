import { openDatabase } from '@upheld/db/open.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { testContext } from '@upheld/testkit/context.ts';
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./crash-child.case.ts', import.meta.url));
const HOUR = 3_600_000;
const PEOPLE = 3000;

test('killed while it reminds, nobody is left out and nobody is reminded twice', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-reminders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'upheld.db');
  const db = await openDatabase({ kind: 'sqlite', file });
  t.after(() => db.close());
  const ctx = testContext(db);
  const now = ctx.clock.now();
  await db.transact(async ({ q, t: { subscribers } }) => {
    for (let i = 0; i < PEOPLE; i += 1)
      await q.insert(subscribers).values({
        id: `person-${i}`,
        channel: 'email',
        address: `p${i}@example.test`,
        addressKey: `p${i}@example.test`,
        language: 'nl',
        state: 'confirmed',
        componentIds: null,
        reminders: ['24h'],
        challengeTries: 0,
        createdAt: now,
        confirmedAt: now,
        version: 1,
      });
  });
  const from = now + 30 * HOUR;
  const text = { nl: 'x', en: 'x' };
  await announceMaintenance(
    ctx,
    { name: 'jan' },
    {
      componentIds: ['fysioone'],
      from,
      to: from + HOUR,
      text,
    },
  );

  const reminded = async (): Promise<number> => {
    const rows = await db.read.q.select().from(db.read.t.outbox);
    return rows.filter(({ dedupeKey }) => dedupeKey.startsWith('reminder:')).length;
  };
  const live = async (life: number, until: (written: Promise<unknown>) => Promise<unknown>) => {
    const child = fork(CHILD, [file, String(life), String(from - 24 * HOUR)]);
    const gone = once(child, 'exit');
    const [first] = (await once(child, 'message')) as [string];
    assert.equal(first, 'begins');
    await until(once(child, 'message'));
    child.kill('SIGKILL');
    await gone;
  };
  for (let life = 1; life <= 6; life += 1) {
    await live(life, () => wait(life * 12));
    const so = await reminded();
    assert.ok(so === 0 || so === PEOPLE, `all or nobody, not ${so}`);
    if (so === PEOPLE) break;
  }
  if ((await reminded()) === 0) await live(7, (written) => written);
  await live(8, () => wait(300));
  assert.equal(await reminded(), PEOPLE);
});
