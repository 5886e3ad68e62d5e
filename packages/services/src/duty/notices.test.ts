import { isToTick, type Notice } from '@upheld/domain/desk/notices.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { eq } from '@upheld/db/query.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openIncident } from '../incident/open-incident.ts';
import { announceMaintenance } from '../maintenance/announce-maintenance.ts';
import { respondToTicket } from '../ticket/answer-ticket.ts';
import { reportTicket } from '../ticket/report-ticket.ts';
import { completeDuty } from './complete-duty.ts';
import { readNotices } from './read-notices.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 9);
const jan = { name: 'Jan de Vries' };
const both = (text: string) => ({ nl: text, en: text });
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'flex',
          name: 'Flexkids',
          agreements: [{ agreement: 'flexkids', component: 'online' }],
        },
        {
          id: 'intramed',
          name: 'Intramed Online',
          agreements: [{ agreement: 'intramed-online', component: 'intramed-online' }],
        },
        {
          id: 'fysioone',
          name: 'FysioOne',
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
        },
      ],
    },
  ],
});

eachDatabase('who an agreement wants told', (databases) => {
  const open = async () =>
    testContext(await databases.open(), { config, clock: controlledClock(NOW) });
  const subscribe = (ctx: TestContext, id: string, channel: 'email' | 'sms') =>
    ctx.db.transact(({ q, t }) =>
      q.insert(t.subscribers).values({
        id,
        channel,
        address: id,
        addressKey: id,
        language: 'nl',
        state: 'confirmed',
        challengeTries: 0,
        createdAt: NOW,
        confirmedAt: NOW,
        version: 1,
      }),
    );
  const settle = (ctx: TestContext, channel: 'email' | 'sms', state: 'sent' | 'dead') =>
    ctx.db.transact(async ({ q, t }) => {
      for (const row of await q.select().from(t.outbox))
        if (row.channel === channel)
          await q
            .update(t.outbox)
            .set({ state, settledAt: ctx.clock.now() })
            .where(eq(t.outbox.id, row.id))
            .returning({ id: t.outbox.id });
    });
  const ways = (notices: readonly Notice[], clause: string) =>
    notices
      .find((one) => one.clause === clause)
      ?.ways.map(({ channel, told }) =>
        told === null
          ? `${channel} by people`
          : `${channel} ${told.sent} sent ${told.waiting} waiting ${told.failed} failed`,
      );
  const outage = (ctx: TestContext, componentId: string) =>
    openIncident(ctx, jan, {
      title: both('It is down'),
      componentIds: [componentId],
      body: both('x'),
      severity: '1',
    });

  it('is shown with what went out by which way, as the outbox has it', async () => {
    const ctx = await open();
    await subscribe(ctx, 'a@example.test', 'email');
    await subscribe(ctx, 'b@example.test', 'email');
    await subscribe(ctx, '+31612345678', 'sms');
    const { id } = await outage(ctx, 'flex');
    const before = await readNotices(ctx, id);
    assert.deepEqual(ways(before, '3.6.5'), [
      'email 0 sent 2 waiting 0 failed',
      'sms 0 sent 1 waiting 0 failed',
    ]);
    assert.deepEqual(ways(before, '3.6.4'), ['status-page 1 sent 0 waiting 0 failed']);
    ctx.clock.set(NOW + 60_000);
    await settle(ctx, 'email', 'sent');
    await settle(ctx, 'sms', 'dead');
    const after = await readNotices(ctx, id);
    const unavailable = after.find((one) => one.clause === '3.6.5');
    assert.deepEqual(ways(after, '3.6.5'), [
      'email 2 sent 0 waiting 0 failed',
      'sms 0 sent 0 waiting 1 failed',
    ]);
    assert.equal(unavailable?.ways[0]?.told?.firstAt, NOW + 60_000);
    assert.equal(unavailable.audience, 'subscribers');
    assert.deepEqual(
      after.filter(({ event }) => event.includes('maintenance announced')),
      [],
      'nothing is asked for what did not happen',
    );
  });

  it('is ticked by people where only they can do it, with evidence and once', async () => {
    const ctx = await open();
    const { id } = await outage(ctx, 'intramed');
    const [alarm] = await readNotices(ctx, id);
    assert.ok(alarm);
    assert.deepEqual(ways([alarm], '3.8, 3.9'), ['phone by people']);
    assert.equal(isToTick(alarm), true);
    const done = await completeDuty(ctx, jan, { key: alarm.key, evidence: 'Bob gebeld.' });
    assert.deepEqual([done.state, done.due, done.evidence], ['done', null, 'Bob gebeld.']);
    const [ticked] = await readNotices(ctx, id);
    assert.equal(ticked?.byHand?.evidence, 'Bob gebeld.');
    assert.equal(isToTick(ticked), false);
    await assert.rejects(
      completeDuty(ctx, jan, { key: alarm.key, evidence: 'x' }),
      /this was done before: Bob gebeld/,
    );
    await assert.rejects(
      completeDuty(ctx, jan, { key: `intramed-online/tell-nothing/${id}`, evidence: 'x' }),
      /there is no duty/,
    );
  });

  it('is known of maintenance, and can be told by letter before it begins', async () => {
    const ctx = await open();
    await subscribe(ctx, 'a@example.test', 'email');
    const { maintenance } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from: NOW + 90 * HOUR,
      to: NOW + 91 * HOUR,
      title: both('Upgrade'),
      text: both('x'),
    });
    const [notice] = await readNotices(ctx, maintenance.id);
    assert.ok(notice);
    assert.deepEqual(ways([notice], '6.8'), [
      'letter by people',
      'email 0 sent 1 waiting 0 failed',
      'login-screen by people',
    ]);
    const done = await completeDuty(ctx, jan, { key: notice.key, evidence: 'Brief 2026-14.' });
    assert.deepEqual([done.subject.kind, done.state], ['maintenance', 'done']);
  });

  it('is known of a report, as far as it was said', async () => {
    const ctx = await open();
    const { id } = await reportTicket(ctx, jan, {
      componentId: 'fysioone',
      type: 'incident',
      severity: 'b',
      title: 'Agenda',
      text: 'x',
      reporter: 'Praktijk',
      reporterAddress: 'praktijk@example.test',
    });
    await settle(ctx, 'email', 'sent');
    const first = await readNotices(ctx, id);
    assert.deepEqual(
      first.map(({ clause }) => clause),
      ['3.1-3.3'],
    );
    assert.deepEqual(ways(first, '3.1-3.3'), [
      'email 1 sent 0 waiting 0 failed',
      'ticket 1 sent 0 waiting 0 failed',
    ]);
    await respondToTicket(ctx, jan, { ticketId: id, text: 'We zijn begonnen.' });
    const second = await readNotices(ctx, id);
    assert.deepEqual(ways(second, '6.5'), ['phone by people', 'ticket 1 sent 0 waiting 0 failed']);
    await assert.rejects(readNotices(ctx, 'nothing'), /no incident, maintenance or ticket/);
  });
});
