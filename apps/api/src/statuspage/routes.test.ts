import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';
import { assertStatuspage } from '../../test/statuspage-schema.ts';

const PARTS: Record<string, string[]> = {
  'summary.json': ['page', 'status', 'components', 'incidents', 'scheduled_maintenances'],
  'status.json': ['page', 'status'],
  'components.json': ['page', 'components'],
  'incidents.json': ['page', 'incidents'],
  'incidents/unresolved.json': ['page', 'incidents'],
  'scheduled-maintenances.json': ['page', 'scheduled_maintenances'],
  'scheduled-maintenances/upcoming.json': ['page', 'scheduled_maintenances'],
  'scheduled-maintenances/active.json': ['page', 'scheduled_maintenances'],
};

interface Summary {
  page: { name: string };
  status: { indicator: string; description: string };
  components: { id: string; status: string }[];
  incidents: { id: string; name: string; status: string }[];
  scheduled_maintenances: { id: string; status: string }[];
}

const TEXT = { nl: 'Tekst', en: 'Text' };

eachDatabase(
  'Statuspage’s own API',
  (databases) => {
    let h: Harness;
    const ids = { open: '', resolved: '', upcoming: '', active: '', cancelled: '' };
    const make = async (path: string, body: object): Promise<string> => {
      const answer = await h.as('POST', path, body);
      assert.equal(answer.status, 201, answer.text);
      const made = answer.json as { id?: string; maintenance?: { id: string } };
      return made.id ?? made.maintenance?.id ?? '';
    };
    const incident = (startedAt: string) =>
      make('/api/v1/incidents', {
        title: { nl: 'Inloggen lukt niet', en: 'Signing in fails' },
        body: TEXT,
        componentIds: ['fysioone'],
        startedAt,
        severity: 'a',
      });
    const maintenance = (from: string, to: string) =>
      make('/api/v1/maintenances', { componentIds: ['fysioone'], from, to, text: TEXT });

    before(async () => {
      h = await harness(await databases.open());
      ids.resolved = await incident('2026-11-21T07:00:00Z');
      await h.as('POST', `/api/v1/incidents/${ids.resolved}/updates`, {
        status: 'resolved',
        body: TEXT,
      });
      ids.open = await incident('2026-11-21T08:30:00Z');
      ids.upcoming = await maintenance('2026-12-01T21:00:00Z', '2026-12-02T01:00:00Z');
      ids.active = await maintenance('2026-11-21T08:00:00Z', '2026-11-21T12:00:00Z');
      ids.cancelled = await maintenance('2026-12-05T21:00:00Z', '2026-12-06T01:00:00Z');
      await h.ctx.clock.advance(1000);
      await h.as('POST', `/api/v1/maintenances/${ids.cancelled}/cancel`, { text: TEXT });
    });
    const get = async (path: string, headers: Record<string, string> = {}): Promise<Summary> => {
      const answer = await h.ask('GET', path, { headers });
      assert.equal(answer.status, 200, answer.text);
      return answer.json as Summary;
    };

    for (const [path, parts] of Object.entries(PARTS))
      it(`${path} has the shape that clients read, at both addresses`, async () => {
        const first = await get(`/api/v2/${path}`);
        assertStatuspage(first, parts);
        assert.deepEqual(await get(`/pages/main/api/v2/${path}`), first);
        assert.deepEqual(await get(`/api/v2/${path}?page=main`), first);
      });

    it('each list holds what its name says', async () => {
      const of = async (path: string) => {
        const { incidents, scheduled_maintenances } = await get(`/api/v2/${path}`);
        return ((incidents as Summary['incidents'] | undefined) ?? scheduled_maintenances).map(
          ({ id }) => id,
        );
      };
      assert.deepEqual(await of('incidents.json'), [ids.open, ids.resolved]);
      assert.deepEqual(await of('incidents/unresolved.json'), [ids.open]);
      assert.deepEqual(await of('scheduled-maintenances/upcoming.json'), [ids.upcoming]);
      assert.deepEqual(await of('scheduled-maintenances/active.json'), [ids.active]);
      assert.deepEqual(
        (await of('scheduled-maintenances.json')).sort(),
        [ids.upcoming, ids.active, ids.cancelled].sort(),
      );
      const summary = await get('/api/v2/summary.json');
      assert.deepEqual(
        summary.incidents.map(({ id }) => id),
        [ids.open],
      );
      assert.deepEqual(
        summary.scheduled_maintenances.map(({ id }) => id).sort(),
        [ids.upcoming, ids.active].sort(),
      );
    });

    it('is told in the language asked for, else in that of the page', async () => {
      const name = async (query: string, headers: Record<string, string> = {}) =>
        (await get(`/api/v2/summary.json${query}`, headers)).incidents[0]?.name;
      assert.equal(await name(''), 'Inloggen lukt niet');
      assert.equal(await name('?lang=en'), 'Signing in fails');
      assert.equal(
        await name('', { 'accept-language': 'fr, en-US;q=0.8, nl;q=0.2' }),
        'Signing in fails',
      );
      assert.equal(await name('', { 'accept-language': 'de, *;q=0.1' }), 'Inloggen lukt niet');
      assert.equal(await name('', { 'accept-language': 'en;q=0, nl;q=0.1' }), 'Inloggen lukt niet');
      assert.equal(await name('?lang=xx', { 'accept-language': 'en' }), 'Signing in fails');
    });

    it('may be read by a page of any site, and kept apart by language', async () => {
      const { headers } = await h.ask('GET', '/api/v2/status.json', {
        headers: { origin: 'https://customer.example' },
      });
      assert.equal(headers.get('access-control-allow-origin'), '*');
      assert.equal(headers.get('access-control-allow-credentials'), null);
      assert.match(headers.get('vary') ?? '', /accept-language/i);
      const preflight = await h.api.request('/api/v2/status.json', {
        method: 'OPTIONS',
        headers: { origin: 'https://customer.example', 'access-control-request-method': 'GET' },
      });
      assert.equal(preflight.status, 204);
    });

    it('answers a client that has it already with 304', async () => {
      const first = await h.ask('GET', '/api/v2/summary.json');
      const etag = first.headers.get('etag') ?? '';
      const again = await h.ask('GET', '/api/v2/summary.json', {
        headers: { 'if-none-match': etag },
      });
      assert.equal(again.status, 304);
      const other = await h.ask('GET', '/api/v2/summary.json?lang=en', {
        headers: { 'if-none-match': etag },
      });
      assert.equal(other.status, 200);
    });

    it('comes compressed to who takes that', async () => {
      const response = await h.api.request('/api/v2/summary.json', {
        headers: { 'accept-encoding': 'gzip' },
      });
      assert.equal(response.headers.get('content-encoding'), 'gzip');
      const unpacked = response.body?.pipeThrough(new DecompressionStream('gzip'));
      assertStatuspage(await new Response(unpacked).json(), PARTS['summary.json'] ?? []);
    });

    it('says 404 for a page that there is not', async () => {
      for (const path of ['/pages/none/api/v2/summary.json', '/api/v2/summary.json?page=none'])
        assert.equal(problemIn(await h.ask('GET', path)).status, 404);
    });

    it('holds at most fifty, the newest first', async () => {
      for (let minute = 0; minute < 55; minute += 1)
        await incident(`2026-11-20T08:${String(minute).padStart(2, '0')}:00Z`);
      const { incidents } = await get('/api/v2/incidents.json');
      assert.equal(incidents.length, 50);
      assert.deepEqual(
        incidents.slice(0, 2).map(({ id }) => id),
        [ids.open, ids.resolved],
      );
    });
  },
  'sqlite',
);
