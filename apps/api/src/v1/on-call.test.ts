import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { harness } from '../../test/harness.ts';

interface Roster {
  now: { person: { id: string }; until: string; isOverride: boolean };
}

eachDatabase('who is on call, over HTTP', (databases) => {
  it('is read, taken over and handed back, and what cannot be meant is refused', async () => {
    const { as, ctx } = await harness(await databases.open());
    ctx.configure(
      testConfig({
        onCall: {
          people: ['anna', 'bob'].map((id) => ({ id, name: id, email: `${id}@example.test` })),
          rosters: [
            {
              id: 'primary',
              people: ['anna', 'bob'],
              handover: { weekday: 'monday', at: '09:00' },
              start: '2026-11-23',
            },
          ],
          escalations: [{ id: 'all', steps: [{ people: ['primary'] }] }],
        },
      }),
    );
    ctx.clock.set(Date.parse('2026-11-23T09:00:00Z'));
    const { rosters } = (await as('GET', '/api/v1/on-call')).json as { rosters: Roster[] };
    assert.equal(rosters[0]?.now.person.id, 'anna');
    assert.equal(rosters[0].now.until, '2026-11-30T08:00:00.000Z');
    const path = '/api/v1/on-call/primary';
    const until = '2026-11-24T08:00:00+01:00';
    const taken = await as('POST', `${path}/take-over`, { personId: 'bob', until });
    assert.equal(taken.status, 200);
    const { now } = taken.json as Roster;
    assert.deepEqual(
      [now.person.id, now.until, now.isOverride],
      ['bob', '2026-11-24T07:00:00.000Z', true],
    );
    assert.equal((await as('POST', `${path}/hand-back`)).status, 200);
    assert.equal((await as('POST', `${path}/hand-back`)).status, 409);
    const nobody = await as('POST', `${path}/take-over`, { personId: 'dora', until });
    assert.equal(nobody.status, 422);
    const unknown = await as('POST', '/api/v1/on-call/second/hand-back');
    assert.equal(unknown.status, 404);
    assert.equal((await as('GET', '/api/v1/notices/nothing')).status, 404);
  });
});
