import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const HOUR = 3_600_000;
// In the value of an attribute a "<" may stand as it is, but not after a quote that ends it.
const SCRIPT = `"><script>alert(1)</script>`;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: { nl: 'FysioOne', en: 'FysioOne' },
          agreements: [
            { agreement: 'spotonmedics', component: 'fysioone', contractStart: '2024-03-01' },
          ],
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://one.example.test/' }],
        },
      ],
    },
  ],
});
const LIST = '/console/agreements';
const ONE = `${LIST}/spotonmedics`;

/** Every page over HTTP, as a browser without scripts has it. */
describe('a manager who adopts a version without scripts', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await serveConsole({ role: 'manager', config });
    const record = recorder(server.ctx.db);
    await record.measured('fysioone', CONSOLE_NOW - 400 * 24 * HOUR);
    await record.beat(CONSOLE_NOW);
    const from = CONSOLE_NOW - 100 * HOUR;
    const severity = { spotonmedics: 'a' };
    await record.outage({ component: 'fysioone', from, to: from + 30 * HOUR, severity });
  });
  after(() => server.stop());
  const read = async (path: string, status = 200): Promise<string> => {
    const response = await server.get(path);
    assert.equal(response.status, status, path);
    return response.text();
  };
  const posted = async (
    fields: Record<string, string>,
    status: number,
  ): Promise<{ text: string; to: string }> => {
    const response = await server.post(ONE, fields);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return { text, to: response.headers.get('location') ?? '' };
  };
  const hidden = (text: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
  const yaml = (validFrom: string): string => `label: '${SCRIPT}'
validFrom: ${validFrom}
replaces:
  maintenance.notice.term: { hours: 72 }
  availability.parts.all.norm: '99.9'
`;

  test('reads what it says in words, with its clauses', async () => {
    const list = await read(LIST);
    assert.match(list, /SpotOnMedics \(FysioOne, Intelligence, KetenOne\)/);
    assert.match(list, /at least 99%/);
    assert.match(list, /contract year from 1 March 2026/);
    assert.match(list, /Zone of the service hours/);
    const page = await read(ONE);
    for (const words of [
      /Monday to Friday 08:00–12:00 and 14:00–17:30/,
      /Incidents and bugs of severity a/,
      /Tell the practice as soon as possible/,
      /is maintenance only when announced in time/,
      /can be claimed/,
    ])
      assert.match(page, words);
    const file = await server.get(`${ONE}/file`);
    assert.match(file.headers.get('content-disposition') ?? '', /filename="spotonmedics\.yaml"/);
    assert.match(await file.text(), /^id: spotonmedics$/m);
  });

  test('is told the line of what is wrong, with what was typed still there', async () => {
    const source = `${yaml('2026-11-19')}  nonsense: ${SCRIPT}`;
    const { text } = await posted({ do: 'preview', source, reason: SCRIPT }, 422);
    assert.match(text, /is no valid YAML/);
    const early = await posted({ do: 'preview', source: yaml('2026-11-19'), reason: SCRIPT }, 422);
    assert.match(early.text, /Line 2: validFrom is not after today \(2026-11-19\)/);
    for (const page of [text, early.text]) {
      assert.match(page, /<title>Error: /);
      assert.ok(!page.includes(SCRIPT));
      assert.ok(page.includes('&lt;script&gt;alert(1)'));
    }
  });

  test('sees what it changes and would have meant, and then adopts it', async () => {
    const source = yaml('2027-01-01');
    const { text } = await posted({ do: 'preview', source, reason: SCRIPT }, 200);
    assert.match(text, /Nothing is changed yet/);
    assert.match(text, /48 hours/);
    assert.match(text, /72 hours/);
    assert.match(text, /Maintenance › notice › term/);
    assert.match(text, /1 verdict differs/);
    assert.ok(!text.includes(SCRIPT));
    const version = hidden(text, 'version');
    assert.equal(version, '1');
    const { to } = await posted({ do: 'adopt', version, source, reason: SCRIPT }, 303);
    assert.equal(to, `${ONE}?said=adopted`);
    const page = await read(to);
    assert.match(page, /The version is adopted/);
    assert.match(page, /Adopted by Mirjam Bakker/);
    assert.match(page, /To come/);
    assert.match(await read(LIST), /To come/);
    const then = await read(`${ONE}?on=2027-01-01`);
    assert.match(then, /at least 99\.9%/);
    for (const one of [page, then]) assert.ok(!one.includes(SCRIPT));
    const late = { do: 'adopt', version, source: yaml('2027-02-01'), reason: 'x' };
    assert.match((await posted(late, 409)).text, /Somebody else changed it meanwhile/i);
  });

  test('has every page judge by it from that day on', async () => {
    assert.match(await read('/?lang=en'), /norm 99%/i);
    server.clock.set(Date.parse('2027-01-01T00:01:30+01:00'));
    await recorder(server.ctx.db).beat(server.clock.now());
    assert.match(await read('/?lang=en'), /norm 99\.9%/i);
    const worksheet = await read('/components/fysioone/availability?lang=en');
    assert.ok(!worksheet.includes(SCRIPT));
    server.clock.set(CONSOLE_NOW);
  });

  test('takes it back with a reason', async () => {
    const page = await read(ONE);
    const fields = { versionId: hidden(page, 'versionId'), version: hidden(page, 'version') };
    const mute = await posted({ do: 'withdraw', ...fields, reason: '' }, 422);
    assert.match(mute.text, /is empty; say why/i, /class="error[^]{0,300}/.exec(mute.text)?.[0]);
    const { to } = await posted({ do: 'withdraw', ...fields, reason: SCRIPT }, 303);
    const after = await read(to);
    assert.match(after, /The version is withdrawn/);
    assert.match(after, /Withdrawn by Mirjam Bakker/);
    assert.ok(!after.includes(SCRIPT));
    assert.doesNotMatch(await read(LIST), /To come/);
  });

  test('is a manager: an engineer may read and not adopt', async () => {
    const page = await (await server.get(ONE, 'engineer')).text();
    assert.doesNotMatch(page, /See what it changes|Withdraw…/);
    assert.match(page, /What it says/);
    const refused = await server.post(ONE, { do: 'preview', source: 'x' }, 'engineer');
    assert.equal(refused.status, 403);
  });

  test('finds nothing at an agreement that is not in use', async () => {
    for (const path of [`${LIST}/flexkids`, `${LIST}/nothing/file`, `${ONE}?on=soon`])
      await read(path, 404);
  });
});
