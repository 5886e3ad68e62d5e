import type { Config } from '@upheld/config/schema.ts';
import { parseFacts } from '@upheld/domain/sla/parse-facts.ts';
import { parseInstant, formatInstant } from '@upheld/domain/time/zoned.ts';
import { controlledClock } from '@upheld/testkit/clock.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { testContext, type TestContext } from '@upheld/testkit/context.ts';
import { eachDatabase, type TestDatabases } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Actor } from '../context.ts';
import { completeDuty } from '../duty/complete-duty.ts';
import { readDueNext, readDuties } from '../duty/read-duties.ts';
import { readFacts, readStatement } from '../read/read-statement.ts';
import { respondToTicket, updateTicket } from './answer-ticket.ts';
import { closeTicket, recoverTicket, reopenTicket } from './end-ticket.ts';
import { pauseTicket, resumeTicket } from './pause-ticket.ts';
import { linkTicket, progressTicket, tellOfTicket } from './progress-ticket.ts';
import { previewRecategorisation, recategoriseTicket } from './recategorise-ticket.ts';
import { reportTicket, type ReportTicket } from './report-ticket.ts';
import { listTickets, readTicket } from './ticket-view.ts';

const jan: Actor = { name: 'jan', via: 'console', address: '192.0.2.1' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Components under each agreement whose tickets differ. */
function config(): Config {
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
          component('flexkids', 'flexkids', 'flexkids'),
          component('xurrent', 'infravision-cloud', 'xurrent'),
          component('intramed', 'intramed-online', 'intramed-online'),
        ],
      },
    ],
  });
}

async function open(databases: TestDatabases, at: string): Promise<TestContext> {
  const clock = controlledClock(parseInstant(at));
  return testContext(await databases.open(), { config: config(), clock });
}

const report = (over: Partial<ReportTicket> = {}): ReportTicket => ({
  componentId: 'fysioone',
  type: 'incident',
  severity: 'b',
  title: 'Agenda laadt niet',
  text: 'De agenda blijft leeg.',
  reporter: 'Praktijk De Brug',
  ...over,
});

const at = (ctx: TestContext, text: string): void => ctx.clock.set(parseInstant(text));
const iso = (instant: number | null | undefined): string | null =>
  instant === null || instant === undefined ? null : formatInstant(instant);

eachDatabase('a ticket', (databases) => {
  it('runs its clocks in service hours, over the end of summer time and a weekend', async () => {
    // Friday 17:00 in summer time; the service hours go on until 17:30, and then on Monday in winter time.
    const ctx = await open(databases, '2026-10-23T15:00:00Z');
    const ticket = await reportTicket(ctx, jan, report());
    const [response, recovery] = ticket.clocks;
    assert.equal(ticket.number, 1);
    assert.deepEqual(
      [iso(response?.dueAt), response?.verdict],
      ['2026-10-26T10:30:00Z', 'running'],
    );
    // Half an hour on Friday and three and a half on Monday: in clock time an hour more than three days.
    assert.deepEqual(response?.left, { clockMs: 67.5 * HOUR, serviceMs: 4 * HOUR });
    assert.equal(recovery?.clause, '2.7, 5.2');
    at(ctx, '2026-10-26T10:30:00Z');
    const answered = await respondToTicket(ctx, jan, {
      ticketId: '1',
      text: 'Ontvangen; we zoeken het uit.',
    });
    assert.equal(answered.clocks[0]?.verdict, 'met');
  });

  it('is late one second after its target', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const ticket = await reportTicket(ctx, jan, report());
    // One millisecond after the twelve o'clock that the target falls on.
    ctx.clock.set((ticket.clocks[0]?.dueAt ?? 0) + 1);
    const late = await respondToTicket(ctx, jan, { ticketId: ticket.id, text: 'Gezien.' });
    assert.equal(late.clocks[0]?.verdict, 'missed');
    assert.equal(late.clocks[0].elapsedMs, 4 * HOUR + 1000);
  });

  it('shows the moment by which the statement judges, and counts in it', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const ticket = await reportTicket(ctx, jan, report());
    at(ctx, '2026-11-02T09:10:00Z');
    await respondToTicket(ctx, jan, { ticketId: ticket.id, text: 'Gezien.' });
    at(ctx, '2026-11-02T09:30:00Z');
    await pauseTicket(ctx, jan, {
      ticketId: ticket.id,
      reason: 'key-user-unreachable',
      text: 'Neemt niet op.',
    });
    at(ctx, '2026-11-02T10:00:00Z');
    await resumeTicket(ctx, jan, { ticketId: ticket.id, text: 'Gesproken.' });
    at(ctx, '2026-11-03T08:00:00Z');
    const view = await readTicket(ctx, ticket.id);
    const { facts, statement } = await readStatement(ctx, { componentId: 'fysioone' });
    assert.deepEqual(
      statement.clocks.map((clock) => [clock.dueAt, clock.pausedSeconds, clock.verdict]),
      view.clocks.map((clock) => [iso(clock.dueAt), clock.pausedMs / 1000, clock.verdict]),
    );
    assert.deepEqual(facts.tickets?.[0]?.pauses, [
      { from: '2026-11-02T09:30:00Z', to: '2026-11-02T10:00:00Z', reason: 'key-user-unreachable' },
    ]);
    const read = parseFacts(facts, ctx.agreements());
    assert.equal(read.ok, true);
  });

  it('stands still while it waits, and says so', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const { id } = await reportTicket(ctx, jan, report());
    await pauseTicket(ctx, jan, {
      ticketId: id,
      reason: 'customer-request',
      text: 'Na de vakantie.',
    });
    at(ctx, '2026-11-04T08:00:00Z');
    const waiting = await readTicket(ctx, id);
    assert.deepEqual(
      [waiting.state, waiting.waitsFor, waiting.clocks[1]?.paused, waiting.clocks[1]?.elapsedMs],
      ['waiting', 'customer-request', true, 0],
    );
    assert.deepEqual(await readDueNext(ctx), []);
    await assert.rejects(
      pauseTicket(ctx, jan, { ticketId: id, reason: 'customer-act', text: 'x' }),
      /waits already/,
    );
    const facts = await readFacts(ctx, { componentId: 'fysioone' });
    assert.equal(parseFacts(facts, ctx.agreements()).ok, true);
  });

  it('keeps running after a reopening as if it had never been solved', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const { id } = await reportTicket(ctx, jan, report({ severity: 'a' }));
    at(ctx, '2026-11-02T08:30:00Z');
    const solved = await recoverTicket(ctx, jan, { ticketId: id, text: 'Herstart.' });
    assert.equal(solved.clocks[1]?.verdict, 'met');
    at(ctx, '2026-11-02T15:00:00Z');
    const again = await reopenTicket(ctx, jan, { ticketId: id, text: 'Weer stuk.' });
    assert.deepEqual([again.state, again.clocks[1]?.verdict], ['open', 'missed']);
    const closed = await closeTicket(ctx, jan, { ticketId: id, text: 'Klaar.' });
    assert.deepEqual([closed.state, closed.clocks[1]?.verdict], ['closed', 'missed']);
    await assert.rejects(updateTicket(ctx, jan, { ticketId: id, text: 'x' }), /is closed; reopen/);
  });

  it('gets the targets of where it is placed, and says beforehand what that does', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const { id } = await reportTicket(ctx, jan, report());
    at(ctx, '2026-11-02T09:00:00Z');
    const place = { ticketId: id, type: 'incident' as const, severity: 'a' };
    const preview = await previewRecategorisation(ctx, place);
    assert.deepEqual(
      [preview.now, preview.then].map(([response]) => iso(response?.dueAt)),
      ['2026-11-02T14:00:00Z', '2026-11-02T09:00:00Z'],
    );
    const placed = await recategoriseTicket(ctx, jan, { ...place, text: 'Niemand kan inloggen.' });
    assert.deepEqual(placed.clocks, preview.then);
    // SpotOnMedics 5.1 asks that the practice is told; without an address an answer proves it.
    const [duty] = placed.duties;
    assert.deepEqual([duty?.clause, duty?.state, duty?.due], ['5.1', 'open', null]);
    at(ctx, '2026-11-02T09:05:00Z');
    const told = await updateTicket(ctx, jan, { ticketId: id, text: 'Nu categorie A.' });
    assert.equal(told.duties[0]?.state, 'done');
    await assert.rejects(
      recategoriseTicket(ctx, jan, { ...place, text: 'x' }),
      /placed there already/,
    );
  });

  it('starts at detection where the agreement says so', async () => {
    const ctx = await open(databases, '2026-11-01T03:00:00Z');
    await ctx.db.transact(({ q, t }) =>
      q.insert(t.incidents).values({
        id: 'incident-1',
        titleNl: 'Uit',
        titleEn: 'Down',
        status: 'investigating',
        impact: 'critical',
        startedAt: parseInstant('2026-11-01T02:50:00Z'),
        noticedAt: parseInstant('2026-11-01T02:51:00Z'),
        createdBy: 'detector',
        updatedAt: 0,
        version: 1,
      }),
    );
    const { id } = await reportTicket(ctx, jan, report({ componentId: 'flexkids', severity: '1' }));
    const linked = await linkTicket(ctx, jan, { ticketId: id, incidentId: 'incident-1' });
    assert.equal(iso(linked.clocks[0]?.startedAt), '2026-11-01T02:51:00Z');
    assert.equal(iso(linked.clocks[0]?.dueAt), '2026-11-01T03:51:00Z');
    const begun = await respondToTicket(ctx, jan, { ticketId: id, text: 'Bezig.' });
    assert.equal(begun.clocks[0]?.verdict, 'running', 'an answer is not the start of the work');
    at(ctx, '2026-11-01T03:51:00Z');
    const working = await progressTicket(ctx, jan, {
      ticketId: id,
      step: 'work-started',
      text: 'Eerste technicus aan het werk.',
    });
    assert.equal(working.clocks[0]?.verdict, 'met');
  });

  it('starts the recovery of Infravision once the cause is found, and a workaround ends it', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    const { id } = await reportTicket(
      ctx,
      jan,
      report({ componentId: 'xurrent', severity: 'top' }),
    );
    at(ctx, '2026-11-02T10:00:00Z');
    const found = await progressTicket(ctx, jan, {
      ticketId: id,
      step: 'root-cause-found',
      text: 'Een index ontbreekt.',
    });
    assert.equal(iso(found.clocks[1]?.dueAt), '2026-11-02T14:00:00Z');
    assert.equal(found.duties[0]?.key, `infravision-cloud/rca-top/${id}`);
    assert.equal(iso(found.duties[0].due), '2026-12-02T08:00:00Z');
    at(ctx, '2026-11-02T14:00:00Z');
    const around = await progressTicket(ctx, jan, {
      ticketId: id,
      step: 'workaround-delivered',
      text: 'Via de oude lijst.',
    });
    assert.equal(around.clocks[1]?.verdict, 'met');
    const { statement } = await readStatement(ctx, { componentId: 'xurrent' });
    assert.equal(statement.attainment.find(({ group }) => group === 'top')?.of, 1);
  });

  it('owes an update at half of the target and a report at the end of the day', async () => {
    const ctx = await open(databases, '2026-11-03T08:00:00Z');
    const { id } = await reportTicket(ctx, jan, report({ componentId: 'intramed', severity: '1' }));
    const due = async () =>
      (await readDuties(ctx)).map(({ key, due, state }) => [key.split('/')[1], iso(due), state]);
    assert.deepEqual(await due(), [
      ['half-time', '2026-11-03T10:00:00Z', 'open'],
      ['not-the-same-day', '2026-11-03T16:00:00Z', 'open'],
    ]);
    at(ctx, '2026-11-03T09:40:00Z');
    assert.equal((await due())[0]?.[2], 'due-soon');
    await updateTicket(ctx, jan, { ticketId: id, text: 'We zijn halverwege.' });
    assert.equal((await readTicket(ctx, id)).duties.at(-1)?.inTime, true);
    at(ctx, '2026-11-03T16:00:01Z');
    assert.deepEqual(
      (await due()).map(([rule, , state]) => [rule, state]),
      [
        ['not-the-same-day', 'late'],
        ['half-time', 'done'],
      ],
    );
  });

  it('counts obligations from what somebody says happened, and keeps the proof', async () => {
    const ctx = await open(databases, '2026-11-06T15:00:00Z');
    const { id } = await reportTicket(
      ctx,
      jan,
      report({ componentId: 'flexkids', type: 'question', severity: undefined }),
    );
    await tellOfTicket(ctx, jan, {
      ticketId: id,
      event: 'leak-established',
      text: 'Lek gevonden.',
    });
    await tellOfTicket(ctx, jan, { ticketId: id, event: 'complaint-received', text: 'Brief.' });
    const duties = await readDuties(ctx);
    assert.deepEqual(
      duties.map(({ clause, due }) => [clause, iso(due)]),
      [
        // 24 elapsed hours, and ten working days of day-fractions.
        ['4.4.1-4.4.2', '2026-11-07T15:00:00Z'],
        ['1.6.1', '2026-11-20T15:00:00Z'],
      ],
    );
    const key = duties[0]?.key ?? '';
    at(ctx, '2026-11-06T16:00:00Z');
    const done = await completeDuty(ctx, jan, { key, evidence: 'Gebeld met de bestuurder.' });
    assert.deepEqual([done.state, done.inTime], ['done', true]);
    await assert.rejects(completeDuty(ctx, jan, { key, evidence: 'x' }), /was done before/);
  });

  it('refuses what cannot be, and loses nothing when two change it at once', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    await assert.rejects(
      reportTicket(ctx, jan, report({ severity: 'top' })),
      /write one of a, b, c/,
    );
    await assert.rejects(
      reportTicket(ctx, jan, report({ type: 'question' })),
      /is not for a question/,
    );
    await assert.rejects(
      reportTicket(ctx, jan, report({ reportedAt: Date.parse('0001-01-01T00:00:00Z') })),
      /reportedAt is more than a year ago/,
    );
    const { id, version } = await reportTicket(ctx, jan, report());
    const later = parseInstant('2026-11-02T08:00:01Z');
    await assert.rejects(
      updateTicket(ctx, jan, { ticketId: id, text: 'x', at: later }),
      /is in the future/,
    );
    await updateTicket(ctx, jan, { ticketId: id, text: 'Eerste.', expectedVersion: version });
    await assert.rejects(
      updateTicket(ctx, jan, { ticketId: id, text: 'Tweede.', expectedVersion: version }),
      /read it again/,
    );
    const said = ['a', 'b', 'c', 'd'].map((text) => updateTicket(ctx, jan, { ticketId: id, text }));
    await Promise.all(said);
    const { events } = await readTicket(ctx, id);
    assert.equal(events.filter(({ kind }) => kind === 'updated').length, 5);
  });

  it('numbers tickets without a gap, however many come at once, and writes each into the log', async () => {
    const ctx = await open(databases, '2026-11-02T08:00:00Z');
    await Promise.all(Array.from({ length: 12 }, () => reportTicket(ctx, jan, report())));
    const numbers = (await listTickets(ctx)).map(({ number }) => number);
    assert.deepEqual(
      numbers,
      Array.from({ length: 12 }, (_, index) => 12 - index),
    );
    const log = await ctx.db.read.q.select().from(ctx.db.read.t.auditLog);
    assert.equal(log.filter(({ action }) => action === 'ticket.report').length, 12);
    assert.deepEqual([log[0]?.actor, log[0]?.address], ['jan', '192.0.2.1']);
  });
});
