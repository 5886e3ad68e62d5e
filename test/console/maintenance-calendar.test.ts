import { testConfig } from '@upheld/testkit/config.ts';
import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { announceOccurrences } from '@upheld/services/maintenance/announce-occurrences.ts';
import { createSeries } from '@upheld/services/maintenance/series.ts';
import { readSeries } from '@upheld/services/maintenance/series-view.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SCRIPT = `"><script>alert(1)</script>'&`;
const AGREEMENTS = ['spotonmedics', 'flexkids'];
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        { id: 'fysioone', name: 'FysioOne', agreements: [{ agreement: 'spotonmedics' }] },
        { id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] },
        ...Array.from({ length: 20 }, (_, index) => ({
          id: `product-${index}`,
          name: `Product ${index}`,
          agreements: [{ agreement: AGREEMENTS[index % 2] ?? '' }],
        })),
      ],
    },
  ],
});
const jan = { name: 'jan' };
const text = { nl: 'Van {from}.', en: 'From {from}.' };

describe('the calendar of an engineer without scripts', () => {
  let server: ConsoleServer;
  before(async () => {
    server = await serveConsole({ config });
  });
  after(() => server.stop());
  const NEW = '/console/maintenance/new';
  const CALENDAR = '/console/maintenance/calendar';

  const read = async (path: string): Promise<string> => {
    const response = await server.get(path);
    assert.equal(response.status, 200, path);
    return response.text();
  };
  const post = async (
    path: string,
    fields: Record<string, string | string[]>,
    status: number,
  ): Promise<string> => {
    const response = await server.post(path, fields);
    const html = await response.text();
    assert.equal(response.status, status, html);
    return html;
  };
  const valueOf = (html: string, name: string): string | undefined =>
    new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0].match(/value="([^"]*)"/)?.[1];

  test('has every month at an address of its own, with what is special about its days', async () => {
    const december = await read(`${CALENDAR}?month=2026-12`);
    assert.match(december, /December 2026/);
    assert.match(december, /Christmas Day/);
    assert.match(december, /href="[^"]*month=2026-11"/);
    assert.match(december, /href="[^"]*month=2027-01"/);
    assert.match(await read(`${CALENDAR}?month=2027-03`), /Clocks change: 23 hours/);
    assert.match(await read(`${CALENDAR}?month=2027-10`), /Clocks change: 25 hours/);
    // What is no month is this one.
    for (const wrong of ['2026-99', encodeURIComponent(SCRIPT), '', '9999999-01'])
      assert.match(await read(`${CALENDAR}?month=${wrong}`), /November 2026/);
    const strange = await read(`${CALENDAR}?month=2026-12&component=${encodeURIComponent(SCRIPT)}`);
    assert.doesNotMatch(strange, /"><script>alert/);
  });

  test('chooses a day by a link, which begins the form', async () => {
    const december = await read(`${CALENDAR}?month=2026-12&component=flexkids`);
    const link = /id="day-2026-12-10" href="([^"]+)"|href="([^"]+)" id="day-2026-12-10"/.exec(
      december,
    );
    const form = await read(
      (link?.[1] ?? link?.[2] ?? '').replaceAll('&amp;', '&').replaceAll('&#38;', '&'),
    );
    assert.deepEqual(
      [valueOf(form, 'from'), valueOf(form, 'to')],
      ['2026-12-10T21:00', '2026-12-10T23:00'],
    );
    assert.match(form, /value="flexkids"[^>]*checked/);
    const wrong = await read(`${NEW}?from=${encodeURIComponent(SCRIPT)}&to=x`);
    assert.equal(valueOf(wrong, 'from'), '2026-11-26T21:00');
  });

  test('walks through months and chooses a begin in the form, and keeps all that was typed', async () => {
    const typed = {
      componentIds: ['flexkids', 'fysioone'],
      kind: 'customer-requested',
      from: '2026-11-26T21:30',
      to: '2026-11-27T00:15',
      'title.nl': SCRIPT,
      'title.en': 'A title',
      'text.nl': 'x'.repeat(9000),
      'text.en': 'From {from}.',
    };
    const kept = (html: string): void => {
      assert.doesNotMatch(html, /"><script>alert/);
      assert.equal(valueOf(html, 'title\\.en'), 'A title');
      assert.ok(html.includes('x'.repeat(9000)));
      assert.match(html, /value="customer-requested"[^>]*selected/);
    };
    const next = await post(NEW, { ...typed, do: 'month:2026-12' }, 200);
    kept(next);
    assert.match(next, /December 2026/);
    assert.equal(valueOf(next, 'from'), '2026-11-26T21:30');
    const shown = { 'month.shown': '2026-12', 'month.for': '2026-11-26T21:30' };
    const checked = await post(NEW, { ...typed, ...shown, do: 'check' }, 200);
    assert.equal(valueOf(checked, 'month\\.shown'), '2026-12');
    const moved = { ...typed, ...shown, from: '2027-02-01T21:30', to: '2027-02-01T22:00' };
    const followed = await post(NEW, { ...moved, do: 'check' }, 200);
    assert.equal(valueOf(followed, 'month\\.shown'), '2027-02');
    const go = await post(NEW, { ...typed, do: 'month', 'month.go': '2028-02' }, 200);
    assert.match(go, /February 2028/);
    const begun = await post(NEW, { ...typed, ...shown, do: 'begin:2026-12-14T22:00' }, 200);
    kept(begun);
    assert.deepEqual(
      [valueOf(begun, 'from'), valueOf(begun, 'to')],
      ['2026-12-14T22:00', '2026-12-15T00:45'],
    );
    for (const wrong of ['month:2026-99', 'begin:now', `begin:${SCRIPT}`, 'month'])
      assert.equal(valueOf(await post(NEW, { ...typed, do: wrong }, 200), 'from'), typed.from);
  });

  test('skips an occurrence with a reason, which the calendar and the series then show', async () => {
    const { ctx } = server;
    const { id, next } = await createSeries(ctx, jan, {
      componentIds: ['flexkids'],
      title: { nl: 'Herstart', en: 'Restart' },
      text,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      localStart: '2026-11-22T02:00',
      durationSeconds: 7200,
      announceSeconds: 432_000,
    });
    const SERIES = '/console/maintenance/series';
    const fields = { do: `skip-${id}`, version: '1', occurrenceAt: String(next[1]?.from) };
    assert.match(
      await post(SERIES, { ...fields, reason: '' }, 422),
      new RegExp(`href="#skip-${id}-reason"`),
    );
    await post(SERIES, { ...fields, reason: SCRIPT }, 303);
    assert.match(await post(SERIES, { ...fields, reason: 'again' }, 409), /changed it meanwhile/);
    const page = await read(SERIES);
    assert.match(page, /Skipped/);
    assert.match(page, /&lt;script(>|&gt;)alert/);
    assert.doesNotMatch(page, /"><script>alert/);
    const calendar = await read(`${CALENDAR}?month=2026-11`);
    assert.match(calendar, /Skipped: /);
    assert.doesNotMatch(calendar, /"><script>alert/);
    const [announced] = await announceOccurrences(ctx);
    const told = { do: `skip-${id}`, occurrenceAt: String(next[0]?.from), reason: 'Why not' };
    assert.match(
      await post(SERIES, told, 409),
      new RegExp(`cancel that maintenance \\(${announced ?? ''}\\)`),
    );
    assert.deepEqual(
      (await readSeries(ctx, id)).next.slice(0, 2).map(({ skipped }) => skipped?.by),
      [undefined, 'Jan de Vries'],
    );
    assert.equal((await server.post(SERIES, fields, 'viewer')).status, 403);
    assert.doesNotMatch(await (await server.get(SERIES, 'viewer')).text(), /Skip one/);
  });

  test('shows a viewer the calendar and nothing to choose', async () => {
    const html = await (await server.get(`${CALENDAR}?month=2026-12`, 'viewer')).text();
    assert.match(html, /December 2026/);
    assert.doesNotMatch(html, /maintenance\/new/);
  });

  test('answers in time with 22 components and 100 windows, however many are on one day', async () => {
    const { ctx } = server;
    const from = CONSOLE_NOW + 20 * DAY;
    for (let index = 0; index < 100; index += 1)
      await announceMaintenance(ctx, jan, {
        componentIds: [`product-${index % 20}`],
        from: from + (index % 2) * index * HOUR,
        to: from + (index % 2) * index * HOUR + HOUR,
        title: { nl: `Werk ${index}`, en: `Work ${index}` },
        text,
      });
    await read(`${CALENDAR}?month=2026-12`);
    const begun = performance.now();
    const html = await read(`${CALENDAR}?month=2026-12`);
    const took = performance.now() - begun;
    for (let index = 0; index < 100; index += 1) assert.ok(html.includes(`>Work ${index}<`));
    assert.match(html, /[5-9]\d more/);
    assert.ok(took < 1000, `${took} ms`);
  });
});
