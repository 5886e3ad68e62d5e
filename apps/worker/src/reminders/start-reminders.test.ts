import type { Channel } from '@upheld/domain/notify/delivery.ts';
import type { Reminder } from '@upheld/domain/notify/reminders.ts';
import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import {
  cancelMaintenance,
  reannounceMaintenance,
} from '@upheld/services/maintenance/change-maintenance.ts';
import { finishWork, startWork } from '@upheld/services/maintenance/work.ts';
import { settle } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { startOutbox } from '../outbox/start-outbox.ts';
import type { Loop } from '../loop.ts';
import { startReminders } from './start-reminders.ts';

const HOUR = 3_600_000;
const jan = { name: 'jan' };
const text = { nl: 'We vervangen een schijf.', en: 'We replace a disk.' };
const title = { nl: 'Database bijwerken', en: 'Upgrade of the database' };

/** Moves time on and wakes everybody once, at the end of it. */
async function jump(ctx: TestContext, hours: number): Promise<void> {
  ctx.clock.set(ctx.clock.now() + hours * HOUR);
  await ctx.clock.advance(0);
}

/** Until the loop waits for its next turn. */
async function asleep(ctx: TestContext, sleepers = 1): Promise<void> {
  while (ctx.clock.sleepers < sleepers) await settle();
}

async function subscribe(
  ctx: TestContext,
  channel: Channel,
  reminders: Reminder[] | null,
  over: { componentIds?: string[] } = {},
): Promise<string> {
  const id = ctx.ids.next();
  const address = channel === 'sms' ? `+3161234${id.slice(-4)}` : `${id}@example.test`;
  await ctx.db.transact(({ q, t }) =>
    q.insert(t.subscribers).values({
      id,
      channel,
      address,
      addressKey: address,
      language: 'nl',
      state: 'confirmed',
      componentIds: over.componentIds ?? null,
      reminders,
      challengeTries: 0,
      createdAt: ctx.clock.now(),
      confirmedAt: ctx.clock.now(),
      version: 1,
    }),
  );
  return id;
}

/** What was written so far of reminders: who, and which. */
async function reminded(ctx: TestContext): Promise<string[]> {
  const { q, t } = ctx.db.read;
  const contents = new Map(
    (await q.select().from(t.notifications)).map((row) => [row.id, row.content]),
  );
  return (await q.select().from(t.outbox))
    .flatMap((row) => {
      const content = contents.get(row.notificationId);
      return content?.kind === 'reminder' ? [`${row.subscriberId} ${content.reminder}`] : [];
    })
    .sort();
}

eachDatabase('the reminders', (databases) => {
  const loops: Loop[] = [];
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));

  const open = async (config = testConfig()) => {
    const ctx = testContext(await databases.open(), { config });
    const announce = async (hoursAhead: number, hours = 2) => {
      const from = ctx.clock.now() + hoursAhead * HOUR;
      const window = { from, to: from + hours * HOUR };
      const input = { componentIds: ['fysioone'], ...window, title, text };
      return (await announceMaintenance(ctx, jan, input)).maintenance;
    };
    const start = async (): Promise<Loop> => {
      const loop = startReminders(ctx);
      loops.push(loop);
      await asleep(ctx, loops.length);
      return loop;
    };
    const pass = async (hours: number): Promise<void> => {
      await jump(ctx, hours);
      await asleep(ctx, loops.length);
    };
    return { ctx, announce, start, pass };
  };

  it('come at the moments that each subscriber chose, each once', async () => {
    const { ctx, announce, start, pass } = await open();
    const all = await subscribe(ctx, 'email', ['24h', '1h', 'start', 'end']);
    const mail = await subscribe(ctx, 'email', null);
    const sms = await subscribe(ctx, 'sms', null);
    await subscribe(ctx, 'email', []);
    await subscribe(ctx, 'email', ['24h'], { componentIds: ['another'] });
    await announce(30);
    await start();
    await pass(5.9);
    assert.deepEqual(await reminded(ctx), []);
    await pass(0.1);
    assert.deepEqual(await reminded(ctx), [`${all} 24h`, `${mail} 24h`]);
    await pass(23);
    assert.deepEqual(await reminded(ctx), [`${all} 1h`, `${all} 24h`, `${mail} 24h`, `${sms} 1h`]);
    await pass(1);
    assert.ok((await reminded(ctx)).includes(`${all} start`));
    await pass(2);
    assert.ok((await reminded(ctx)).includes(`${all} end`));
    await pass(100);
    assert.equal((await reminded(ctx)).length, 6);
  });

  it('are not sent twice by a process that starts again, nor by two at once', async () => {
    const { ctx, announce, start, pass } = await open();
    await subscribe(ctx, 'email', ['24h', 'start']);
    await announce(30);
    await start();
    await pass(6);
    await loops.pop()?.stop();
    for (let i = 0; i < 5; i += 1) await start();
    assert.equal((await reminded(ctx)).length, 1);
    await pass(24);
    assert.equal((await reminded(ctx)).length, 2);
  });

  it('come at the moment itself, not at the next look', async () => {
    const { ctx, announce, start, pass } = await open();
    const who = await subscribe(ctx, 'email', ['24h']);
    await announce(30);
    await start();
    await pass(6 - 1 / 360);
    assert.deepEqual(await reminded(ctx), []);
    await ctx.clock.advance(10_000);
    await asleep(ctx);
    assert.deepEqual(await reminded(ctx), [`${who} 24h`]);
  });

  it('are late after the process was away, or left out where they say nothing any more', async () => {
    const { ctx, announce, start } = await open();
    const who = await subscribe(ctx, 'email', ['24h', '1h', 'start']);
    const { from } = await announce(30);
    ctx.clock.set(from - 5 * HOUR);
    await start();
    assert.deepEqual(await reminded(ctx), [`${who} 24h`], 'it still says when');
    await loops.pop()?.stop();
    ctx.clock.set(from + 1.5 * HOUR);
    await start();
    assert.deepEqual(await reminded(ctx), [`${who} 24h`], 'neither 1h nor start is news now');
  });

  it('speak of the window in force: moved anew, cancelled never', async () => {
    const { ctx, announce, start, pass } = await open();
    const who = await subscribe(ctx, 'email', ['24h']);
    const moved = await announce(30);
    const cancelled = await announce(31);
    await start();
    await pass(6);
    assert.deepEqual(await reminded(ctx), [`${who} 24h`]);
    const [from, to] = [moved.from + 48 * HOUR, moved.to + 48 * HOUR];
    await reannounceMaintenance(ctx, jan, { maintenanceId: moved.id, from, to, text });
    await cancelMaintenance(ctx, jan, { maintenanceId: cancelled.id, text });
    await pass(24);
    assert.deepEqual(await reminded(ctx), [`${who} 24h`]);
    await pass(24);
    assert.deepEqual(await reminded(ctx), [`${who} 24h`, `${who} 24h`]);
  });

  it('leave out what was announced less than a day before', async () => {
    const { ctx, announce, start, pass } = await open();
    const who = await subscribe(ctx, 'email', ['24h', '1h']);
    await announce(20);
    await start();
    assert.deepEqual(await reminded(ctx), []);
    await pass(19);
    assert.deepEqual(await reminded(ctx), [`${who} 1h`]);
  });

  it('tell that the work began early and ended late', async () => {
    const { ctx, announce, start, pass } = await open();
    const who = await subscribe(ctx, 'sms', ['start', 'end']);
    const { id: maintenanceId } = await announce(3);
    await start();
    await pass(2);
    await startWork(ctx, jan, { maintenanceId });
    await pass(0.01);
    assert.deepEqual(await reminded(ctx), [`${who} start`]);
    await pass(5);
    assert.deepEqual(await reminded(ctx), [`${who} start`]);
    await finishWork(ctx, jan, { maintenanceId });
    await pass(0.01);
    assert.deepEqual(await reminded(ctx), [`${who} end`, `${who} start`]);
  });

  it('say nothing to who subscribed after the moment', async () => {
    const { ctx, announce, start, pass } = await open();
    await announce(30);
    await start();
    await pass(7);
    await subscribe(ctx, 'email', ['24h']);
    await pass(1);
    assert.deepEqual(await reminded(ctx), []);
  });

  it('cost no write while nothing is due', async () => {
    const { ctx, announce, start, pass } = await open();
    await announce(30);
    await start();
    await pass(6);
    const notes = async () =>
      (await ctx.db.read.q.select().from(ctx.db.read.t.notifications)).length;
    const marked = await notes();
    const transact = ctx.db.transact.bind(ctx.db);
    let writes = 0;
    ctx.db.transact = (work) => {
      writes += 1;
      return transact(work);
    };
    await pass(2);
    ctx.db.transact = transact;
    assert.deepEqual([writes, await notes()], [0, marked]);
  });
});

eachDatabase('a reminder on its way', (databases) => {
  let mail: MailServer;
  let sms: SmsServer;
  let now = () => 0;
  before(async () => {
    mail = await startMailServer();
    sms = await startSmsServer({ now: () => now() });
  });
  after(() => Promise.all([mail.close(), sms.close()]));

  it('gives way to a cancellation that came while it waited', async () => {
    const config = testConfig({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' as const },
        },
      },
    });
    const ctx = testContext(await databases.open(), { config });
    await subscribe(ctx, 'email', ['24h']);
    const from = ctx.clock.now() + 30 * HOUR;
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from,
      to: from + HOUR,
      title,
      text,
    });
    const send = async (): Promise<string[]> => {
      const before = mail.count();
      const notifiers = createNotifiers(config);
      const outbox = startOutbox(ctx, { workerId: 'w1', notifiers, random: () => 0 });
      await outbox.quiet();
      await outbox.stop();
      return mail.received.slice(before).map((one) => one.text.split(':')[0] ?? '');
    };
    assert.deepEqual(await send(), ['Onderhoud aangekondigd']);
    // The mail server is away at the moment, and back two minutes later.
    await jump(ctx, 6);
    const reminders = startReminders(ctx);
    await asleep(ctx);
    await reminders.stop();
    assert.equal((await reminded(ctx)).length, 1);
    await cancelMaintenance(ctx, jan, { maintenanceId: maintenance.id, text });
    await jump(ctx, 1 / 30);
    assert.deepEqual(await send(), ['Onderhoud gaat niet door']);
  });

  it('stands in the thread of its maintenance, and in one text message of one segment', async () => {
    const channels = {
      email: {
        from: 'Status <status@example.test>',
        smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' as const },
      },
      sms: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'x', from: 'Upheld', baseUrl: sms.url },
    };
    const config = testConfig({ channels, server: { url: 'https://status.example.test' } });
    const ctx = testContext(await databases.open(), { config });
    now = () => ctx.clock.now();
    await subscribe(ctx, 'email', ['1h']);
    await subscribe(ctx, 'sms', ['1h']);
    const from = ctx.clock.now() + 3 * HOUR;
    const arrivals = [mail.next(), sms.next()] as const;
    await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from,
      to: from + HOUR,
      title: { nl: 'Database bijwerken 🙂 '.repeat(8), en: 'Upgrade' },
      text,
    });
    const outbox = startOutbox(ctx, {
      workerId: 'w1',
      notifiers: createNotifiers(config),
      random: () => 0,
    });
    const [announcement] = await Promise.all(arrivals);
    await outbox.quiet();
    const [reminder, message] = [mail.next(), sms.next()];
    const reminders = startReminders(ctx, { onWritten: () => outbox.wake() });
    await asleep(ctx, 2);
    await jump(ctx, 2);
    assert.deepEqual((await reminder).references, [announcement.messageId]);
    assert.equal((await reminder).subject, announcement.subject);
    const { body } = await message;
    assert.match(body, /^Onderhoud begint zo, za 21 nov\.?,? 13:00.14:00: Database/);
    assert.match(body, /Afmelden: https:\/\/status\.example\.test\/unsubscribe\?token=/);
    assert.ok(body.length <= 160, `${body.length} characters`);
    await reminders.stop();
    await outbox.quiet();
    await outbox.stop();
  });
});
