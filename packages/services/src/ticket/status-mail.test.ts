import type { OutgoingMail } from '@upheld/domain/notify/send.ts';
import { parseInstant } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Actor } from '../context.ts';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { settleDelivery } from '../outbox/settle.ts';
import { closeTicket, recoverTicket, reopenTicket } from './end-ticket.ts';
import { pauseTicket, resumeTicket } from './pause-ticket.ts';
import { previewTicketMessage } from './preview-message.ts';
import { recategoriseTicket } from './recategorise-ticket.ts';
import { reportTicket, type ReportTicket } from './report-ticket.ts';

const jan: Actor = { name: 'jan', via: 'console' };
const component = (id: string, agreement: string, part: string) => ({
  id,
  name: id,
  agreements: [{ agreement, component: part }],
});
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        component('flexkids', 'flexkids', 'online'),
        component('fysioone', 'spotonmedics', 'fysioone'),
        component('intramed', 'intramed-online', 'intramed-online'),
        component('xurrent', 'infravision-cloud', 'iv-cloud'),
        component('fundament', 'fundament-it', 'saas'),
        { id: 'bare', name: 'Bare' },
      ],
    },
  ],
});
/** Two levels of the scale of each. */
const LEVELS: Readonly<Record<string, readonly [string, string]>> = {
  flexkids: ['2', '1'],
  fysioone: ['b', 'a'],
  intramed: ['2', '1'],
  xurrent: ['high', 'top'],
  fundament: ['urgent', 'standstill'],
};

/** Sends what waits, one after the other, as a channel does that always succeeds. */
async function sendAll(ctx: TestContext): Promise<OutgoingMail[]> {
  const sent: OutgoingMail[] = [];
  for (;;) {
    const [row] = await claimDue(ctx, 'w', 1);
    if (!row) return sent;
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    assert.equal(prepared.act, 'send');
    assert.equal(prepared.outgoing.channel, 'email');
    sent.push(prepared.outgoing);
    const result = { ok: true as const, receipt: '250' };
    await settleDelivery(ctx, prepared.row, result, { canAsk: false, random: 0 });
  }
}

eachDatabase('a change of the status of a ticket', (databases) => {
  const open = async (): Promise<TestContext> =>
    testContext(await databases.open(), {
      config,
      clock: controlledClock(parseInstant('2026-11-23T08:00:00Z')),
    });
  const report = async (ctx: TestContext, over: Partial<ReportTicket> = {}): Promise<string> => {
    const { componentId = 'flexkids' } = over;
    const level = LEVELS[componentId]?.[0];
    const { id } = await reportTicket(ctx, jan, {
      componentId,
      type: level === undefined ? 'question' : 'incident',
      ...(level === undefined ? {} : { severity: level }),
      title: 'Agenda laadt niet',
      text: 'De agenda blijft leeg.',
      reporter: 'Praktijk De Brug',
      reporterAddress: 'jan@debrug.example',
      ...over,
    });
    return id;
  };
  /** Through every status, each with a word of its own. */
  const goThrough = async (ctx: TestContext, ticketId: string, componentId: string) => {
    const said = (text: string) => ({ ticketId, text });
    await pauseTicket(ctx, jan, { ...said('paused'), reason: 'customer-request' });
    await resumeTicket(ctx, jan, said('resumed'));
    const severity = LEVELS[componentId]?.[1];
    await recategoriseTicket(ctx, jan, {
      ...said('recategorised'),
      type: severity === undefined ? 'question' : 'incident',
      ...(severity === undefined ? {} : { severity }),
    });
    await recoverTicket(ctx, jan, said('recovered'));
    await reopenTicket(ctx, jan, said('reopened'));
    await closeTicket(ctx, jan, said('closed'));
  };
  const bodies = (mails: readonly OutgoingMail[]): string[] =>
    mails.map(
      ({ text }) =>
        /\b(paused|resumed|recategorised|recovered|reopened|closed)\b/.exec(text)?.[0] ??
        'received',
    );

  it('is mailed as each agreement asks, and an answer in any case', async () => {
    const ended = ['recategorised', 'recovered', 'closed'];
    const all = ['paused', 'resumed', 'recategorised', 'recovered', 'reopened', 'closed'];
    const expected: Readonly<Record<string, readonly string[]>> = {
      // 6.2.2: every change, by e-mail.
      flexkids: all,
      // 3.1-3.3: its number; 6.5 asks for telephone or ticket.
      fysioone: ['received', ...ended],
      // 4.7 is about what comes by mail.
      intramed: ended,
      // 2.1.
      xurrent: all,
      // its number.
      fundament: ['received', ...ended],
    };
    for (const [componentId, mailed] of Object.entries(expected)) {
      const ctx = await open();
      await goThrough(ctx, await report(ctx, { componentId }), componentId);
      assert.deepEqual(bodies(await sendAll(ctx)), mailed, componentId);
    }
  });

  it('says how it stands and why it waits, in the language of the reporter, on one thread', async () => {
    const ctx = await open();
    for (const [language, subject, states] of [
      [
        'nl',
        '[Zorgsoftware] [#1] Agenda laadt niet',
        ['Wacht: Op verzoek van de klant', 'Open', 'Open', 'Opgelost', 'Open', 'Gesloten'],
      ],
      [
        'en',
        '[Zorgsoftware] [#2] Agenda laadt niet',
        ['Waiting: At the request of the customer', 'Open', 'Open', 'Resolved', 'Open', 'Closed'],
      ],
    ] as const) {
      await goThrough(ctx, await report(ctx, { language }), 'flexkids');
      const mails = await sendAll(ctx);
      assert.deepEqual(new Set(mails.map((mail) => mail.subject)), new Set([subject]));
      assert.deepEqual(
        mails.map(({ text }) => /^Status: (.*)$/m.exec(text)?.[1]),
        states,
      );
      const [root, ...rest] = mails;
      assert.ok(root && rest.every(({ references }) => references[0] === root.messageId));
      assert.equal(new Set(mails.map(({ messageId }) => messageId)).size, mails.length);
      assert.ok(mails.every(({ to, listId }) => to === 'jan@debrug.example' && listId === null));
    }
  });

  it('is mailed once when two say it at the same time', async () => {
    const ctx = await open();
    const ticketId = await report(ctx);
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        pauseTicket(ctx, jan, { ticketId, text: 'paused', reason: 'customer-request' }),
      ),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.deepEqual(bodies(await sendAll(ctx)), ['paused']);
  });

  it('can be read before it is said, and is then what goes out', async () => {
    const ctx = await open();
    const ticketId = await report(ctx);
    const asked = {
      ticketId,
      text: 'Na de lunch.',
      message: 'paused',
      reason: 'no-access',
    } as const;
    const preview = await previewTicketMessage(ctx, asked);
    assert.deepEqual(
      [
        preview.to,
        preview.language,
        preview.asked.map(({ agreement, clause }) => [agreement, clause]),
      ],
      ['jan@debrug.example', 'nl', [['Flexkids', '6.2.2']]],
    );
    assert.deepEqual(await sendAll(ctx), [], 'nothing is said by looking');
    await pauseTicket(ctx, jan, { ticketId, text: 'Na de lunch.', reason: 'no-access' });
    const [mail] = await sendAll(ctx);
    assert.deepEqual([preview.mail?.subject, preview.mail?.text], [mail?.subject, mail?.text]);
  });

  it('that nobody asks a mail for is told by nobody, and the preview says by what way it is asked', async () => {
    const ctx = await open();
    const ticketId = await report(ctx, { componentId: 'fysioone' });
    const asked = { ticketId, text: 'x', message: 'paused', reason: 'no-access' } as const;
    const preview = await previewTicketMessage(ctx, asked);
    assert.deepEqual([preview.to, preview.mail], [null, null]);
    assert.deepEqual(
      preview.asked.map(({ clause, channels }) => [clause, channels]),
      [['6.5', ['phone', 'ticket']]],
    );
    const without = await report(ctx, { componentId: 'bare' });
    assert.deepEqual((await previewTicketMessage(ctx, { ...asked, ticketId: without })).asked, []);
    await assert.rejects(previewTicketMessage(ctx, { ...asked, text: ' ' }), /text/);
  });

  it('is mailed to nobody where there is no address, or no mail', async () => {
    const ctx = await open();
    const { componentId, ...head } = {
      componentId: 'flexkids',
      type: 'question' as const,
      title: 'x',
      text: 'x',
      reporter: 'Praktijk De Brug',
    };
    const { id } = await reportTicket(ctx, jan, { componentId, ...head });
    await pauseTicket(ctx, jan, { ticketId: id, text: 'x', reason: 'no-access' });
    ctx.configure({ ...config, channels: {} });
    const other = await report(ctx);
    await pauseTicket(ctx, jan, { ticketId: other, text: 'x', reason: 'no-access' });
    ctx.configure(config);
    assert.deepEqual(await sendAll(ctx), []);
  });
});
