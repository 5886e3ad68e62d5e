import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { upheld } from '../support/upheld-process.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const HOUR = 3_600_000;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [
        {
          id: 'ketenone',
          name: { nl: 'KetenOne', en: 'KetenOne' },
          agreements: [
            { agreement: 'spotonmedics', component: 'ketenone' },
            { agreement: 'infravision-cloud' },
          ],
          monitors: [{ id: 'ketenone-web', kind: 'http', url: 'http://one.example.test/' }],
        },
      ],
    },
  ],
});
const LIST = '/console/periods';
const WORKSHEET = '/components/ketenone/availability?agreement=spotonmedics&period=2026-10';
const VIEWS: readonly [string, BrowserContextOptions][] = [
  ['in the light', { viewport: { width: 1280, height: 900 } }],
  ['in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['on a telephone of 320 pixels', { viewport: { width: 320, height: 640 } }],
];

let server: ConsoleServer;
let browser: Browser;
before(async () => {
  server = await serveConsole({ role: 'manager', config });
  const record = recorder(server.ctx.db);
  await record.measured('ketenone', CONSOLE_NOW - 100 * 24 * HOUR);
  await record.beat(CONSOLE_NOW);
  const from = Date.parse('2026-10-05T09:00:00Z');
  const severity = { spotonmedics: 'a', 'infravision-cloud': 'top' };
  await record.outage({ component: 'ketenone', from, to: from + 3 * HOUR, severity });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

/** A page as the manager who has signed in sees it. */
async function asManager(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  await visit(
    browser,
    `${server.url}/favicon.svg`,
    { locale: 'en-GB', ...options },
    async (page) => {
      page.setDefaultTimeout(8000);
      await server.signIn(page.context());
      await page.goto(server.url + path);
      await look(page);
    },
  );
}

describe('a manager', () => {
  test('closes a month, and then corrects it', async () => {
    await asManager(LIST, {}, async (page) => {
      await page
        .getByRole('link', { name: /Look and close.*October 2026 .*SpotOnMedics/i })
        .click();
      await page.getByText('Close the period…').click();
      await page.getByRole('button', { name: 'Close the period' }).click();
      assert.match(await page.getByRole('status').innerText(), /The period is closed/);
      await page.goto(`${server.url}/console/corrections?component=ketenone&period=2026-10`);
      await page.getByRole('link', { name: /^Correct…/ }).click();
      await page.getByLabel('False alarm').check();
      await page.getByLabel('Reason').fill('Our probe was cut off.');
      await page.getByLabel('Evidence').fill('ticket 7');
      await page.getByRole('button', { name: 'See what it does' }).click();
      await page.getByText('Closed: gets revision 2').waitFor();
      await page.getByRole('button', { name: 'Correct the outage' }).click();
      await page.getByRole('status').waitFor();
    });
  });
});

describe('the pages of periods', () => {
  for (const [how, options] of VIEWS)
    test(`are accessible and fit ${how}`, async () => {
      await asManager(LIST, options, async (page) => {
        await assertAccessible(page);
        assert.ok(await fits(page), 'the list is too wide');
        for (const period of ['2026-10', '2026-09', '2026-11']) {
          const query = `component=ketenone&agreement=spotonmedics&period=${period}`;
          await page.goto(`${server.url}${LIST}/period?${query}`);
          await assertAccessible(page);
          assert.ok(await fits(page), `${period} is too wide`);
        }
      });
      await visit(
        browser,
        server.url + WORKSHEET,
        { locale: 'nl-NL', ...options },
        async (page) => {
          await page.getByText('Deze periode is afgesloten op').waitFor();
          await assertAccessible(page);
          assert.ok(await fits(page), 'the worksheet is too wide');
        },
      );
    });
});

describe('both documents of a corrected month', () => {
  test('are verified without us, the second after the first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upheld-periods-'));
    try {
      await visit(browser, server.url + WORKSHEET, { locale: 'en-GB' }, async (page) => {
        await page.getByText('Reason: Our probe was cut off.').first().waitFor();
        for (const revision of ['1', '2']) {
          const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: `Document of revision ${revision} (JSON)` }).click(),
          ]);
          await download.saveAs(join(folder, `${revision}.json`));
        }
      });
      const { code, stdout, stderr } = await upheld(
        ['period', 'verify', '1.json', '2.json'],
        {},
        folder,
      );
      assert.deepEqual([code, stderr], [0, '']);
      const [first, second] = stdout.split('\n');
      assert.match(first ?? '', /revision 1; gives its statement; all 99\.\d+ met/);
      assert.match(second ?? '', /revision 2; gives its statement; all 100\.000000 met/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
