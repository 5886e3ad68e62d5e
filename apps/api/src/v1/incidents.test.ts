import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Incident {
  id: string;
  status: string;
  impact: string;
  cause: string | null;
  startedAt: string;
  noticedAt: string;
  resolvedAt: string | null;
  updates: { status: string; body: { nl: string; en: string } }[];
}

const NEW = {
  title: { nl: 'Inloggen lukt niet', en: 'Signing in fails' },
  componentIds: ['fysioone'],
  body: { nl: 'We zoeken het uit.', en: 'We look into it.' },
};

eachDatabase(
  'incidents over the API',
  (databases) => {
    let h: Harness;
    before(async () => {
      h = await harness(await databases.open());
    });
    const opened = async (more: object = {}): Promise<Incident> =>
      (await h.as('POST', '/api/v1/incidents', { ...NEW, ...more })).json as Incident;

    it('one is opened, updated, resolved and read by everyone', async () => {
      const answer = await h.as('POST', '/api/v1/incidents', {
        ...NEW,
        startedAt: '2026-11-21T09:40:00+01:00',
        severity: 'a',
      });
      assert.equal(answer.status, 201);
      const incident = answer.json as Incident;
      assert.equal(answer.headers.get('location'), `/api/v1/incidents/${incident.id}`);
      assert.equal(incident.startedAt, '2026-11-21T08:40:00.000Z');
      assert.equal(incident.noticedAt, '2026-11-21T09:00:00.000Z');

      await h.ctx.clock.advance(60_000);
      const update = { status: 'resolved', body: { nl: 'Verholpen.', en: 'Mended.' } };
      const posted = await h.as('POST', `/api/v1/incidents/${incident.id}/updates`, update);
      assert.equal(posted.status, 201);

      const read = (await h.ask('GET', `/api/v1/incidents/${incident.id}`)).json as Incident;
      assert.deepEqual(read, posted.json);
      assert.equal(read.resolvedAt, '2026-11-21T09:01:00.000Z');
      assert.deepEqual(
        read.updates.map(({ status, body }) => [status, body.en]),
        [
          ['resolved', 'Mended.'],
          ['investigating', 'We look into it.'],
        ],
      );
    });

    it('severity and cause change from a moment on, with a reason', async () => {
      const { id } = await opened({ severity: 'a' });
      const severity = await h.as('POST', `/api/v1/incidents/${id}/severity`, {
        severity: 'b',
        reason: 'A workaround is there.',
      });
      assert.equal(severity.status, 200);
      const cause = await h.as('POST', `/api/v1/incidents/${id}/cause`, {
        cause: 'force-majeure',
        reason: 'Power cut in the whole city.',
      });
      assert.equal((cause.json as Incident).cause, 'force-majeure');
      const changes = await h.ctx.db.read.q.select().from(h.ctx.db.read.t.incidentChanges);
      assert.ok(changes.every((change) => change.recordedBy === 'tests'));
    });

    it('the list holds those that are not resolved, when asked for', async () => {
      const { id } = await opened();
      const list = (await h.ask('GET', '/api/v1/incidents?unresolved=true')).json as {
        incidents: Incident[];
      };
      assert.ok(list.incidents.some((incident) => incident.id === id));
      assert.ok(list.incidents.every((incident) => incident.resolvedAt === null));
      const one = (await h.ask('GET', '/api/v1/incidents?limit=1')).json as {
        incidents: Incident[];
      };
      assert.equal(one.incidents.length, 1);
    });

    describe('refuses', () => {
      it('a component that does not exist, and names the nearest', async () => {
        const answer = await h.as('POST', '/api/v1/incidents', {
          ...NEW,
          componentIds: ['fysione'],
        });
        const { status, faults } = problemIn(answer);
        assert.equal(status, 422);
        assert.equal(faults?.[0]?.path, 'componentIds[0]');
        assert.match(faults[0].message, /did you mean "fysioone"/);
      });

      it('a severity that no agreement knows', async () => {
        const answer = await h.as('POST', '/api/v1/incidents', { ...NEW, severity: 'huge' });
        assert.equal(problemIn(answer).status, 422);
      });

      it('a start in the future', async () => {
        const startedAt = '2027-01-01T00:00:00Z';
        const answer = await h.as('POST', '/api/v1/incidents', { ...NEW, startedAt });
        assert.deepEqual(
          problemIn(answer).faults?.map(({ path }) => path),
          ['startedAt'],
        );
      });

      it('an incident that does not exist', async () => {
        const update = { status: 'monitoring', body: NEW.body };
        const answer = await h.as('POST', '/api/v1/incidents/nothing/updates', update);
        assert.equal(problemIn(answer).status, 404);
        assert.equal(problemIn(await h.ask('GET', '/api/v1/incidents/nothing')).status, 404);
      });
    });
  },
  'sqlite',
);
