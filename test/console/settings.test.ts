import { testConfig } from '@upheld/testkit/config.ts';
import { testSettings, type TestSettings } from '@upheld/testkit/settings.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

const PATH = '/console/settings';

describe('the settings in the console', () => {
  let served: ConsoleServer;
  let file: TestSettings;
  before(async () => {
    const config = testConfig({
      organisation: { name: 'Zorg <script>alert(1)</script> BV' },
      onCall: {
        people: [
          {
            id: 'jan',
            name: 'Jan',
            webhook: { url: 'https://hook.example/of-jan', secret: 'sixteen-characters' },
          },
        ],
        escalations: [{ id: 'all', steps: [{ people: ['jan'] }] }],
      },
    });
    served = await serveConsole({
      role: 'owner',
      config,
      settings: (ctx) => (file = testSettings(ctx)),
    });
  });
  after(() => served.stop());

  const page = async (): Promise<string> => (await served.get(PATH)).text();

  test('show every one in plain words, its value and where that comes from, and no secret', async () => {
    const html = await page();
    for (const words of [
      'A session ends unused after',
      'Addresses that may use the console',
      '30m',
    ])
      assert.ok(html.includes(words), words);
    assert.match(html, /<code class="setting-path">console\.blockAfterDays<\/code>/);
    assert.match(html, /\/var\/lib\/upheld\/upheld\.db/);
    assert.match(html, /0\.0\.0-test/);
    for (const secret of ['test-token', 'sixteen-characters', 'of-jan'])
      assert.ok(!html.includes(secret), secret);
    assert.ok(!html.includes('<script>alert(1)') && html.includes('&lt;script&gt;alert(1)'));
    assert.match(html, /What it says is in force/);
    file.stands = 'changed';
    assert.match(await page(), /It was changed since it was read/);
    file.stands = 'in-force';
  });

  test('are read again: what changed and what it leads to, or every fault with its line', async () => {
    file.answers = [
      {
        role: 'all',
        answer: {
          ok: true,
          changes: [{ path: 'console.idle', before: '30m', after: '<b>10m</b>' }],
          warnings: [{ message: 'x.example does not exist', remedy: 'correct the host' }],
        },
      },
    ];
    const taken = await served.post(PATH, { do: 'reload' });
    const html = await taken.text();
    assert.equal(taken.status, 200);
    assert.match(html, /Read again, and in force now/);
    assert.match(html, /x\.example does not exist[^]*correct the host/);
    assert.ok(html.includes('&lt;b&gt;10m&lt;/b&gt;') && !html.includes('<b>10m</b>'));
    const message = 'the configuration has 2 faults; the old one stays in force';
    const faults = ['upheld.yaml:3: console.idle is not usable', 'upheld.yaml:9: a is missing'];
    file.answers = [{ role: 'all', answer: { ok: false, message, faults } }];
    const refused = await served.post(PATH, { do: 'reload' });
    const told = await refused.text();
    assert.equal(refused.status, 422);
    assert.match(told, /<title>Error: Settings/);
    for (const fault of faults) assert.ok(told.includes(fault), fault);
    file.answers = [];
    assert.match(await (await served.post(PATH, { do: 'reload' })).text(), /No process answered/);
  });

  test('are checked as a draft, which is shown again and kept nowhere', async () => {
    const text = '\r\n\r\norganisation: { nam: "</textarea><script>alert(2)</script>" }\r\n';
    const answer = await served.post(PATH, { do: 'check', text });
    const html = await answer.text();
    assert.equal(answer.status, 422);
    assert.match(html, /<strong>Line 3: <\/strong>\s*organisation\.nam is no known key/);
    assert.ok(!html.includes('<script>alert(2)'));
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.ok(!(await page()).includes('alert(2)'));
    const empty = await served.post(PATH, { do: 'check', text: '' });
    assert.match(await empty.text(), /paste the whole file/);
  });

  test('send a test message without scripts, and tell what became of it', async () => {
    const wish = { do: 'test', channel: 'email', address: 'jan@example.com', language: 'nl' };
    const answer = await served.post(PATH, wish);
    assert.deepEqual(
      [answer.status, answer.headers.get('location')],
      [303, `${PATH}?said=tested#test-message`],
    );
    assert.match(await page(), /jan@example\.com[^]*Under way[^]*Look again/);
    await served.ctx.db.transact(({ q, t }) =>
      q.update(t.outbox).set({ state: 'sent', settledAt: served.clock.now() }).returning(),
    );
    const html = await page();
    assert.match(html, /Sent/);
    assert.doesNotMatch(html, /Look again/);
    const wrong = await served.post(PATH, { ...wish, address: 'jan' });
    assert.equal(wrong.status, 422);
    assert.match(await wrong.text(), /is no address[^]*value="jan"/i);
    for (let n = 0; n < 4; n += 1) await served.post(PATH, wish);
    assert.equal((await served.post(PATH, wish)).status, 429);
  });

  test('are for owners, whatever is posted', async () => {
    for (const role of ['viewer', 'engineer', 'manager'] as const) {
      const reloads = file.reloads;
      assert.equal((await served.get(PATH, role)).status, 403);
      assert.equal((await served.post(PATH, { do: 'reload' }, role)).status, 403);
      assert.equal(file.reloads, reloads);
    }
    assert.equal((await served.get(PATH, null)).status, 303);
  });

  test('leave a trace of whoever read, tried or checked them', async () => {
    const { q, t } = served.ctx.db.read;
    const rows = await q.select().from(t.auditLog);
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of ['settings.reload', 'settings.check', 'settings.test-message'])
      assert.ok(actions.has(action), action);
    assert.ok(rows.every(({ actor, via }) => actor === 'Olga van Dam' && via === 'console'));
  });
});

describe('what is not measured', () => {
  test('stands on the desk and beside the incidents, with why and what mends it', async () => {
    const served = await serveConsole({ role: 'viewer' });
    try {
      const { q, t } = { q: served.ctx.db, t: served.ctx.db.read.t };
      const now = served.clock.now();
      await q.transact(async (h) => {
        await h.q.insert(t.workers).values({ id: 'w', startedAt: now, beatAt: now });
      });
      for (const path of ['/console', '/console/incidents'])
        assert.doesNotMatch(await (await served.get(path)).text(), /Not measured now/, path);
      await q.transact(async (h) => {
        await h.q.insert(t.gaps).values({
          id: 'g',
          componentId: 'fysioone',
          monitorId: 'fysioone-web',
          startedAt: now,
          reason: 'inconclusive',
          detail: 'no-resolver: EAI_AGAIN: <b>lookup</b>',
        });
      });
      for (const path of ['/console', '/console/incidents']) {
        const html = await (await served.get(path)).text();
        assert.match(html, /Not measured now[^]*FysioOne[^]*monitor fysioone-web/, path);
        assert.match(html, /EAI_AGAIN: &lt;b&gt;lookup[^]*look at the resolver/, path);
      }
      await served.clock.advance(60_000);
      assert.match(await (await served.get('/console')).text(), /Nothing is measured/);
    } finally {
      await served.stop();
    }
  });
});
