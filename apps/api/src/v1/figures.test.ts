import { statement } from '@upheld/domain/sla/statement.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

eachDatabase(
  'figures over the API',
  (databases) => {
    let h: Harness;
    before(async () => {
      h = await harness(await databases.open());
      await h.as('POST', '/api/v1/incidents', {
        title: { nl: 'Storing', en: 'Outage' },
        body: { nl: 'We zoeken.', en: 'We search.' },
        componentIds: ['fysioone'],
        startedAt: '2026-11-21T08:00:00Z',
        severity: 'a',
      });
    });
    const facts = async (query = ''): Promise<Facts> => {
      const answer = await h.ask('GET', `/api/v1/components/fysioone/facts${query}`);
      assert.equal(answer.status, 200, answer.text);
      return answer.json as Facts;
    };

    it('the statement is what the facts make under the agreement, byte for byte', async () => {
      for (const query of ['', '?period=2026', '?period=2026-11&asOf=2026-11-21T08:30:00Z']) {
        const told = await h.ask('GET', `/api/v1/components/fysioone/statement${query}`);
        const agreement = h.ctx.agreements().get('spotonmedics');
        const made = statement(await facts(query), agreement);
        assert.equal(told.text, `${JSON.stringify(made)}\n`, query);
        assert.match(told.headers.get('content-type') ?? '', /^application\/json/);
      }
    });

    const periods = {
      '?period=2026': { kind: 'calendar-year', year: 2026 },
      '?period=2026-11': { kind: 'calendar-month', month: '2026-11' },
      '?period=contract-year:2026-03-01:1': { kind: 'contract-year', start: '2026-03-01', nth: 1 },
      '?period=rolling-12-months:2026-11-01T00:00:00%2B01:00': {
        kind: 'rolling-12-months',
        endingAt: '2026-11-01T00:00:00+01:00',
      },
      // A plus that nobody escaped.
      '?period=2026-11-01T00:00:00+01:00/2026-11-08T00:00:00+01:00': {
        kind: 'range',
        from: '2026-11-01T00:00:00+01:00',
        to: '2026-11-08T00:00:00+01:00',
      },
    };
    for (const [query, period] of Object.entries(periods))
      it(`understands ${query}`, async () => {
        assert.deepEqual((await facts(query)).period, period);
      });

    it('refuses a period that is none, and says which there are', async () => {
      for (const text of [
        'yesterday',
        '2026-13',
        '26',
        'contract-year:2026-03-01',
        '2026-11-01/2026-11-08',
        '1000-01-01T00:00:00Z/9000-01-01T00:00:00Z',
      ]) {
        const answer = await h.ask('GET', `/api/v1/components/fysioone/facts?period=${text}`);
        const { status, faults } = problemIn(answer);
        assert.equal(status, 400, text);
        assert.equal(faults?.[0]?.path, 'period');
        assert.match(faults[0].message, /write rolling-12-months/);
      }
    });

    it('refuses an agreement that does not cover the component, and the future', async () => {
      const path = '/api/v1/components/fysioone/statement';
      assert.equal(problemIn(await h.ask('GET', `${path}?agreement=intramed`)).status, 404);
      const future = await h.ask('GET', `${path}?asOf=2027-01-01T00:00:00Z`);
      assert.equal(problemIn(future).faults?.[0]?.path, 'asOf');
    });
  },
  'sqlite',
);
