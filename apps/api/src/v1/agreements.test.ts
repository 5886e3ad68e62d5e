import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
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
          agreements: [{ agreement: 'standard', contractStart: '2026-03-01' }],
          monitors: [],
        },
      ],
    },
  ],
});
const BASE = '/api/v1/agreements/standard/versions';
const SCRIPT = '<script>alert(1)</script>';
const source = `label: "${SCRIPT}"
validFrom: 2027-01-01
replaces:
  availability.parts.all.norm: '99.5'
`;
interface Given {
  version: number;
  inForce: { label: string };
  versions: {
    id: string | null;
    label: string;
    standing: string;
    adopted: { by: string } | null;
  }[];
  sections: { title: string; rules: { path: string; says: string; clause: string | null }[] }[];
}

eachDatabase('versions of agreements over the API', (databases) => {
  let h: Harness;
  before(async () => {
    h = await harness(await databases.open(), { config });
  });
  const json = <T>(answer: Answer): T => answer.json as T;
  const matching = (method: string, path: string, body: unknown, tag: string) =>
    h.ask(method, path, { body, token: h.token, headers: { 'if-match': tag } });

  it('are read with what they say, by whoever may read', async () => {
    const list = await h.as('GET', '/api/v1/agreements');
    const { agreements } = json<{
      agreements: { reference: string; covers: { contractYear: { from: string } }[] }[];
    }>(list);
    assert.deepEqual(
      agreements.map(({ reference, covers }) => [reference, covers[0]?.contractYear.from]),
      [['standard', '2026-02-28T23:00:00.000Z']],
    );
    const one = await h.as('GET', BASE);
    assert.match(one.headers.get('etag') ?? '', /^"1-/);
    const rules = json<Given>(one).sections.flatMap((section) => section.rules);
    assert.deepEqual(
      rules.find(({ path }) => path === 'availability.parts.all'),
      {
        path: 'availability.parts.all',
        what: 'In all time',
        says: 'at least 99.9%',
        clause: '2',
        strength: 'effort',
        note: null,
      },
    );
    assert.equal((await h.ask('GET', BASE)).status, 401);
    assert.equal((await h.as('GET', '/api/v1/agreements/spotonmedics/versions')).status, 404);
    // The file is for everyone, as before.
    assert.equal((await h.ask('GET', '/api/v1/agreements/standard.yaml')).status, 200);
  });

  it('are seen beforehand, adopted and withdrawn, each with its ETag', async () => {
    const seen = await h.as('POST', `${BASE}/preview`, { source });
    assert.equal(seen.status, 200);
    const { changes } = json<{ changes: { before: string; after: string }[] }>(seen);
    assert.deepEqual(
      changes.map(({ before: was, after }) => [was, after]),
      [['99.9%', '99.5%']],
    );
    const tag = (await h.as('GET', BASE)).headers.get('etag') ?? '';
    const body = { source, reason: SCRIPT };
    const adopted = await matching('POST', BASE, body, tag);
    assert.equal(adopted.status, 201);
    const [, version] = json<Given>(adopted).versions;
    assert.deepEqual(
      [version?.label, version?.standing, version?.adopted?.by],
      [SCRIPT, 'to-come', 'tests'],
    );
    const later = { ...body, source: source.replace('2027-01-01', '2027-02-01') };
    assert.equal((await matching('POST', BASE, later, tag)).status, 412);
    const file = await h.ask('GET', '/api/v1/agreements/standard.yaml');
    assert.match(file.text, /validFrom: 2027-01-01/);
    const withdraw = `${BASE}/${version?.id ?? ''}/withdraw`;
    const now = adopted.headers.get('etag') ?? '';
    assert.equal((await matching('POST', withdraw, { reason: 'no' }, tag)).status, 412);
    const back = await matching('POST', withdraw, { reason: 'no' }, now);
    assert.equal(json<Given>(back).versions[1]?.standing, 'withdrawn');
    assert.equal((await h.as('POST', withdraw, { reason: 'no' })).status, 409);
    assert.equal((await h.as('POST', `${BASE}/x/withdraw`, { reason: 'no' })).status, 404);
    assert.doesNotMatch((await h.ask('GET', '/api/v1/agreements/standard.yaml')).text, /2027/);
  });

  it('are refused with the line of each fault', async () => {
    const past = source.replace('2027-01-01', '2026-11-21');
    const refused = await h.as('POST', BASE, { source: past, reason: 'no' });
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(problemIn(refused)), /line 2: validFrom is not after today/);
    assert.equal((await h.as('POST', `${BASE}/preview`, { source: '' })).status, 422);
    assert.equal((await h.as('POST', `${BASE}/preview`, { source: '\u0000' })).status, 422);
  });
});
