import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const HOUR = 3_600_000;
const SCRIPT = `"><script>alert(1)</script>'&`;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'fysioone',
          name: { nl: 'FysioOne', en: 'FysioOne' },
          agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
          monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://one.example.test/' }],
        },
      ],
    },
  ],
});

/** Every page over HTTP, as a browser without scripts has it. */
describe('a manager who corrects an outage without scripts', () => {
  let server: ConsoleServer;
  let outage: string;
  before(async () => {
    server = await serveConsole({ role: 'manager', config });
    const record = recorder(server.ctx.db);
    await record.measured('fysioone', CONSOLE_NOW - 400 * 24 * HOUR);
    await record.beat(CONSOLE_NOW);
    const from = Date.parse('2026-11-10T10:00:00Z');
    await record.outage({
      component: 'fysioone',
      from,
      to: from + HOUR,
      severity: { spotonmedics: 'a' },
    });
    const { q, t } = server.ctx.db.read;
    outage = (await q.select().from(t.outages))[0]?.id ?? '';
  });
  after(() => server.stop());
  const LIST = '/console/corrections';
  const read = async (path: string, status = 200): Promise<string> => {
    const response = await server.get(path);
    assert.equal(response.status, status, path);
    return response.text();
  };
  const posted = async (
    path: string,
    fields: Record<string, string>,
    status: number,
  ): Promise<{ text: string; to: string }> => {
    const response = await server.post(path, fields);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return { text, to: response.headers.get('location') ?? '' };
  };
  const form = () => `${LIST}/new?outage=${outage}`;
  const hidden = (text: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

  test('finds it with what it does to the figure', async () => {
    const page = await read(`${LIST}?component=fysioone&period=2026-11`);
    assert.match(page, /Outage of fysioone/);
    assert.match(page, /1\s*h down/);
    assert.ok(page.includes(`new?outage=${outage}`));
    assert.match(await read(`${LIST}?component=fysioone&period=2026-09`), /There was no outage/);
    assert.match(await read(`${LIST}?period=soon`, 422), /is no period/);
  });

  test('is told what is missing, with what was typed still there', async () => {
    const fields = { do: 'preview', kind: 'cause', cause: '', reason: SCRIPT, evidence: 'x' };
    const { text } = await posted(form(), fields, 422);
    assert.match(text, /is missing; choose the right one/);
    assert.match(text, /<title>Error: /);
    assert.ok(!text.includes('<script>alert(1)'));
    assert.ok(text.includes('&lt;script&gt;alert(1)'));
    assert.match((await posted(form(), { do: 'preview' }, 422)).text, /say what the outage turned/);
  });

  test('sees what it does before anything changes, and then does it', async () => {
    const said = { kind: 'false-alarm', cause: '', level: '', maintenanceId: '' };
    const why = { reason: `The probe was cut off. ${SCRIPT}`, evidence: 'ticket 7' };
    const { text } = await posted(form(), { do: 'preview', ...said, ...why }, 200);
    assert.match(text, /Nothing is changed yet/);
    assert.match(text, /1\s*h less down/);
    assert.match(await read(`${LIST}?component=fysioone`), /the same/);
    const version = hidden(text, 'version');
    assert.equal(version, '1');
    const confirmed = { do: 'correct', version, component: 'fysioone', ...said, ...why };
    const { to } = await posted(form(), confirmed, 303);
    assert.equal(to, `${LIST}?component=fysioone&said=corrected`);
    const list = await read(to);
    assert.match(list, /The outage is corrected/);
    assert.match(list, /False alarm/);
    assert.match(list, /Mirjam Bakker/);
    assert.ok(!list.includes('<script>alert(1)'));
    const stale = await posted(form(), { ...confirmed, kind: 'cause', cause: 'internet' }, 409);
    assert.match(stale.text, /Somebody else changed it meanwhile/i);
  });

  test('has the public told at the figure, on the worksheet and at the incident', async () => {
    const page = await read('/?lang=en');
    assert.match(page, /corrected afterwards/);
    assert.match(page, /See what was corrected/);
    assert.match(await read('/?lang=nl'), /achteraf gecorrigeerd/);
    const worksheet = await read('/components/fysioone/availability?lang=en');
    assert.match(worksheet, /As first recorded/);
    assert.match(worksheet, /Corrected by the contract manager/);
    assert.match(worksheet, /The probe was cut off/);
    for (const secret of ['Mirjam', 'ticket 7', '<script>alert(1)'])
      assert.ok(!worksheet.includes(secret), secret);
    const recorded = await read('/components/fysioone/availability?as=recorded&lang=en');
    assert.match(recorded, /as they were first recorded/);
    assert.match(recorded, /Counts as down/);
    const { q, t } = server.ctx.db.read;
    const incident = (await q.select().from(t.incidents))[0]?.id ?? '';
    assert.match(
      await read(`/incidents/${incident}?lang=en`),
      /an outage of this incident was a false alarm/,
    );
  });

  test('takes it back after seeing what that does', async () => {
    const list = await read(`${LIST}?component=fysioone`);
    const path = /href="(\/console\/corrections\/withdraw\?[^"]+)"/.exec(list)?.[1] ?? '';
    const page = await read(path);
    assert.match(page, /1\s*h more down/);
    const version = hidden(page, 'version');
    const refused = await posted(path, { do: 'withdraw', version, reason: 'x', evidence: '' }, 422);
    assert.match(refused.text, /Evidence: is empty/);
    const why = { reason: 'It was no false alarm.', evidence: 'A customer wrote.' };
    const { to } = await posted(path, { do: 'withdraw', version, ...why }, 303);
    assert.match(await read(to), /The correction is withdrawn/);
    assert.match(await read(path), /has withdrawn it already/);
    assert.doesNotMatch(await read('/?lang=en'), /corrected afterwards/);
    assert.match(await read('/components/fysioone/availability?lang=en'), /Withdrawn on/);
  });

  test('finds nothing at an unknown outage or correction', async () => {
    await read(`${LIST}/new?outage=nobody`, 404);
    await read(`${LIST}/withdraw?correction=nobody`, 404);
    await read(`${LIST}/new`, 404);
  });

  test('is a manager: an engineer may not', async () => {
    for (const path of [LIST, form(), `${LIST}/withdraw?correction=x`])
      assert.equal((await server.get(path, 'engineer')).status, 403);
  });
});
