import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';

const MINUTE = 60_000;

/** The whole web role, with its cache, on a clock that only the test moves. */
describe('the public page', () => {
  let served: ConsoleServer;
  before(async () => {
    served = await serveConsole();
  });
  after(() => served.stop());

  const words = async (path: string): Promise<string> => {
    const answer = await served.get(path, null);
    assert.equal(answer.status, 200);
    return (await answer.text()).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  };

  test('follows announced moments by itself, to the second, however long it may be kept', async () => {
    const { ctx, clock } = served;
    const from = clock.now() + 10_000;
    const to = from + 5_000;
    const { maintenance } = await announceMaintenance(
      ctx,
      { name: 'jan' },
      {
        componentIds: ['fysioone'],
        from,
        to,
        title: { nl: 'Schijf vervangen', en: 'Replace a disk' },
        text: { nl: 'Een schijf.', en: 'A disk.' },
      },
    );
    const pages = ['/', `/maintenances/${maintenance.id}`];
    const say = async (state: RegExp): Promise<void> => {
      for (const path of pages) assert.match(await words(path), state, path);
    };
    await say(/Gepland onderhoud: aangekondigd/);
    clock.set(from - 1);
    await say(/Gepland onderhoud: aangekondigd/);
    clock.set(from);
    await say(/Gepland onderhoud: bezig/);
    clock.set(to - 1);
    await say(/Gepland onderhoud: bezig/);
    clock.set(to);
    await say(/Gepland onderhoud: afgerond/);
    assert.ok(clock.now() < from + MINUTE);
  });

  test('leads to its calendar and its feed, which the same port answers', async () => {
    for (const [language, title] of [
      ['nl', 'Onderhoud in uw agenda'],
      ['en', 'Maintenance in your calendar'],
    ] as const) {
      const html = await (await served.get(`/?lang=${language}`, null)).text();
      const calendar = `/calendar.ics?lang=${language}`;
      const feed = `/feed.atom?lang=${language}`;
      assert.ok(html.includes(`<a href="${calendar}">${title}</a>`));
      for (const [type, address] of [
        ['text/calendar', calendar],
        ['application/atom+xml', feed],
      ] as const) {
        assert.match(html, new RegExp(`<link rel="alternate" type="${type.replace('+', '\\+')}"`));
        const answer = await served.get(address, null);
        assert.equal(answer.status, 200);
        assert.ok(answer.headers.get('content-type')?.startsWith(type), address);
      }
    }
    for (const path of ['/components/fysioone/calendar.ics', '/pages/main/feed.atom'])
      assert.equal((await served.get(path, null)).status, 200, path);
    assert.equal((await served.get('/components/nothing/calendar.ics', null)).status, 404);
  });
});
