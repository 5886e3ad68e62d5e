import type { Config } from '@upheld/config/schema.ts';
import { acknowledgeAlert } from '@upheld/services/alert/acknowledge-alert.ts';
import { listAlerts } from '@upheld/services/alert/alert-view.ts';
import { acknowledgeByToken, callByToken } from '@upheld/services/alert/call-link.ts';
import { escalate } from '@upheld/services/alert/escalate.ts';
import { reviewAlerts } from '@upheld/services/alert/raise-alerts.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { readDuties } from '@upheld/services/duty/read-duties.ts';
import { acknowledgeIncident } from '@upheld/services/incident/acknowledge-incident.ts';
import { openIncident } from '@upheld/services/incident/open-incident.ts';
import { reportTicket } from '@upheld/services/ticket/report-ticket.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { HOOK_SECRET, startOnCallServers, type OnCallServers } from '@upheld/testkit/on-call.ts';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, it } from 'node:test';
import { startCalling, type Calling } from '../../test/calling.ts';

const MINUTE = 60_000;
const both = (text: string) => ({ nl: text, en: text });

eachDatabase('people on call', (databases) => {
  let servers: OnCallServers;
  let now = () => 0;
  const loops: Calling[] = [];
  before(async () => {
    servers = await startOnCallServers({ now: () => now() });
  });
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    servers.hooked.length = 0;
  });
  after(() => servers.close());

  const config = (onCall: Parameters<OnCallServers['config']>[0] = {}): Config =>
    testConfig(servers.config(onCall));

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
    const calling = startCalling(ctx);
    loops.push(calling);
    return (ms: number) => calling.move(ms);
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
    const { mail, sms, hooked } = servers;
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
    assert.equal(hooked.length, 1);
    const { headers: signed, body } = hooked[0] ?? { headers: {}, body: '' };
    const id = String(signed['webhook-id']);
    const expected = createHmac('sha256', HOOK_SECRET)
      .update(`${id}.${String(signed['webhook-timestamp'])}.${body}`)
      .digest('base64');
    assert.equal(signed['webhook-signature'], `v1,${expected}`);
    assert.equal((JSON.parse(body) as { title: string }).title, 'FysioOne is uit');

    const token = decodeURIComponent(link);
    const known = await callByToken(ctx, token);
    assert.equal(known?.person, 'Anna');
    const { alerts } = await acknowledgeByToken(ctx, { token, address: '192.0.2.7' });
    assert.deepEqual(
      alerts.map(({ state, acknowledgedBy }) => [state, acknowledgedBy]),
      [['acknowledged', 'Anna']],
    );
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
    const letters = servers.mail.count();
    await acknowledgeAlert(ctx, { name: 'jan', via: 'console' }, { alertId: alert?.id ?? '' });
    const move = start(ctx);
    await move(0);
    assert.equal(servers.mail.count(), letters);
    const [row] = await ctx.db.read.q.select().from(ctx.db.read.t.outbox);
    assert.deepEqual([row?.state, row?.reason], ['suppressed', 'acknowledged']);
  });

  it('are not called any more once the incident itself is acknowledged', async () => {
    const ctx = await open();
    const { id } = await incident(ctx);
    const move = start(ctx);
    const letter = servers.mail.next();
    await move(0);
    await letter;
    await acknowledgeIncident(ctx, { name: 'jan', via: 'console' }, { incidentId: id });
    const [alert] = await listAlerts(ctx);
    assert.deepEqual([alert?.state, alert?.acknowledgedBy], ['acknowledged', 'jan']);
    const texts = servers.sms.count();
    await move(30 * MINUTE);
    assert.equal(servers.sms.count(), texts);
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
    const letter = servers.mail.next();
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
    assert.equal(servers.hooked.length, 0);
  });
});
