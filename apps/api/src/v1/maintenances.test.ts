import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Verdict {
  componentId: string;
  agreement: string;
  verdict: string;
  inTime: boolean;
  lastValidAnnouncement: string | null;
  nextWindow: { from: string; to: string } | null;
  term: { nl: string; en: string };
}
interface Announced {
  maintenance: {
    id: string;
    status: string;
    from: string;
    cancelledAt: string | null;
    announcements: { at: string; from: string }[];
  };
  verdicts: Verdict[];
}

/** A Tuesday morning, within the service hours of spotonmedics. */
const WINDOW = { from: '2026-11-24T10:00:00+01:00', to: '2026-11-24T11:00:00+01:00' };
const TEXT = { nl: 'De database wordt bijgewerkt.', en: 'The database is upgraded.' };
const NEW = { componentIds: ['fysioone'], ...WINDOW, text: TEXT };
const LIMIT = Date.parse('2026-11-22T10:00:00+01:00');

eachDatabase(
  'maintenance over the API',
  (databases) => {
    let h: Harness;
    before(async () => {
      h = await harness(await databases.open());
    });
    const announced = async (more: object = {}): Promise<Announced> => {
      const answer = await h.as('POST', '/api/v1/maintenances', { ...NEW, ...more });
      assert.equal(answer.status, 201, answer.text);
      return answer.json as Announced;
    };

    it('is judged to the second: 48 hours before service hours is in time, a second later is not', async () => {
      h.ctx.clock.set(LIMIT);
      const [inTime] = (await announced()).verdicts;
      assert.equal(inTime?.verdict, 'qualifies');
      assert.equal(inTime.lastValidAnnouncement, '2026-11-22T09:00:00.000Z');
      assert.match(inTime.term.nl, /48/);

      h.ctx.clock.set(LIMIT + 1000);
      const [late] = (await announced()).verdicts;
      assert.equal(late?.verdict, 'late-notice');
      assert.equal(late.inTime, false);
      assert.ok(late.nextWindow && Date.parse(late.nextWindow.from) > Date.parse(WINDOW.from));
    });

    it('is announced at the moment of the server, which nothing in a request can set', async () => {
      const { maintenance } = await announced();
      assert.equal(maintenance.announcements[0]?.at, new Date(h.ctx.clock.now()).toISOString());
      for (const key of ['announcedAt', 'at', 'createdAt', 'now']) {
        const body = { ...NEW, [key]: '2026-01-01T00:00:00Z' };
        const { status, faults } = problemIn(await h.as('POST', '/api/v1/maintenances', body));
        assert.equal(status, 422);
        assert.deepEqual(
          faults?.map(({ path }) => path),
          [key],
        );
      }
    });

    it('can be asked about first, which stores nothing', async () => {
      const count = async () => (await list('/api/v1/maintenances?limit=200')).length;
      const stored = await count();
      const asked = { componentIds: ['fysioone'], ...WINDOW };
      const preview = await h.as('POST', '/api/v1/maintenances/preview', asked);
      assert.equal(preview.status, 200);
      assert.equal((preview.json as Announced).verdicts[0]?.agreement, 'spotonmedics');
      assert.equal(await count(), stored);
    });

    it('is moved by a new announcement beside the old one', async () => {
      const { maintenance } = await announced();
      await h.ctx.clock.advance(1000);
      const window = { from: '2026-11-28T10:00:00+01:00', to: '2026-11-28T11:00:00+01:00' };
      const path = `/api/v1/maintenances/${maintenance.id}/announcements`;
      const preview = await h.as('POST', `${path}/preview`, window);
      const moved = await h.as('POST', path, { ...window, text: TEXT });
      assert.equal(moved.status, 201);
      const { announcements } = (moved.json as Announced).maintenance;
      assert.deepEqual(
        announcements.map(({ from }) => from),
        ['2026-11-28T09:00:00.000Z', '2026-11-24T09:00:00.000Z'],
      );
      assert.deepEqual((preview.json as Announced).verdicts, (moved.json as Announced).verdicts);
    });

    it('is cancelled once', async () => {
      const { maintenance } = await announced();
      await h.ctx.clock.advance(1000);
      const path = `/api/v1/maintenances/${maintenance.id}/cancel`;
      const cancelled = (await h.as('POST', path, { text: TEXT })).json as Announced;
      assert.equal(cancelled.maintenance.status, 'cancelled');
      assert.equal(cancelled.verdicts[0]?.verdict, 'cancelled');
      assert.equal(problemIn(await h.as('POST', path, { text: TEXT })).status, 409);
    });

    it('begins and ends when somebody says so', async () => {
      const { maintenance } = await announced();
      const path = `/api/v1/maintenances/${maintenance.id}`;
      const started = await h.as('POST', `${path}/start`);
      assert.equal((started.json as { status: string }).status, 'in_progress');
      const active = await list('/api/v1/maintenances?state=active');
      assert.deepEqual(active, [maintenance.id]);
      await h.ctx.clock.advance(60_000);
      const finished = await h.as('POST', `${path}/finish`);
      assert.equal((finished.json as { status: string }).status, 'completed');
      assert.equal(problemIn(await h.as('POST', `${path}/finish`)).status, 409);
      assert.deepEqual(await list('/api/v1/maintenances?state=active'), []);
    });

    const list = async (path: string): Promise<string[]> =>
      ((await h.ask('GET', path)).json as { maintenances: { id: string }[] }).maintenances.map(
        ({ id }) => id,
      );

    describe('refuses', () => {
      it('a window that ends before it begins', async () => {
        const body = { ...NEW, from: WINDOW.to, to: WINDOW.from };
        const { faults } = problemIn(await h.as('POST', '/api/v1/maintenances', body));
        assert.deepEqual(
          faults?.map(({ path }) => path),
          ['to'],
        );
      });

      it('an emergency without a reason', async () => {
        const body = { ...NEW, kind: 'emergency' };
        const { faults } = problemIn(await h.as('POST', '/api/v1/maintenances', body));
        assert.deepEqual(
          faults?.map(({ path }) => path),
          ['reason'],
        );
      });

      it('a local time without an offset, and a date that does not exist', async () => {
        for (const from of ['2026-11-24T10:00:00', '2026-02-30T10:00:00Z', '2026-11-24']) {
          const answer = await h.as('POST', '/api/v1/maintenances', { ...NEW, from });
          const { faults } = problemIn(answer);
          assert.match(faults?.[0]?.message ?? '', /with an offset, such as/, from);
        }
      });

      it('a maintenance that does not exist', async () => {
        assert.equal(problemIn(await h.as('POST', '/api/v1/maintenances/x/start')).status, 404);
        assert.equal(problemIn(await h.ask('GET', '/api/v1/maintenances/x')).status, 404);
      });
    });
  },
  'sqlite',
);
