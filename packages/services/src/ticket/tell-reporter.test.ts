import { parseInstant } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Actor } from '../context.ts';
import { respondToTicket, updateTicket } from './answer-ticket.ts';
import { closeTicket, recoverTicket } from './end-ticket.ts';
import { recategoriseTicket } from './recategorise-ticket.ts';
import { reportTicket } from './report-ticket.ts';

const jan: Actor = { name: 'jan', via: 'console' };

/** What waits to be mailed of a ticket, in the order in which it was said. */
async function told(ctx: TestContext): Promise<string[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select({ content: t.notifications.content })
    .from(t.notifications)
    .orderBy(t.notifications.id);
  return rows.flatMap(({ content }) =>
    content.kind === 'ticket' ? `${content.event}: ${content.text}` : [],
  );
}

eachDatabase('the reporter of a ticket', (databases) => {
  const reported = async (reporterAddress?: string): Promise<[TestContext, string]> => {
    const clock = controlledClock(parseInstant('2026-11-23T08:00:00Z'));
    const ctx = testContext(await databases.open(), { config: testConfig(), clock });
    const { id } = await reportTicket(ctx, jan, {
      componentId: 'fysioone',
      type: 'incident',
      severity: 'b',
      title: 'Agenda',
      text: 'De agenda blijft leeg.',
      reporter: 'Praktijk De Brug',
      ...(reporterAddress === undefined ? {} : { reporterAddress }),
    });
    return [ctx, id];
  };
  const goThrough = async (ctx: TestContext, ticketId: string): Promise<void> => {
    await respondToTicket(ctx, jan, { ticketId, text: 'We kijken ernaar.' });
    await updateTicket(ctx, jan, { ticketId, text: 'Het is gevonden.' });
    const place = { type: 'incident' as const, severity: 'a', text: 'Het is erger.' };
    await recategoriseTicket(ctx, jan, { ticketId, ...place });
    await recoverTicket(ctx, jan, { ticketId, text: 'Het werkt weer.' });
    await closeTicket(ctx, jan, { ticketId, text: 'Afgesloten.' });
  };

  it('is mailed what was said, from the first answer until it is closed', async () => {
    const [ctx, ticketId] = await reported('jan@debrug.example');
    await goThrough(ctx, ticketId);
    assert.deepEqual(await told(ctx), [
      // SpotOnMedics 3.1-3.3: its number.
      'received: ',
      'responded: We kijken ernaar.',
      'updated: Het is gevonden.',
      'recategorised: Het is erger.',
      'recovered: Het werkt weer.',
      'closed: Afgesloten.',
    ]);
  });

  it('is mailed nothing where no address is known', async () => {
    const [ctx, ticketId] = await reported();
    await goThrough(ctx, ticketId);
    assert.deepEqual(await told(ctx), []);
  });
});
