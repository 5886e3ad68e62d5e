import { mergeIncidents } from '@upheld/services/incident/merge-incidents.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import fc from 'fast-check';
import ICAL from 'ical.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SaxesParser } from 'saxes';
import { harness, problemIn, type Harness } from '../../test/harness.ts';
import { atomOf } from './atom.ts';
import { maintenanceView, incidentView } from '@upheld/testkit/page-view.ts';

const HOUR = 3_600_000;
const product = (id: string) => ({
  id,
  name: `Product ${id}`,
  agreements: [{ agreement: 'standard' }],
  monitors: [{ id: `${id}-web`, kind: 'http' as const, url: `http://${id}.example.test/` }],
});

/** Two pages, and a group that neither of them shows. */
const config = testConfig({
  pages: [
    { id: 'main', title: 'Main', groups: ['open'] },
    { id: 'second', title: 'Second', groups: ['more'] },
  ],
  groups: [
    { id: 'open', name: 'Open', components: [product('shop')] },
    { id: 'more', name: 'More', components: [product('portal')] },
    { id: 'inner', name: 'Inner', components: [product('payroll')] },
  ],
});

/** The titles of the events of a calendar, sorted. */
function titlesOf(text: string): string[] {
  return new ICAL.Component(ICAL.parse(text) as unknown[])
    .getAllSubcomponents('vevent')
    .map((event) => String(event.getFirstPropertyValue('summary')))
    .sort();
}

/** The texts of a feed, by the strictest reader: what is no XML throws. */
function readAtom(text: string): { titles: string[]; contents: string[]; elements: string[] } {
  const read = { titles: [] as string[], contents: [] as string[], elements: [] as string[] };
  const path: string[] = [];
  let collected = '';
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    read.elements.push(name);
    collected = '';
  });
  parser.on('text', (part) => (collected += part));
  parser.on('cdata', (part) => (collected += part));
  parser.on('closetag', ({ name }) => {
    if (path.at(-2) === 'entry' && name === 'title') read.titles.push(collected);
    if (path.at(-2) === 'entry' && name === 'content') read.contents.push(collected);
    path.pop();
  });
  parser.write(text).close();
  return read;
}

eachDatabase('the calendars and the feeds', (databases) => {
  const open = async (): Promise<Harness> => harness(await databases.open(), { config });
  const announce = async (h: Harness, title: string, componentIds: string[]): Promise<string> => {
    const from = h.ctx.clock.now() + 50 * HOUR;
    const iso = (moment: number): string => new Date(moment).toISOString();
    const answer = await h.as('POST', '/api/v1/maintenances', {
      title: { nl: title, en: `${title} (en)` },
      text: { nl: 'Wat we doen.', en: 'What we do.' },
      componentIds,
      from: iso(from),
      to: iso(from + HOUR),
    });
    return (answer.json as { maintenance: { id: string } }).maintenance.id;
  };

  it('tell of everything, of a page and of a component', async () => {
    const h = await open();
    await announce(h, 'Winkel', ['shop']);
    await announce(h, 'Portaal', ['portal']);
    await announce(h, 'Allebei', ['shop', 'portal']);
    const titles = async (path: string) => titlesOf((await h.ask('GET', `${path}?lang=nl`)).text);
    assert.deepEqual(await titles('/calendar.ics'), ['Allebei', 'Portaal', 'Winkel']);
    assert.deepEqual(await titles('/pages/second/calendar.ics'), ['Allebei', 'Portaal']);
    assert.deepEqual(await titles('/components/shop/calendar.ics'), ['Allebei', 'Winkel']);
    const feed = readAtom((await h.ask('GET', '/pages/main/feed.atom?lang=nl')).text);
    assert.deepEqual(feed.titles.sort(), ['Onderhoud: Allebei', 'Onderhoud: Winkel']);
  });

  it('tell nothing of what no page shows, not even that it exists', async () => {
    const h = await open();
    await announce(h, 'Geheim', ['payroll']);
    await announce(h, 'Deels', ['payroll', 'shop']);
    for (const file of ['calendar.ics', 'feed.atom']) {
      const all = (await h.ask('GET', `/${file}?lang=nl`)).text;
      assert.match(all, /Deels/);
      assert.doesNotMatch(all, /Geheim|payroll/i);
      const [one, other] = [
        problemIn(await h.ask('GET', `/components/payroll/${file}`)),
        problemIn(await h.ask('GET', `/components/nobody1/${file}`)),
      ];
      assert.deepEqual([one.status, other.status], [404, 404]);
      assert.equal(one.detail.replace(/"[^"]*"/, ''), other.detail.replace(/"[^"]*"/, ''));
    }
  });

  it('speak the language that is asked for', async () => {
    const h = await open();
    await announce(h, 'Schijf', ['shop']);
    const title = async (query: string, headers: Record<string, string> = {}) =>
      titlesOf((await h.ask('GET', `/calendar.ics${query}`, { headers })).text)[0];
    assert.equal(await title(''), 'Schijf', 'the language of the site');
    assert.equal(await title('?lang=en'), 'Schijf (en)');
    assert.equal(await title('', { 'accept-language': 'en-GB,nl;q=0.5' }), 'Schijf (en)');
    assert.equal(await title('?lang=nl', { 'accept-language': 'en' }), 'Schijf');
    assert.equal(await title('?lang=xx', { 'accept-language': 'en' }), 'Schijf (en)');
  });

  it('are sent again only when something changed', async () => {
    const h = await open();
    const id = await announce(h, 'Schijf', ['shop']);
    for (const [file, type] of [
      ['calendar.ics', 'text/calendar; charset=utf-8'],
      ['feed.atom', 'application/atom+xml; charset=utf-8'],
    ] as const) {
      const first = await h.ask('GET', `/${file}`);
      assert.equal(first.headers.get('content-type'), type);
      assert.match(first.headers.get('cache-control') ?? '', /^public, max-age=300/);
      assert.match(first.headers.get('vary') ?? '', /Accept-Language/);
      const etag = first.headers.get('etag') ?? '';
      const again = await h.ask('GET', `/${file}`, { headers: { 'if-none-match': etag } });
      assert.deepEqual([again.status, again.text], [304, '']);
      await h.ctx.clock.advance(HOUR);
      const later = await h.ask('GET', `/${file}`, { headers: { 'if-none-match': etag } });
      assert.equal(later.status, 304, 'time alone changes nothing');
      const head = await h.api.request(`/${file}`, { method: 'HEAD' });
      assert.deepEqual([head.status, await head.text()], [200, '']);
    }
    const etag = (await h.ask('GET', '/calendar.ics')).headers.get('etag') ?? '';
    const cancelled = await h.as('POST', `/api/v1/maintenances/${id}/cancel`, {
      text: { nl: 'Niet nodig.', en: 'Not needed.' },
    });
    assert.equal(cancelled.status, 200);
    const changed = await h.ask('GET', '/calendar.ics', { headers: { 'if-none-match': etag } });
    assert.equal(changed.status, 200);
    assert.match(changed.text, /\r\nSTATUS:CANCELLED\r\n/);
    assert.match(changed.text, /\r\nSEQUENCE:1\r\n/);
    assert.match(changed.text, new RegExp(`\\r\\nUID:${id}\\r\\n`));
  });

  it('of the whole hold incidents too, newest first, with all that was said', async () => {
    const h = await open();
    await announce(h, 'Schijf', ['shop']);
    await h.ctx.clock.advance(HOUR);
    const answer = await h.as('POST', '/api/v1/incidents', {
      title: { nl: 'Traag <b>', en: 'Slow' },
      body: { nl: 'We zoeken & vinden.', en: 'We search.' },
      componentIds: ['shop'],
    });
    assert.equal(answer.status, 201);
    const { titles, contents } = readAtom((await h.ask('GET', '/feed.atom')).text);
    assert.deepEqual(titles, ['Storing, in onderzoek: Traag &lt;b&gt;', 'Onderhoud: Schijf']);
    assert.match(contents[0] ?? '', /<p>Het gaat om: Product shop<\/p>.*We zoeken &amp; vinden\./);
  });

  it('leave out what became part of another incident', async () => {
    const h = await open();
    const ids: string[] = [];
    for (const title of ['Een', 'Twee']) {
      const answer = await h.as('POST', '/api/v1/incidents', {
        title: { nl: title, en: title },
        body: { nl: 'x', en: 'x' },
        componentIds: ['shop'],
      });
      ids.push((answer.json as { id: string }).id);
    }
    const [intoId = '', incidentId = ''] = ids;
    await mergeIncidents(h.ctx, { name: 'jan' }, { incidentId, intoId, reason: 'one cause' });
    const { titles } = readAtom((await h.ask('GET', '/feed.atom')).text);
    assert.deepEqual(titles, ['Storing, in onderzoek: Een']);
  });

  it('say when they last changed, also with nothing in them', async () => {
    const h = await open();
    const updated = async () =>
      /<updated>(.*?)<\/updated>/.exec((await h.ask('GET', '/feed.atom')).text)?.[1];
    const first = new Date(h.ctx.clock.now()).toISOString();
    await recorder(h.ctx.db).measured('shop', h.ctx.clock.now());
    await h.ctx.clock.advance(HOUR);
    assert.equal(await updated(), first, 'since there is something to tell of');
    await announce(h, 'Oud', ['shop']);
    const last = await updated();
    assert.equal(last, new Date(h.ctx.clock.now()).toISOString());
    h.ctx.clock.set(h.ctx.clock.now() + 400 * 24 * HOUR);
    assert.equal(await updated(), last, 'though what was said has left it');
  });

  it('leave out what is long over', async () => {
    const h = await open();
    await announce(h, 'Oud', ['shop']);
    const record = recorder(h.ctx.db);
    await record.measured('shop', h.ctx.clock.now());
    await record.outage({
      component: 'shop',
      from: h.ctx.clock.now(),
      to: h.ctx.clock.now() + HOUR,
    });
    h.ctx.clock.set(h.ctx.clock.now() + 400 * 24 * HOUR);
    assert.deepEqual(titlesOf((await h.ask('GET', '/calendar.ics')).text), []);
    assert.deepEqual(readAtom((await h.ask('GET', '/feed.atom')).text).titles, []);
  });
});

describe('a feed', () => {
  const both = (text: string) => ({ nl: text, en: text });

  it('takes any text as text', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc
        .array(
          fc.constantFrom(
            ']]>',
            '<![CDATA[',
            '<script>',
            '&',
            '&amp;',
            '"',
            "'",
            '\0',
            '\u000b',
            '\ud83d',
            '</entry>',
            '<?xml',
            '-->',
            '\ufffe',
            '🙂',
            '\r\n',
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, body, name) => {
        const said = { id: 'a', body: both(body), at: 0, from: 0, to: 0 };
        const text = atomOf({
          scope: {
            name: both(name),
            path: '/',
            base: '',
            componentIds: ['shop'],
            names: new Map([['shop', both(name)]]),
          },
          entries: [
            maintenanceView({ componentIds: ['shop'], title: both(title), announcements: [said] }),
            incidentView({
              componentIds: ['shop'],
              title: both(title),
              updates: [{ id: 'u', status: 'resolved', body: both(body), at: 0 }],
            }),
          ],
          quietSince: 0,
          organisation: name,
          language: 'nl',
          zone: 'Europe/Amsterdam',
          url: 'https://status.example.test',
        });
        const { elements, titles, contents } = readAtom(text);
        assert.deepEqual(
          [titles.length, contents.length, elements.filter((one) => one === 'entry').length],
          [2, 2, 2],
        );
        for (const html of [...titles, ...contents])
          assert.doesNotMatch(html, /<(?!\/?(p|strong)>|br>)/, 'only our own elements');
      }),
      { numRuns: 300 },
    );
  });
});
