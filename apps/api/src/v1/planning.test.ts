import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { harness, type Harness } from '../../test/harness.ts';

const TEXT = { nl: 'Vanaf {from}.', en: 'From {from}.' };
const LATE = { from: '2026-11-23T09:00:00+01:00', to: '2026-11-23T10:00:00+01:00' };

eachDatabase(
  'planning over the API',
  (databases) => {
    let h: Harness;
    before(async () => {
      h = await harness(await databases.open());
    });
    const done = async <T>(
      status: number,
      method: string,
      path: string,
      body?: unknown,
    ): Promise<T> => {
      const answer = await h.as(method, path, body);
      assert.equal(answer.status, status, answer.text);
      return answer.json as T;
    };

    it('says what a window means and which one would suit, and stores nothing', async () => {
      interface Plan {
        verdicts: {
          verdict: string;
          noticeNeeded: boolean;
          figures: { countedSeconds: number }[];
        }[];
        nextWindowForAll: { from: string; to: string };
      }
      const asked = { componentIds: ['fysioone'], ...LATE };
      const plan = await done<Plan>(200, 'POST', '/api/v1/maintenances/plan', asked);
      assert.deepEqual(
        plan.verdicts.map((one) => [one.verdict, one.noticeNeeded, one.figures[0]?.countedSeconds]),
        [['late-notice', true, 3600]],
      );
      const better = { ...asked, ...plan.nextWindowForAll };
      const next = await done<Plan>(200, 'POST', '/api/v1/maintenances/plan', better);
      assert.equal(next.verdicts[0]?.figures[0]?.countedSeconds, 0);
      const { q, t } = h.ctx.db.read;
      assert.deepEqual(await q.select().from(t.maintenances), []);
    });

    it('declares an emergency in the place of what was planned', async () => {
      const announced = await done<{ maintenance: { id: string } }>(
        201,
        'POST',
        '/api/v1/maintenances',
        { componentIds: ['fysioone'], ...LATE, text: TEXT },
      );
      const { id } = announced.maintenance;
      await done(200, 'POST', `/api/v1/maintenances/${id}/plan`, LATE);
      const declared = await done<{ maintenance: { kind: string }; replacedId: string }>(
        201,
        'POST',
        `/api/v1/maintenances/${id}/emergency`,
        { to: '2026-11-21T14:00:00+01:00', text: TEXT, reason: 'A disk is failing.' },
      );
      assert.deepEqual([declared.maintenance.kind, declared.replacedId], ['emergency', id]);
      const unexplained = { to: '2026-11-21T14:00:00+01:00', text: TEXT };
      await done(422, 'POST', `/api/v1/maintenances/${id}/emergency`, unexplained);
    });

    it('plans what comes back, shows when, and ends it', async () => {
      const when = {
        rrule: 'FREQ=WEEKLY;BYDAY=SU',
        localStart: '2026-11-29T02:00',
        durationSeconds: 3600,
      };
      const shown = await done<{ windows: { from: string }[] }>(
        200,
        'POST',
        '/api/v1/maintenance-series/preview',
        when,
      );
      assert.equal(shown.windows[0]?.from, '2026-11-29T01:00:00.000Z');
      const made = await done<{ id: string; next: { from: string }[] }>(
        201,
        'POST',
        '/api/v1/maintenance-series',
        {
          componentIds: ['fysioone'],
          text: TEXT,
          ...when,
          announceSeconds: 432_000,
        },
      );
      await done(200, 'GET', `/api/v1/maintenance-series/${made.id}`);
      const skip = { occurrenceAt: made.next[1]?.from, reason: 'Everyone is away.' };
      const { version, next } = await done<{
        version: number;
        next: { skipped: { reason: string } | null }[];
      }>(200, 'POST', `/api/v1/maintenance-series/${made.id}/skip`, skip);
      assert.deepEqual(
        [version, next.slice(0, 2).map(({ skipped }) => skipped?.reason)],
        [2, [undefined, skip.reason]],
      );
      await done(409, 'POST', `/api/v1/maintenance-series/${made.id}/skip`, skip);
      const never = { ...skip, occurrenceAt: '2026-12-01T02:00:00Z' };
      await done(422, 'POST', `/api/v1/maintenance-series/${made.id}/skip`, never);
      const ended = await done<{ endedAt: string; next: unknown[] }>(
        200,
        'POST',
        `/api/v1/maintenance-series/${made.id}/end`,
      );
      assert.deepEqual(ended.next, []);
      await done(409, 'POST', `/api/v1/maintenance-series/${made.id}/end`);
      await done(422, 'POST', '/api/v1/maintenance-series/preview', {
        ...when,
        rrule: 'FREQ=HOURLY',
      });
    });

    it('makes, changes and removes templates, and loses no change of another', async () => {
      const fields = { kind: 'maintenance', name: 'Disk', title: TEXT, body: TEXT };
      const made = await done<{ id: string }>(201, 'POST', '/api/v1/templates', fields);
      const path = `/api/v1/templates/${made.id}`;
      const read = await h.as('GET', path);
      await done(200, 'PUT', path, { ...fields, name: 'Disks' });
      const headers = { 'if-match': read.headers.get('etag') ?? '' };
      const { token } = h;
      const lost = await h.ask('PUT', path, { body: fields, headers, token });
      assert.equal(lost.status, 412);
      await done(200, 'DELETE', path);
      await done(404, 'GET', path);
      const list = await done<{ templates: { kind: string }[] }>(
        200,
        'GET',
        '/api/v1/templates?kind=incident',
      );
      assert.ok(
        list.templates.length > 0 && list.templates.every(({ kind }) => kind === 'incident'),
      );
    });
  },
  'sqlite',
);
