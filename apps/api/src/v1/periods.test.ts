import { hashOf, verifyDocument } from '@upheld/services/period/document.ts';
import type { WorksheetView } from '@upheld/services/read/worksheet-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Answer, type Harness } from '../../test/harness.ts';

const product = (id: string) => ({
  id,
  name: id,
  agreements: [{ agreement: 'standard' }],
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});
const config = testConfig({
  pages: [{ id: 'main', title: 'Main', groups: ['open'] }],
  groups: [
    { id: 'open', name: 'Open', components: [product('shop')] },
    { id: 'inner', name: 'Inner', components: [product('payroll')] },
  ],
});
const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const month = (componentId: string) => ({ componentId, period: '2026-10' });

interface Listed {
  periods: {
    period: string;
    revisions: { revision: number; hash: string; reason: string | null; document: string }[];
  }[];
}

eachDatabase('closed periods over the API', (databases) => {
  let h: Harness;
  let outageId: string;
  before(async () => {
    const db = await databases.open();
    h = await harness(db, { config });
    const { clock } = h.ctx;
    await clock.advance(at('2026-11-05T08:00:00Z') - clock.now());
    const record = recorder(db);
    await record.beat(clock.now());
    for (const id of ['shop', 'payroll']) await record.measured(id, at('2026-01-01T00:00:00Z'));
    const from = at('2026-10-06T10:00:00Z');
    await record.outage({ component: 'shop', from, to: from + HOUR });
    const [row] = await db.read.q.select().from(db.read.t.outages);
    outageId = row?.id ?? '';
  });
  const json = <T>(answer: Answer): T => answer.json as T;
  const listed = async (): Promise<Listed['periods']> =>
    json<Listed>(await h.ask('GET', '/api/v1/components/shop/periods')).periods;

  it('are seen before they are closed, and are exactly what was seen', async () => {
    const open = json<{ open: { component: { id: string }; period: string }[] }>(
      await h.as('GET', '/api/v1/periods?component=shop'),
    ).open;
    assert.equal(open[0]?.period, '2026-10');
    const seen = await h.as('POST', '/api/v1/periods/preview', month('shop'));
    const { fingerprint, statement } = json<{ fingerprint: string; statement: unknown }>(seen);
    assert.deepEqual(await listed(), []);
    const other = { ...month('shop'), fingerprint: '0'.repeat(64) };
    assert.equal(problemIn(await h.as('POST', '/api/v1/periods', other)).status, 409);
    const closed = await h.as('POST', '/api/v1/periods', { ...month('shop'), fingerprint });
    assert.equal(closed.status, 201);
    const own = await h.as('GET', closed.headers.get('location') ?? '');
    assert.deepEqual(json<{ statement: unknown }>(own).statement, statement);
    const again = problemIn(await h.as('POST', '/api/v1/periods', month('shop')));
    assert.equal(again.status, 409);
  });

  it('can be downloaded by everyone as the bytes that were hashed, by whom is not public', async () => {
    const [period] = await listed();
    const [revision] = period?.revisions ?? [];
    assert.ok(revision);
    const file = await h.ask('GET', revision.document);
    assert.equal(hashOf(file.text), revision.hash);
    assert.equal(verifyDocument(file.text).ok, true);
    assert.match(file.headers.get('etag') ?? '', new RegExp(revision.hash));
    assert.match(file.headers.get('content-disposition') ?? '', /shop-standard-2026-10-revision-1/);
    const cached = await h.ask('GET', revision.document, {
      headers: { 'if-none-match': `"${revision.hash}"` },
    });
    assert.equal(cached.status, 304);
    const all = (await h.ask('GET', '/api/v1/components/shop/periods')).text;
    assert.ok(!`${all}${file.text}`.includes('tests'));
    const missing = revision.document.replace(/1$/, '7');
    assert.equal(problemIn(await h.ask('GET', missing)).status, 404);
    assert.equal(problemIn(await h.ask('GET', missing.replace(/7$/, '0'))).status, 400);
  });

  it('of what no page shows are for managers alone', async () => {
    const closed = await h.as('POST', '/api/v1/periods', month('payroll'));
    assert.equal(closed.status, 201);
    const path = '/api/v1/components/payroll/periods';
    for (const hidden of [path, `${path}/standard/2026-10/revisions/1`])
      assert.equal(problemIn(await h.ask('GET', hidden)).status, 404, hidden);
    const own = await h.as('GET', closed.headers.get('location') ?? '');
    assert.equal(hashOf(own.text), json<{ hash: string }>(closed).hash);
  });

  it('get a revision by a correction, and both can be had', async () => {
    const worksheet = async () => {
      const answer = await h.ask('GET', '/api/v1/components/shop/worksheet?period=2026-10');
      return json<WorksheetView>(answer);
    };
    assert.equal((await worksheet()).statement.availability[0]?.seconds.down, 3600);
    const csv = await h.ask('GET', '/api/v1/components/shop/worksheet.csv?period=2026-10');
    assert.match(csv.text, new RegExp((await worksheet()).closed?.hash ?? 'none'));
    const reason = 'Our probe was cut off.';
    const evidence = 'ticket 7';
    const said = { outageId, kind: 'false-alarm' };
    const seen = await h.as('POST', '/api/v1/corrections/preview', said);
    assert.match(
      seen.text,
      /"period":"2026-10","kind":"calendar-month","closed":true,"revision":2/,
    );
    await h.as('POST', '/api/v1/corrections', { ...said, reason, evidence });
    const view = await worksheet();
    assert.equal(view.statement.availability[0]?.seconds.down, 0);
    assert.deepEqual(
      view.closed?.revisions.map((one) => [one.revision, one.reason]),
      [
        [1, null],
        [2, reason],
      ],
    );
    const [period] = await listed();
    for (const { document, hash } of period?.revisions ?? [])
      assert.equal(hashOf((await h.ask('GET', document)).text), hash);
  });

  it('are revised only with a reason, and only when something changed', async () => {
    const order = { ...month('shop'), reason: 'To be sure.' };
    const same = problemIn(await h.as('POST', '/api/v1/periods/revise', order));
    assert.deepEqual([same.status, /nothing that is recorded/.test(same.detail)], [409, true]);
    assert.equal(
      problemIn(await h.as('POST', '/api/v1/periods/revise', month('shop'))).status,
      422,
    );
    const stale = { ...order, expectedRevision: 1 };
    assert.equal(problemIn(await h.as('POST', '/api/v1/periods/revise', stale)).status, 409);
  });
});
