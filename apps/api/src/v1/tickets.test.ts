import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { harness } from '../../test/harness.ts';

const report = {
  componentId: 'fysioone',
  type: 'incident',
  severity: 'b',
  title: 'Agenda laadt niet',
  text: 'De agenda blijft leeg.',
  reporter: 'Praktijk De Brug',
};

interface Listed {
  duties: { key: string }[];
  next: string | null;
}

interface Ticket {
  id: string;
  number: number;
  state: string;
  version: number;
  clocks: {
    clock: string;
    verdict: string;
    dueAt: string;
    left: { serviceSeconds: number } | null;
  }[];
  duties: { key: string; state: string }[];
}

eachDatabase(
  'tickets over HTTP',
  (databases) => {
    it('go from a report to its closing, and lose no change', async () => {
      const { as, ask, ctx, token } = await harness(await databases.open());
      // A Monday morning in service hours.
      ctx.clock.set(Date.parse('2026-11-23T08:00:00Z'));
      const made = await as('POST', '/api/v1/tickets', report);
      assert.equal(made.status, 201);
      const ticket = made.json as Ticket;
      assert.deepEqual(
        [ticket.clocks[0]?.dueAt, ticket.clocks[0]?.left?.serviceSeconds],
        ['2026-11-23T14:00:00.000Z', 4 * 3600],
      );
      const path = `/api/v1/tickets/${ticket.id}`;
      const read = await as('GET', '/api/v1/tickets/1');
      const etag = read.headers.get('etag') ?? '';
      const respond = (headers: Record<string, string>) =>
        ask('POST', `${path}/respond`, { token, body: { text: 'Gezien.' }, headers });
      assert.equal((await respond({ 'if-match': etag })).status, 200);
      assert.equal((await respond({ 'if-match': etag })).status, 412);

      const placed = { type: 'incident', severity: 'a' };
      const preview = await as('POST', `${path}/recategorise/preview`, placed);
      const { now, then } = preview.json as Record<'now' | 'then', Ticket['clocks']>;
      assert.deepEqual(
        [now[1]?.dueAt, then[1]?.dueAt],
        ['2026-12-01T11:00:00.000Z', '2026-11-23T10:00:00.000Z'],
      );
      const message = { message: 'recategorised', text: 'Niemand kan erin.', ...placed };
      const mail = await as('POST', `${path}/messages/preview`, message);
      const { to, asked } = mail.json as { to: string | null; asked: { clause: string }[] };
      assert.deepEqual([to, asked.map(({ clause }) => clause)], [null, ['5.1']]);
      const known = await as('GET', '/api/v1/components/fysioone/ticket-places');
      const { places } = known.json as { places: { type: string; severity: string | null }[] };
      assert.deepEqual(
        places.map(({ type, severity }) => [type, severity].join(' ').trim()),
        ['incident a', 'incident b', 'incident c', 'bug a', 'bug b', 'bug c', 'question'],
      );
      assert.equal((await as('GET', '/api/v1/components/none/ticket-places')).status, 404);
      for (const [verb, body] of [
        ['recategorise', { ...placed, text: 'Niemand kan erin.' }],
        ['progress', { step: 'work-started', text: 'Aan het werk.' }],
        ['pause', { reason: 'customer-request', text: 'Na de lunch.' }],
        ['resume', { text: 'Verder.' }],
        ['happened', { event: 'abuse-found', text: 'Onbekende aanmelding.' }],
        ['updates', { text: 'Bijna.' }],
        ['link', { incidentId: null }],
        ['recover', { text: 'Herstart.' }],
        ['reopen', { text: 'Toch niet.' }],
        ['close', { text: 'Klaar.' }],
      ] as const) {
        const { status, json } = await as('POST', `${path}/${verb}`, body);
        const expected = verb === 'link' ? 409 : 200;
        assert.equal(status, expected, `${verb}: ${JSON.stringify(json)}`);
      }
      const list = await as('GET', '/api/v1/tickets?open=true');
      assert.deepEqual((list.json as { tickets: Ticket[] }).tickets, []);
      const duties = (await as('GET', '/api/v1/duties')).json as { duties: Ticket['duties'] };
      const paged: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const cursor: string = next === '' ? '' : `&cursor=${next}`;
        const page = (await as('GET', `/api/v1/duties?limit=1${cursor}`)).json as Listed;
        paged.push(...page.duties.map(({ key }) => key));
        next = page.next;
      }
      assert.deepEqual(
        paged,
        duties.duties.map(({ key }) => key),
      );
      const abuse = duties.duties.find(({ key }) => key.includes('abuse-told'));
      const done = await as('POST', '/api/v1/duties/complete', {
        key: abuse?.key,
        evidence: 'Gebeld.',
      });
      assert.equal((done.json as { state: string }).state, 'done');
      assert.equal((await as('GET', '/api/v1/alerts')).status, 200);
    });

    it('says what is wrong with a report, at its field', async () => {
      const { as } = await harness(await databases.open());
      const refused = await as('POST', '/api/v1/tickets', { ...report, severity: 'top' });
      assert.equal(refused.status, 422);
      assert.match(refused.text, /no level for fysioone; write one of a, b, c/);
      assert.equal((await as('GET', '/api/v1/tickets/99')).status, 404);
    });

    it('gives the calls a page at a time', async () => {
      const { as, ctx } = await harness(await databases.open());
      const named = ['first', 'second', 'third'];
      for (const name of named) {
        await ctx.clock.advance(1000);
        await ctx.db.transact(({ q, t }) =>
          q
            .insert(t.alerts)
            .values({
              id: ctx.ids.next(),
              dedupeKey: `duty:${name}`,
              subjectId: name,
              titleNl: name,
              titleEn: name,
              raisedAt: ctx.clock.now(),
              step: 0,
              version: 1,
            })
            .returning(),
        );
      }
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = (await as('GET', `/api/v1/alerts?limit=2&open=true${more}`)).json as {
          alerts: { subjectId: string }[];
          next: string | null;
        };
        seen.push(...page.alerts.map(({ subjectId }) => subjectId));
        cursor = page.next;
      }
      assert.deepEqual(seen, named.toReversed());
    });

    it('gives the list a page at a time', async () => {
      const { as } = await harness(await databases.open(), { config: testConfig() });
      for (let n = 0; n < 5; n += 1) await as('POST', '/api/v1/tickets', report);
      const first = (await as('GET', '/api/v1/tickets?limit=2')).json as {
        tickets: Ticket[];
        next: string;
      };
      assert.deepEqual(
        first.tickets.map(({ number }) => number),
        [5, 4],
      );
      const second = await as('GET', `/api/v1/tickets?limit=2&cursor=${first.next}`);
      assert.deepEqual(
        (second.json as { tickets: Ticket[] }).tickets.map(({ number }) => number),
        [3, 2],
      );
    });
  },
  'sqlite',
);
