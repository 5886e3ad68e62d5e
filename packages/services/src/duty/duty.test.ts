import { parseInstant, formatInstant } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Actor } from '../context.ts';
import { changeCause } from '../incident/change-incident.ts';
import { mergeIncidents } from '../incident/merge-incidents.ts';
import { openIncident } from '../incident/open-incident.ts';
import { postUpdate } from '../incident/post-update.ts';
import { writePostmortem } from '../incident/write-postmortem.ts';
import { claimDue } from '../outbox/claim.ts';
import { prepareDelivery } from '../outbox/prepare.ts';
import { settleDelivery } from '../outbox/settle.ts';
import { updateTicket } from '../ticket/answer-ticket.ts';
import { linkTicket, tellOfTicket } from '../ticket/progress-ticket.ts';
import { recategoriseTicket } from '../ticket/recategorise-ticket.ts';
import { reportTicket } from '../ticket/report-ticket.ts';
import { readDuties } from './read-duties.ts';

const jan: Actor = { name: 'jan', via: 'console' };
const both = (text: string) => ({ nl: text, en: text });

function config() {
  const component = (id: string, agreement: string, inside: string) => ({
    id,
    name: id,
    agreements: [{ agreement, component: inside }],
  });
  return testConfig({
    groups: [
      {
        id: 'products',
        name: 'Products',
        components: [
          component('fysioone', 'spotonmedics', 'fysioone'),
          component('xurrent', 'infravision-cloud', 'xurrent'),
          component('intramed', 'intramed-online', 'intramed-online'),
        ],
      },
    ],
  });
}

const shown = async (ctx: TestContext) =>
  (await readDuties(ctx)).map(({ key, state, due, evidence }) => ({
    rule: key.split('/')[1],
    state,
    due: due === null ? null : formatInstant(due),
    evidence,
  }));

/** Sends what is due, or lets every send of it fail. */
async function deliver(ctx: TestContext, goesOut: boolean): Promise<void> {
  // Of one lane one at a time.
  for (let [row] = await claimDue(ctx, 'w1', 1); row; [row] = await claimDue(ctx, 'w1', 1)) {
    const prepared = await prepareDelivery(ctx, row, { canAsk: false });
    if (prepared.act !== 'send') continue;
    const result = goesOut
      ? ({ ok: true, receipt: 'x' } as const)
      : ({ ok: false, retry: 'never', reason: 'bad-address', detail: '' } as const);
    await settleDelivery(ctx, prepared.row, result, { canAsk: false, random: 0 });
  }
}

eachDatabase('duties', (databases) => {
  const open = async (at: string): Promise<TestContext> =>
    testContext(await databases.open(), {
      config: config(),
      clock: controlledClock(parseInstant(at)),
    });

  it('of an incident go on with what it turned out to be part of', async () => {
    const ctx = await open('2027-01-31T02:10:00Z');
    const opening = { title: both('Uit'), componentIds: ['xurrent'], body: both('x') };
    const part = await openIncident(ctx, jan, { ...opening, severity: 'top' });
    const whole = await openIncident(ctx, jan, opening);
    const owed = await shown(ctx);
    await mergeIncidents(ctx, jan, { incidentId: part.id, intoId: whole.id, reason: 'x' });
    assert.deepEqual(await shown(ctx), owed);
    assert.equal(owed.length, 1);
  });

  it('of a top incident ask for an analysis, which the published postmortem proves', async () => {
    const ctx = await open('2027-01-31T02:10:00Z');
    const incident = await openIncident(ctx, jan, {
      title: both('Uit'),
      componentIds: ['xurrent'],
      body: both('x'),
      severity: 'top',
    });
    // A report of it owes no second analysis; one that is asked for in writing does.
    const ticket = await reportTicket(ctx, jan, {
      componentId: 'xurrent',
      type: 'incident',
      severity: 'top',
      title: 'Uit',
      text: 'x',
      reporter: 'Klant',
    });
    await linkTicket(ctx, jan, { ticketId: ticket.id, incidentId: incident.id });
    assert.deepEqual(await shown(ctx), [
      { rule: 'rca-top', state: 'open', due: '2027-02-28T02:10:00Z', evidence: null },
    ]);
    ctx.clock.set(parseInstant('2027-02-02T10:00:00Z'));
    await tellOfTicket(ctx, jan, { ticketId: '1', event: 'rca-requested', text: 'Brief.' });
    await writePostmortem(ctx, jan, {
      incidentId: incident.id,
      body: both('Een schijf was vol.'),
      published: false,
    });
    assert.deepEqual(
      (await shown(ctx)).map(({ rule, state }) => [rule, state]),
      [
        ['rca-top', 'open'],
        ['rca-report', 'open'],
      ],
    );
    ctx.clock.set(parseInstant('2027-02-03T10:00:00Z'));
    const over = { incidentId: incident.id, status: 'resolved' as const, body: both('Voorbij.') };
    await postUpdate(ctx, jan, over);
    await writePostmortem(ctx, jan, {
      incidentId: incident.id,
      body: both('Een schijf was vol.'),
      published: true,
    });
    assert.deepEqual(
      (await shown(ctx)).map(({ state, evidence }) => [state, evidence]),
      [
        ['done', 'the published postmortem'],
        ['done', 'the published postmortem'],
      ],
    );
  });

  it('to tell of force majeure are proven by what the page says from then on', async () => {
    const ctx = await open('2026-11-23T10:00:00Z');
    const incident = await openIncident(ctx, jan, {
      title: both('Uit'),
      componentIds: ['fysioone'],
      body: both('x'),
      severity: 'a',
    });
    ctx.clock.set(parseInstant('2026-11-23T10:30:00Z'));
    await changeCause(ctx, jan, {
      incidentId: incident.id,
      cause: 'force-majeure',
      reason: 'De stroom is uit in de hele stad.',
      evidence: 'Bericht van de netbeheerder.',
    });
    assert.deepEqual(await shown(ctx), [
      {
        rule: 'force-majeure-told',
        state: 'due-soon',
        due: '2026-11-23T10:30:00Z',
        evidence: null,
      },
    ]);
    ctx.clock.set(parseInstant('2026-11-23T10:31:00Z'));
    const body = both('Het is overmacht.');
    await postUpdate(ctx, jan, { incidentId: incident.id, status: 'identified', body });
    assert.equal((await shown(ctx))[0]?.state, 'done');
  });

  it('to tell the reporter are proven by a mail that went out, and by none that did not', async () => {
    for (const goesOut of [true, false]) {
      const ctx = await open('2026-11-23T08:00:00Z');
      const { id } = await reportTicket(ctx, jan, {
        componentId: 'fysioone',
        type: 'incident',
        severity: 'b',
        title: 'Agenda',
        text: 'x',
        reporter: 'Praktijk',
        reporterAddress: 'jan@debrug.example',
      });
      const place = { ticketId: id, type: 'incident' as const, severity: 'a', text: 'Erger.' };
      await recategoriseTicket(ctx, jan, place);
      assert.equal((await shown(ctx))[0]?.state, 'open', 'a mail that waits is not sent');
      await deliver(ctx, goesOut);
      const [duty] = await shown(ctx);
      assert.equal(duty?.state, goesOut ? 'done' : 'open');
      if (goesOut) assert.match(duty.evidence ?? '', /^mail of recategorised/);
    }
  });

  it('of half of a recovery are not proven by what was said long before', async () => {
    const ctx = await open('2026-11-23T08:00:00Z');
    const { id } = await reportTicket(ctx, jan, {
      componentId: 'intramed',
      type: 'incident',
      severity: '1',
      title: 'Uit',
      text: 'x',
      reporter: 'Praktijk',
    });
    await updateTicket(ctx, jan, { ticketId: id, text: 'We beginnen.' });
    const half = async () => (await shown(ctx)).find(({ rule }) => rule === 'half-time');
    assert.equal((await half())?.due, '2026-11-23T10:00:00Z');
    ctx.clock.set(parseInstant('2026-11-23T10:00:01Z'));
    assert.equal((await half())?.state, 'late');
    await updateTicket(ctx, jan, { ticketId: id, text: 'Halverwege.' });
    const done = (await readDuties(ctx)).find(({ key }) => key.includes('half-time'));
    assert.deepEqual([done?.state, done?.inTime], ['done', false]);
  });
});
