import type { Config } from '@upheld/config/schema.ts';
import { createNotifiers } from '@upheld/notifiers/registry.ts';
import { createGuard } from '@upheld/probes/guard/guard.ts';
import {
  acknowledgeAlert,
  acknowledgeByToken,
  alertByToken,
  listAlerts,
} from '@upheld/services/alert/acknowledge-alert.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { readDuties } from '@upheld/services/duty/read-duties.ts';
import { acknowledgeIncident } from '@upheld/services/incident/acknowledge-incident.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { controlledClock, settle } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { startMailServer, type MailServer } from '@upheld/testkit/mail-server.ts';
import { startSmsServer, type SmsServer } from '@upheld/testkit/sms-server.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, it } from 'node:test';
import { startOutbox, type OutboxLoop } from '../outbox/start-outbox.ts';
import type { Loop } from '../loop.ts';
import { startAlerts } from './start-alerts.ts';

const MINUTE = 60_000;
const SECRET = 'a-secret-of-a-webhook';
const both = (text: string) => ({ nl: text, en: text });

interface Called {
  headers: IncomingHttpHeaders;
  body: string;
}

eachDatabase('people on call', (databases) => {
  let mail: MailServer;
  let sms: SmsServer;
  let hook: Server;
  let called: Called[] = [];
  let status = 204;
  let now = () => 0;
  const loops: (OutboxLoop | Loop)[] = [];
  before(async () => {
    mail = await startMailServer();
    sms = await startSmsServer({ now: () => now() });
    hook = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        called.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
        res.writeHead(status).end();
      });
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
  });
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    called = [];
    status = 204;
  });
  after(async () => {
    hook.close();
    await Promise.all([mail.close(), sms.close()]);
  });

  const config = (): Config =>
    testConfig({
      channels: {
        email: {
          from: 'Status <status@example.test>',
          smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' },
        },
        sms: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'x',
          from: 'Upheld',
          baseUrl: sms.url,
        },
      },
      onCall: {
        people: [
          { id: 'anna', name: 'Anna', email: 'anna@example.test', language: 'en' },
          { id: 'bob', name: 'Bob', phone: '+31612345678' },
          {
            id: 'carl',
            name: 'Carl',
            webhook: {
              url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/call`,
              secret: SECRET,
            },
          },
        ],
        escalations: [
          {
            id: 'night',
            for: { kinds: ['incident'] },
            steps: [
              { people: ['anna'], wait: '5m' },
              { people: ['bob'], wait: '10m' },
              { people: ['carl'], wait: '10m' },
            ],
            rounds: 2,
          },
          { id: 'desk', for: { kinds: ['duty'] }, steps: [{ people: ['anna'] }], rounds: 1 },
        ],
      },
      probing: { allow: ['127.0.0.1/32'] },
    });

  const open = async () => {
    const ctx = testContext(await databases.open(), {
      config: config(),
      clock: controlledClock(Date.UTC(2026, 10, 23, 9)),
    });
    now = () => ctx.clock.now();
    return ctx;
  };

  /** Starts both loops, and gives a way to move time on until they sleep again. */
  const start = (ctx: TestContext) => {
    const outbox = startOutbox(ctx, {
      workerId: 'w1',
      notifiers: createNotifiers(ctx.config(), createGuard(ctx.config().probing.allow)),
      random: () => 0,
    });
    const alerts = startAlerts(ctx, { onCall: () => outbox.wake() });
    loops.push(alerts, outbox);
    return async (ms: number): Promise<void> => {
      ctx.clock.set(ctx.clock.now() + ms);
      alerts.wake();
      while (ctx.clock.sleepers < 2) await settle();
      await outbox.quiet();
      while (ctx.clock.sleepers < 2) await settle();
    };
  };

  const incident = (ctx: TestContext) =>
    openIncident(
      ctx,
      { name: 'detector' },
      {
        title: { nl: 'FysioOne is uit', en: 'FysioOne is down' },
        componentIds: ['fysioone'],
        body: both('x'),
        severity: 'a',
      },
    );

  it('are called one after the other, by mail, by text message and by webhook', async () => {
    const ctx = await open();
    await incident(ctx);
    const letter = mail.next(({ to }) => to[0] === 'anna@example.test');
    const move = start(ctx);
    await move(0);
    const { subject, text, headers } = await letter;
    assert.match(subject, /FysioOne is down/);
    assert.equal(headers.has('list-id'), false);
    const link = /http:\/\/status\.example\.test\/alert\?token=(\S+)/.exec(text)?.[1];
    assert.ok(link);
    const [calling] = await listAlerts(ctx, { open: true });
    assert.deepEqual(calling?.next, { at: ctx.clock.now() + 5 * MINUTE, people: ['Bob'] });

    await move(4 * MINUTE + 59_000);
    const before = sms.count();
    const message = sms.next();
    await move(1000);
    assert.match((await message).body, /FysioOne is uit\. Ik pak het op: http/);
    assert.equal(sms.count(), before + 1);

    await move(10 * MINUTE);
    assert.equal(called.length, 1);
    const { headers: signed, body } = called[0] ?? { headers: {}, body: '' };
    const id = String(signed['webhook-id']);
    const expected = createHmac('sha256', SECRET)
      .update(`${id}.${String(signed['webhook-timestamp'])}.${body}`)
      .digest('base64');
    assert.equal(signed['webhook-signature'], `v1,${expected}`);
    assert.equal((JSON.parse(body) as { title: string }).title, 'FysioOne is uit');

    const known = await alertByToken(ctx, decodeURIComponent(link));
    assert.equal(known?.person, 'Anna');
    const taken = await acknowledgeByToken(ctx, decodeURIComponent(link), '192.0.2.7');
    assert.deepEqual([taken.state, taken.acknowledgedBy], ['acknowledged', 'Anna']);
    const letters = mail.count();
    await move(60 * MINUTE);
    assert.equal(mail.count(), letters, 'nobody is called once somebody is on it');
    const [row] = await ctx.db.read.q.select().from(ctx.db.read.t.incidents);
    assert.equal(row?.acknowledgedBy, 'Anna', 'the incident is acknowledged as well');
  });

  it('are not called for what somebody acknowledged or what is over, also when a call waits', async () => {
    const ctx = await open();
    await incident(ctx);
    await reviewAlerts(ctx, { duties: false });
    await escalate(ctx);
    const [alert] = await listAlerts(ctx);
    const letters = mail.count();
    await acknowledgeAlert(ctx, { name: 'jan', via: 'console' }, { alertId: alert?.id ?? '' });
    const move = start(ctx);
    await move(0);
    assert.equal(mail.count(), letters);
    const [row] = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
    assert.deepEqual([row?.state, row?.reason], ['suppressed', 'acknowledged']);
  });

  it('are not called any more once the incident itself is acknowledged', async () => {
    const ctx = await open();
    const { id } = await incident(ctx);
    const move = start(ctx);
    const letter = mail.next();
    await move(0);
    await letter;
    await acknowledgeIncident(ctx, { name: 'jan', via: 'console' }, { incidentId: id });
    const [alert] = await listAlerts(ctx);
    assert.deepEqual([alert?.state, alert?.acknowledgedBy], ['acknowledged', 'jan']);
    const texts = sms.count();
    await move(30 * MINUTE);
    assert.equal(sms.count(), texts);
  });

  it('are called once, however many processes look at the same moment', async () => {
    const ctx = await open();
    const other = testContext(await databases.again(), {
      config: ctx.config(),
      clock: ctx.clock,
      idPrefix: 'other',
    });
    await incident(ctx);
    const look = async (one: TestContext): Promise<void> => {
      await reviewAlerts(one, { duties: false });
      await escalate(one);
    };
    await Promise.all([look(ctx), look(other), look(ctx), look(other)]);
    const { q, t } = ctx.db.read;
    assert.equal((await q.select().from(t.alerts)).length, 1);
    assert.equal((await q.select().from(t.outbox)).length, 1);
    assert.equal((await q.select().from(t.alerts))[0]?.step, 1);
  });

  it('are called again until the rounds are over, and then it is said that nobody took it', async () => {
    const ctx = await open();
    await incident(ctx);
    const move = start(ctx);
    for (let step = 0; step < 8; step += 1) await move(10 * MINUTE);
    const [alert] = await listAlerts(ctx);
    assert.deepEqual([alert?.state, alert?.calls], ['unanswered', 6]);
    assert.equal(
      ctx.log.lines.some(({ message }) => /nobody took an alert/.test(message)),
      true,
    );
  });

  it('are told of a duty that comes due, and not any more once it is done', async () => {
    const ctx = await open();
    await reportTicket(
      ctx,
      { name: 'jan' },
      {
        componentId: 'fysioone',
        type: 'incident',
        severity: 'a',
        title: 'Uit',
        text: 'x',
        reporter: 'Praktijk',
      },
    );
    ctx.configure(config());
    await ctx.db.transact(({ q, t }) =>
      q.insert(t.ticketEvents).values({
        id: 'abuse',
        ticketId: 'id-00000001',
        kind: 'happened',
        at: ctx.clock.now(),
        type: 'abuse-found',
        text: 'x',
        recordedAt: ctx.clock.now(),
        recordedBy: 'jan',
      }),
    );
    const letter = mail.next();
    const move = start(ctx);
    await move(0);
    assert.match((await letter).subject, /Tell the practice at once: #1 Uit/);
    const [duty] = await readDuties(ctx);
    await completeDuty(ctx, { name: 'jan' }, { key: duty?.key ?? '', evidence: 'Gebeld.' });
    const [alert] = await listAlerts(ctx);
    assert.equal(alert?.state, 'over');
  });

  it('are not reached at an address that the guard refuses', async () => {
    const ctx = await open();
    const { onCall } = config();
    ctx.configure({
      ...config(),
      probing: { allow: [], concurrency: 1 },
      onCall: onCall && {
        ...onCall,
        escalations: [{ id: 'x', for: {}, steps: [{ people: ['carl'], wait: MINUTE }], rounds: 1 }],
      },
    });
    await incident(ctx);
    const move = start(ctx);
    await move(0);
    const [row] = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
    assert.equal(row?.state, 'dead');
    assert.match(row.reason ?? '', /bad-address: 127\.0\.0\.1 is not public/);
    assert.equal(called.length, 0);
  });
});
