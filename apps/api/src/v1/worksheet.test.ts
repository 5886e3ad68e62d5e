import { loadAgreementBook } from '@upheld/config/agreements.ts';
import type { WorksheetView } from '@upheld/services/read/worksheet-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-worksheet-'));
after(() => rmSync(folder, { recursive: true }));

const shipped = new URL('../../../../agreements/standard.yaml', import.meta.url);
const own = join(folder, 'contract.yaml');
const SECRET = `customers:
  hospital-north: { source: A letter, replaces: { maintenance.notice.term: { hours: 96 } } }
`;
writeFileSync(
  own,
  readFileSync(shipped, 'utf8').replace('id: standard', 'id: our-contract') + SECRET,
);

const product = (id: string, agreement: string) => ({
  id,
  name: id,
  agreements: [{ agreement }],
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});
const config = testConfig({
  pages: [{ id: 'main', title: 'Main', groups: ['open'] }],
  groups: [
    {
      id: 'open',
      name: 'Open',
      components: [product('shop', 'standard'), product('portal', own)],
    },
    { id: 'inner', name: 'Inner', components: [product('payroll', 'intramed')] },
  ],
});

eachDatabase(
  'worksheets over the API',
  (databases) => {
    let h: Harness;
    before(async () => {
      const db = await databases.open();
      h = await harness(db, { config });
      const book = loadAgreementBook(folder);
      h.ctx.agreements = () => book;
      const record = recorder(db);
      const now = h.ctx.clock.now();
      await record.beat(now);
      for (const id of ['shop', 'portal']) {
        await record.measured(id, now - 100 * 86_400_000);
        await record.outage({ component: id, from: now - 7_200_000, to: now - 3_600_000 });
      }
      await h.as('POST', '/api/v1/incidents', {
        title: { nl: 'Storing', en: '=HYPERLINK("http://evil.example","outage"), "again"' },
        body: { nl: 'We zoeken.', en: 'We search.' },
        componentIds: ['shop'],
        startedAt: new Date(now - 1_800_000).toISOString(),
        severity: 'outage',
      });
    });
    const worksheet = async (query = ''): Promise<WorksheetView> => {
      const answer = await h.ask('GET', `/api/v1/components/shop/worksheet${query}`);
      assert.equal(answer.status, 200, answer.text);
      return answer.json as WorksheetView;
    };

    it('explain the statement that the same query gives', async () => {
      for (const query of ['', '?period=2026', '?period=2026-11']) {
        const told = await h.ask('GET', `/api/v1/components/shop/statement${query}`);
        const { statement, parts } = await worksheet(query);
        assert.equal(`${JSON.stringify(statement)}\n`, told.text);
        const [part] = parts;
        const down = part?.rows.filter(({ bucket }) => bucket === 'down') ?? [];
        assert.equal(
          down.reduce((sum, { seconds }) => sum + seconds, 0),
          statement.availability[0]?.seconds.down,
        );
        assert.ok(down.every(({ reasons }) => reasons.every(({ clause }) => clause === '1')));
      }
    });

    it('come as a table in which nothing is a formula', async () => {
      const answer = await h.ask('GET', '/api/v1/components/shop/worksheet.csv?period=2026-11');
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/);
      assert.match(
        answer.headers.get('content-disposition') ?? '',
        /^attachment; filename="shop-2026-\d\d-\d\d\.csv"$/,
      );
      const lines = answer.text.split('\r\n');
      assert.equal(lines.pop(), '');
      assert.match(lines[0] ?? '', /^component,agreement,part,bucket,from,to,seconds,rule,clause,/);
      const { parts } = await worksheet('?period=2026-11');
      assert.equal(lines.length, 1 + (parts[0]?.rows.length ?? 0));
      assert.match(
        answer.text,
        /,"'=HYPERLINK\(""http:\/\/evil\.example"",""outage""\), ""again"""/,
      );
      assert.doesNotMatch(answer.text, /(^|,|\n)"?=/);
    });

    it('come with the file of the agreement, as it was shipped', async () => {
      const answer = await h.ask('GET', '/api/v1/agreements/standard.yaml');
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/yaml/);
      assert.equal(answer.text, readFileSync(shipped, 'utf8'));
    });

    it("tell nobody where a file stands, nor what one customer's contract says", async () => {
      const answer = await h.ask('GET', '/api/v1/agreements/our-contract.yaml');
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.text, /hospital-north|A letter|96/);
      assert.match(answer.text, /^id: our-contract$/m);
      for (const path of ['', '/facts', '/statement', '/worksheet', '/worksheet.csv']) {
        const { text } = await h.ask('GET', `/api/v1/components/portal${path}`);
        assert.ok(!text.includes(folder), path);
        assert.match(text, /our-contract/);
      }
    });

    it('are none for what no page shows', async () => {
      for (const path of [
        '/api/v1/components/payroll/worksheet',
        '/api/v1/components/payroll/worksheet.csv',
        '/api/v1/agreements/intramed.yaml',
        '/api/v1/agreements/standard',
        '/api/v1/agreements/..%2F..%2Fpackage.yaml',
      ])
        assert.equal(problemIn(await h.ask('GET', path)).status, 404, path);
    });

    it('refuse a period that is none', async () => {
      for (const period of ['yesterday', '0000', '2026-13'])
        assert.equal(
          problemIn(await h.ask('GET', `/api/v1/components/shop/worksheet?period=${period}`))
            .status,
          400,
        );
    });
  },
  'sqlite',
);
