import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import { listMaintenances } from '@upheld/services/read/lists.ts';
import { listTemplates } from '@upheld/services/template/templates.ts';
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
        { id: 'fysioone', name: 'FysioOne', agreements: [{ agreement: 'spotonmedics' }] },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
      ],
    },
  ],
});
const text = { 'text.nl': 'Van {from} tot {to}.', 'text.en': 'From {from} to {to}.' };
const late = { from: '2026-11-20T10:00', to: '2026-11-20T12:00' };
const good = { from: '2026-11-26T21:30', to: '2026-11-26T23:00' };

/** Every page over HTTP, as a browser without scripts has it. */
describe('an engineer who plans maintenance without scripts', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await serveConsole({ config });
    const record = recorder(server.ctx.db);
    for (const id of ['fysioone', 'flexkids'])
      await record.measured(id, CONSOLE_NOW - 400 * 24 * HOUR);
    await record.beat(CONSOLE_NOW);
  });
  after(() => server.stop());
  const NEW = '/console/maintenance/new';

  const read = async (path: string, status = 200): Promise<string> => {
    const response = await server.get(path);
    assert.equal(response.status, status, path);
    return response.text();
  };
  const post = async (
    path: string,
    fields: Record<string, string | string[]>,
    status: number,
  ): Promise<{ html: string; to: string }> => {
    const response = await server.post(path, fields);
    const html = await response.text();
    assert.equal(response.status, status, html);
    return { html, to: response.headers.get('location') ?? '' };
  };
  const stored = () => listMaintenances(server.ctx, { limit: 50 });

  test('sees with Check which contract a window breaks and until when it would not, and nothing is stored', async () => {
    const fields = { do: 'check', componentIds: ['fysioone', 'flexkids'], ...late, ...text };
    const { html } = await post(NEW, fields, 200);
    assert.match(html, /This window breaks 2 of 2 contracts\./);
    assert.match(html, /This breaks\s+clause 3\.10\.1: five days before\./);
    assert.match(html, /would have been in time until Sunday, 15 November 2026 at 10:00/);
    assert.match(html, /Counts, if all of it is down<\/dt><dd>2\u00a0h</);
    assert.match(html, /value="2026-11-20T10:00"/);
    assert.match(html, /From Friday,? 20 November 2026 at 10:00 to/);
    assert.deepEqual(await stored(), []);
  });

  test('gets the next window that suits all into the form by one button', async () => {
    const fields = { componentIds: ['fysioone', 'flexkids'], ...late, ...text };
    const { html } = await post(NEW, { do: 'check', ...fields }, 200);
    const next = (name: string): string =>
      new RegExp(`name="next\\.${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
    const given = { 'next.from': next('from'), 'next.to': next('to') };
    const { html: filled } = await post(NEW, { do: 'next', ...fields, ...given }, 200);
    assert.match(filled, /This window breaks no contract\./);
    assert.match(filled, /This one\. It suits every contract\./);
    assert.match(
      filled,
      new RegExp(`name="from"[^>]*value="${next('from')}"|value="${next('from')}"[^>]*name="from"`),
    );
    assert.match(filled, /From Tuesday,? 24 November/);
  });

  test('starts from a template, whose blanks are filled in the preview', async () => {
    const fields = {
      do: 'template',
      componentIds: ['fysioone'],
      ...good,
      templateId: 'shipped-maintenance-upgrade',
    };
    const { html } = await post(NEW, fields, 200);
    assert.match(html, /New version of \{component\}/);
    assert.match(html, /\[Zorgsoftware\] New version of FysioOne/);
    assert.match(html, /1 segment|2 segments/);
  });

  test('announces what breaks a contract only after a confirmation, and it is recorded as late', async () => {
    const fields = {
      do: 'announce',
      componentIds: ['flexkids'],
      kind: 'planned',
      ...late,
      ...text,
    };
    const refused = await post(NEW, fields, 422);
    assert.match(refused.html, /say that you announce it all the same/i);
    assert.match(refused.html, /name="confirm"/);
    assert.deepEqual(await stored(), []);
    const { to } = await post(NEW, { ...fields, confirm: 'yes' }, 303);
    assert.match(to, /^\/console\/maintenance\/[^?]+\?said=announced$/);
    const html = await read(to);
    assert.match(html, /It is announced/);
    assert.match(html, /Too late/);
    assert.match(html, /It would have been in time until Sunday, 15 November 2026/);
  });

  test('names what is missing at its field, and keeps what was typed', async () => {
    const fields = { do: 'announce', componentIds: ['flexkids'], ...good, 'text.nl': SCRIPT };
    const { html } = await post(NEW, fields, 422);
    assert.match(html, /href="#announce-text-en"/);
    assert.doesNotMatch(html, /<script>alert/);
    assert.match(html, /&lt;script(>|&gt;)alert/);
  });

  test('announces in time, moves it, and is asked again when the move is late', async () => {
    const fields = {
      do: 'announce',
      componentIds: ['flexkids'],
      kind: 'planned',
      ...good,
      ...text,
    };
    const { to } = await post(NEW, fields, 303);
    const page = to.split('?')[0] ?? '';
    const longer = { ...good, to: '2026-11-27T01:00', ...text };
    await post(page, { do: 'move', ...longer }, 303);
    const soon = { from: '2026-11-20T21:30', to: '2026-11-20T23:00', ...text };
    const check = await post(page, { do: 'check', ...soon }, 200);
    assert.match(check.html, /This window breaks 1 of 1 contract\./);
    await post(page, { do: 'move', ...soon }, 422);
    const cancelled = await post(page, { do: 'cancel', ...text }, 303);
    assert.match(await read(cancelled.to), /It is called off/);
    await post(page, { do: 'cancel', ...text }, 409);
  });

  test('is told when somebody else changed it meanwhile, and nothing of either is lost', async () => {
    const fields = {
      do: 'announce',
      componentIds: ['flexkids'],
      kind: 'planned',
      ...good,
      ...text,
    };
    const { to } = await post(NEW, fields, 303);
    const page = to.split('?')[0] ?? '';
    const version = /name="version" value="(\d+)"/.exec(await read(page))?.[1] ?? '';
    const longer = { ...good, ...text, version };
    await post(page, { do: 'move', ...longer, to: '2026-11-27T00:30' }, 303);
    const lost = await post(page, { do: 'move', ...longer, to: '2026-11-27T01:00' }, 409);
    assert.match(lost.html, /somebody else changed it meanwhile/i);
    const one = (await stored()).find(({ id }) => page.endsWith(id));
    assert.equal(one?.announcements.length, 2);
    await post(page, { do: 'cancel', ...text }, 303);
  });

  test('begins and ends the work, and declares an emergency with a reason', async () => {
    const fields = {
      do: 'announce',
      componentIds: ['flexkids'],
      kind: 'planned',
      ...good,
      ...text,
    };
    const { to } = await post(NEW, fields, 303);
    const page = to.split('?')[0] ?? '';
    const emergency = { do: 'emergency', to: '2026-11-19T18:00', ...text };
    await post(page, { ...emergency, reason: '' }, 422);
    await post(page, { do: 'start' }, 303);
    await server.clock.advance(HOUR);
    const declared = await post(page, { ...emergency, reason: 'A disk is failing.' }, 303);
    const html = await read(declared.to);
    assert.match(html, /The emergency is declared/);
    const done = await post(declared.to.split('?')[0] ?? '', { do: 'finish' }, 409);
    assert.match(done.html, /the work has not begun/);
    await server.clock.advance(HOUR);
    await post(declared.to.split('?')[0] ?? '', { do: 'finish' }, 303);
    assert.match(await read('/console/maintenance'), /Completed/);
  });

  test('plans what comes back, sees when, and ends it', async () => {
    const fields = {
      componentIds: ['flexkids'],
      repeat: 'monthly',
      announceDays: '7',
      from: '2026-12-06T02:00',
      to: '2026-12-06T04:00',
      ...text,
    };
    const { html } = await post(NEW, { do: 'check', ...fields }, 200);
    assert.match(html, /Sun, 3 January 2027/);
    const { to } = await post(NEW, { do: 'announce', ...fields }, 303);
    assert.match(to, /series\?said=series#/);
    const list = await read('/console/maintenance/series');
    assert.match(list, /FREQ=MONTHLY;BYDAY=1SU/);
    const id = /name="seriesId" value="([^"]+)"/.exec(list)?.[1] ?? '';
    await post('/console/maintenance/series', { do: 'end', seriesId: id }, 303);
    assert.match(await read('/console/maintenance/series'), />Ended</);
    const wrong = { do: 'announce', ...fields, repeat: 'custom', rrule: 'FREQ=HOURLY' };
    assert.match((await post(NEW, wrong, 422)).html, /href="#announce-rrule"/);
  });

  test('makes, changes and removes a template', async () => {
    const fields = {
      do: 'save',
      name: SCRIPT,
      kind: 'maintenance',
      'title.nl': 'T',
      'title.en': SCRIPT,
      'body.nl': 'B',
      'body.en': 'B',
    };
    await post('/console/templates/new', fields, 303);
    const list = await read('/console/templates');
    assert.doesNotMatch(list, /<script>alert/);
    const [made] = (await listTemplates(server.ctx, 'maintenance')).filter(
      (one) => one.name === SCRIPT,
    );
    assert.ok(made);
    const page = `/console/templates/${made.id}`;
    await post(page, { ...fields, name: 'Ours', 'title.en': '' }, 422);
    await post(page, { ...fields, name: 'Ours' }, 303);
    await post(page, { do: 'remove' }, 303);
    await read(page, 404);
  });

  test('sees only what a viewer may when he is one', async () => {
    const [one] = await stored();
    const as = async (path: string): Promise<number> => (await server.get(path, 'viewer')).status;
    assert.equal(await as('/console/maintenance'), 200);
    assert.equal(await as(`/console/maintenance/${one?.id ?? ''}`), 200);
    assert.notEqual(await as(NEW), 200);
    const page = await (await server.get('/console/maintenance', 'viewer')).text();
    assert.doesNotMatch(page, /Plan maintenance/);
  });
});
