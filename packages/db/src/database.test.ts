import { controlledClock } from '@upheld/testkit/clock.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { and, eq } from './query.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database, Handle } from './database.ts';
import { migrationsOf, pendingMigrations } from './migrate.ts';

const setting = async ({ q, t }: Handle, key: string): Promise<string | undefined> =>
  (await q.select().from(t.settings).where(eq(t.settings.key, key)))[0]?.value;

const put = async ({ q, t }: Handle, key: string, value: string): Promise<void> => {
  await q
    .insert(t.settings)
    .values({ key, value })
    .onConflictDoUpdate({ target: t.settings.key, set: { value } });
};

eachDatabase('a database', (databases) => {
  test('keeps what a transaction wrote when it resolves', async () => {
    const db = await databases.open();
    await db.transact((h) => put(h, 'a', '1'));
    assert.equal(await setting(db.read, 'a'), '1');
  });

  test('keeps nothing of a transaction that rejects, and goes on', async () => {
    const db = await databases.open();
    await assert.rejects(
      db.transact(async (h) => {
        await put(h, 'a', '1');
        throw new Error('changed my mind');
      }),
      /changed my mind/,
    );
    assert.equal(await setting(db.read, 'a'), undefined);
    await db.transact((h) => put(h, 'b', '2'));
    assert.equal(await setting(db.read, 'b'), '2');
  });

  test('does not show a reader what is not committed yet', async () => {
    const db = await databases.open();
    await db.transact(async (h) => {
      await put(h, 'a', '1');
      assert.equal(await setting(db.read, 'a'), undefined);
    });
  });

  test('refuses a transaction inside a transaction instead of waiting for itself', async () => {
    const db = await databases.open();
    await assert.rejects(
      db.transact(() => db.transact((h) => put(h, 'a', '1'))),
      /transact called inside transact/,
    );
  });

  test('gives exactly one winner when many compare and set the same version', async () => {
    const db = await databases.open();
    const other = await databases.again();
    await seedComponent(db);
    await db.transact(async ({ q, t }) => {
      await q
        .insert(t.monitors)
        .values({ id: 'm', componentId: 'c', state: 'up', pendingCount: 0, version: 1 });
    });
    const attempts = Array.from({ length: 16 }, (_, i) =>
      (i % 2 === 0 ? db : other).transact(async ({ q, t }) => {
        const won = await q
          .update(t.monitors)
          .set({ state: 'down', version: 2 })
          .where(and(eq(t.monitors.id, 'm'), eq(t.monitors.version, 1)))
          .returning({ id: t.monitors.id });
        return won.length;
      }),
    );
    const wins = await Promise.all(attempts);
    assert.equal(
      wins.reduce((sum, n) => sum + n, 0),
      1,
    );
  });

  test('holds at most one open detector incident for a component', async () => {
    const db = await databases.open();
    await seedComponent(db);
    await db.transact((h) => openIncident(h, 'i1'));
    await assert.rejects(db.transact((h) => openIncident(h, 'i2')));
    const rows = await db.read.q.select().from(db.read.t.incidents);
    assert.deepEqual(
      rows.map((row) => row.id),
      ['i1'],
    );
  });

  test('refuses a row that points at nothing', async () => {
    const db = await databases.open();
    await assert.rejects(
      db.transact(async ({ q, t }) => {
        await q
          .insert(t.monitors)
          .values({ id: 'm', componentId: 'nowhere', state: 'up', pendingCount: 0, version: 1 });
      }),
    );
  });

  test('lets nobody change or remove an announcement', async () => {
    const db = await databases.open();
    await db.transact(async ({ q, t }) => {
      await q.insert(t.maintenances).values({ ...maintenance, id: 'w' });
      await q.insert(t.announcements).values({
        id: 'a',
        maintenanceId: 'w',
        announcedAt: 5,
        windowFrom: 10,
        windowTo: 20,
        textNl: 'x',
        textEn: 'x',
        announcedBy: 'cli',
      });
    });
    await assert.rejects(
      db.transact(async ({ q, t }) => {
        await q.update(t.announcements).set({ announcedAt: 1 });
      }),
      appendOnly,
    );
    await assert.rejects(
      db.transact(async ({ q, t }) => {
        await q.delete(t.announcements);
      }),
      appendOnly,
    );
    const [row] = await db.read.q.select().from(db.read.t.announcements);
    assert.equal(row?.announcedAt, 5);
  });

  test('gives back booleans, json, nulls and instants beyond 2^31 as they went in', async () => {
    const db = await databases.open();
    const now = controlledClock().now();
    const row = {
      id: 's',
      channel: 'email' as const,
      address: 'Jan@Example.nl',
      addressKey: 'jan@example.nl',
      language: 'nl' as const,
      state: 'pending' as const,
      componentIds: ['a', 'b'],
      reminders: null,
      challengeNonce: null,
      challengeExpiresAt: null,
      challengeTries: 0,
      challengeSentAt: null,
      createdAt: now,
      confirmedAt: null,
      unsubscribedAt: null,
      version: 1,
    };
    await db.transact(async ({ q, t }) => {
      await q.insert(t.subscribers).values(row);
    });
    assert.deepEqual(await db.read.q.select().from(db.read.t.subscribers), [row]);
  });

  test('is migrated once however many open it, and a second opening finds the data', async () => {
    const db = await databases.open();
    await db.transact((h) => put(h, 'a', '1'));
    const others = await Promise.all([databases.again(), databases.again()]);
    for (const other of others) assert.equal(await setting(other.read, 'a'), '1');
  });
});

test('a database that a newer version wrote is refused in one line', () => {
  const steps = migrationsOf('sqlite');
  assert.throws(() => pendingMigrations(steps, Number.MAX_SAFE_INTEGER), /newer version of Upheld/);
  assert.deepEqual(pendingMigrations(steps, steps.at(-1)?.createdAt), []);
  assert.equal(pendingMigrations(steps, undefined).length, steps.length);
});

const appendOnly = (error: unknown): boolean =>
  error instanceof Error &&
  /append-only/.test(`${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`);

const maintenance = {
  kind: 'planned' as const,
  titleNl: 't',
  titleEn: 't',
  windowFrom: 10,
  windowTo: 20,
  createdAt: 5,
  createdBy: 'cli',
  updatedAt: 5,
  version: 1,
};

function seedComponent(db: Database): Promise<void> {
  return db.transact(async ({ q, t }) => {
    await q.insert(t.components).values({ id: 'c', createdAt: 1, updatedAt: 1 });
  });
}

async function openIncident({ q, t }: Handle, id: string): Promise<void> {
  await q.insert(t.incidents).values({
    id,
    titleNl: 't',
    titleEn: 't',
    status: 'investigating',
    impact: 'major',
    startedAt: 1,
    noticedAt: 1,
    createdBy: 'detector',
    openForComponent: 'c',
    updatedAt: 1,
    version: 1,
  });
}
