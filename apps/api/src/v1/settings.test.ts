import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import { testSettings, type TestSettings } from '@upheld/testkit/settings.ts';
import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { harness, problemIn, type Harness } from '../../test/harness.ts';

interface Settings {
  settings: { path: string; value: string | null; hidden: boolean; origin: string }[];
  tests: { id: string; state: string; address: string }[];
  channels: { channel: string; configured: boolean; waiting: number }[];
}

eachDatabase('settings over the API', (databases) => {
  let h: Harness;
  let file: TestSettings;
  beforeEach(async () => {
    file = testSettings({ config: () => h.ctx.config(), agreements: () => h.ctx.agreements() });
    h = await harness(await databases.open(), { deps: { settings: file } });
  });

  it('are all there, and no secret is among them', async () => {
    const answer = await h.as('GET', '/api/v1/settings');
    assert.equal(answer.status, 200);
    assert.ok(!answer.text.includes('test-token'));
    const { settings, channels } = answer.json as Settings;
    const token = settings.find(({ path }) => path === 'channels.sms.authToken');
    assert.deepEqual([token?.value, token?.hidden], [null, true]);
    assert.equal(settings.find(({ path }) => path === 'organisation.name')?.origin, 'file');
    assert.deepEqual(
      channels.map(({ channel, configured }) => [channel, configured]),
      [
        ['email', true],
        ['sms', true],
        ['webhook', false],
      ],
    );
  });

  it('are read again, and refused as a problem with every fault', async () => {
    const changes = [{ path: 'timezone', before: 'Europe/Amsterdam', after: 'Europe/Brussels' }];
    const warnings = [{ message: 'x.example does not exist', remedy: 'correct the host' }];
    file.answers = [{ role: 'all', answer: { ok: true, changes, warnings } }];
    const done = await h.as('POST', '/api/v1/settings/reload');
    assert.equal(done.status, 200, done.text);
    assert.deepEqual(done.json, { processes: ['all'], changes, warnings });
    assert.equal(file.reloads, 1);

    const message = 'the configuration has a fault; the old one stays in force';
    const faults = ['upheld.yaml:7: timezone "x" is no IANA zone'];
    file.answers = [{ role: 'all', answer: { ok: false, message, faults } }];
    const refused = await h.as('POST', '/api/v1/settings/reload');
    assert.equal(refused.status, 422);
    const problem = problemIn(refused);
    assert.equal(problem.detail, message);
    assert.deepEqual(
      problem.faults?.map((fault) => fault.message),
      faults,
    );

    file.answers = [];
    assert.equal((await h.as('POST', '/api/v1/settings/reload')).status, 503);
  });

  it('are checked as a draft that is kept nowhere, not even for its repetition', async () => {
    const body = { text: 'organisation: { nam: Geheim }\n' };
    const headers = { 'idempotency-key': 'draft-1' };
    const token = h.token;
    const first = await h.ask('POST', '/api/v1/settings/check', { body, headers, token });
    assert.equal(first.status, 200);
    const { usable, faults } = first.json as { usable: boolean; faults: { line: number }[] };
    assert.deepEqual([usable, faults[0]?.line], [false, 1]);
    const again = await h.ask('POST', '/api/v1/settings/check', { body, headers, token });
    assert.equal(again.status, 409);
    const { q, t } = h.ctx.db.read;
    for (const rows of [await q.select().from(t.idempotency), await q.select().from(t.auditLog)])
      assert.ok(!JSON.stringify(rows).includes('Geheim'));
    assert.equal((await h.as('POST', '/api/v1/settings/check', { text: '' })).status, 422);
    const bomb = {
      text: `a: &a [${'x,'.repeat(50)}x]\nb: &b [${'*a,'.repeat(50)}*a]\nc: [${'*b,'.repeat(50)}*b]\n`,
    };
    assert.equal((await h.as('POST', '/api/v1/settings/check', bomb)).status, 200);
  });

  it('send a test, a few an hour, of which they tell what became', async () => {
    const test = { channel: 'email', address: 'jan@example.com' };
    const sent = await h.as('POST', '/api/v1/settings/test-messages', test);
    assert.equal(sent.status, 202, sent.text);
    assert.equal((sent.json as { state: string }).state, 'pending');
    const { tests } = (await h.as('GET', '/api/v1/settings')).json as Settings;
    assert.deepEqual(
      tests.map(({ address, state }) => [address, state]),
      [['jan@example.com', 'pending']],
    );
    for (const wrong of [
      { ...test, channel: 'webhook' },
      { ...test, address: 'a@b.nl,c@d.nl' },
      { ...test, text: 'words of mine' },
    ])
      assert.equal((await h.as('POST', '/api/v1/settings/test-messages', wrong)).status, 422);
    for (let n = 0; n < 4; n += 1) await h.as('POST', '/api/v1/settings/test-messages', test);
    assert.equal((await h.as('POST', '/api/v1/settings/test-messages', test)).status, 429);
  });

  it('are said to be out of reach by a process that has no file', async () => {
    const bare = await harness(await databases.open(), { deps: { settings: undefined } as never });
    const answer = await bare.as('GET', '/api/v1/settings');
    assert.equal(answer.status, 503);
    assert.match(problemIn(answer).detail, /was not started from a file/);
  });
});

eachDatabase('monitors over the API', (databases) => {
  it('say which is not measured now and why, to who may read and to nobody else', async () => {
    const config = testConfig();
    const [group] = config.groups;
    const [component] = group?.components ?? [];
    assert.ok(group && component);
    const monitors = component.monitors.map((one) => ({ ...one, paused: true }));
    const paused = { ...config, groups: [{ ...group, components: [{ ...component, monitors }] }] };
    const h = await harness(await databases.open(), { config: paused });
    const answer = await h.as('GET', '/api/v1/monitors');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, {
      measuring: false,
      lastSignOfLife: null,
      monitors: [
        {
          id: 'fysioone-web',
          componentId: 'fysioone',
          state: 'unknown',
          notMeasured: {
            reason: 'paused',
            since: null,
            why: 'it is paused in upheld.yaml',
            remedy: 'take "paused" away there and have it read again',
          },
        },
      ],
    });
    assert.equal((await h.ask('GET', '/api/v1/monitors')).status, 401);
  });
});
