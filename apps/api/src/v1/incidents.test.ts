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
        evidence: 'https://grid.example.test/outages/7',
      });
      const { owed } = cause.json as { owed: { id: string; dueAt: string | null }[] };
      assert.deepEqual(
        owed.map((duty) => [duty.id, duty.dueAt]),
        [['force-majeure-told', '2026-11-21T09:01:00.000Z']],
      );
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

    it('one is taken up, and its postmortem is read by everyone once it is published', async () => {
      const { id } = await opened();
      const at = `/api/v1/incidents/${id}`;
      const taken = (await h.as('POST', `${at}/acknowledge`)).json as { acknowledgedAt: string };
      assert.equal(taken.acknowledgedAt, '2026-11-21T09:01:00.000Z');
      const update = { status: 'resolved', body: { nl: 'Verholpen.', en: 'Mended.' } };
      await h.as('POST', `${at}/updates`, update);
      const body = { nl: '# Oorzaak', en: '# Cause' };
      await h.as('POST', `${at}/postmortem`, { body });
      const read = async () =>
        ((await h.ask('GET', at)).json as { postmortem: { body: object } | null }).postmortem;
      assert.equal(await read(), null);
      await h.as('POST', `${at}/postmortem`, { body, published: true });
      assert.deepEqual((await read())?.body, body);
    });

    it('all that was recorded of one is for who has a token', async () => {
      const { id } = await opened({ severity: 'a' });
      const answer = await h.as('GET', `/api/v1/incidents/${id}/record`);
      const record = answer.json as {
        timeline: { kind: string }[];
        costs: { agreement: string }[];
      };
      assert.deepEqual(record.timeline.map(({ kind }) => kind).sort(), ['severity', 'update']);
      assert.equal(record.costs[0]?.agreement, 'spotonmedics');
      assert.equal((await h.ask('GET', `/api/v1/incidents/${id}/record`)).status, 401);
    });

    it('one that is part of another is merged into it and leads there', async () => {
      const part = await opened();
      const whole = await opened();
      const merge = { intoId: whole.id, reason: 'the same thing' };
      const answer = await h.as('POST', `/api/v1/incidents/${part.id}/merge`, merge);
      assert.equal((answer.json as Incident).id, whole.id);
      const read = (await h.ask('GET', `/api/v1/incidents/${part.id}`)).json;
      assert.equal((read as { mergedIntoId: string }).mergedIntoId, whole.id);
      const again = await h.as('POST', `/api/v1/incidents/${part.id}/merge`, merge);
      assert.equal(problemIn(again).status, 409);
    });

    it('one outage is split off into an incident of its own', async () => {
      const { id } = await opened({ severity: 'a' });
      const { q, t } = h.ctx.db.read;
      const outage = (await q.select().from(t.outages)).find((row) => row.incidentId === id);
      const split = { ...NEW, componentIds: undefined, outageIds: [outage?.id], reason: 'x' };
      const answer = await h.as('POST', `/api/v1/incidents/${id}/split`, split);
      assert.equal(answer.status, 422, 'something must stay with the incident');
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
