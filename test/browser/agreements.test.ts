import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';
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
            { agreement: 'spotonmedics', component: 'ketenone', contractStart: '2024-03-01' },
            { agreement: 'infravision-cloud' },
          ],
          monitors: [{ id: 'ketenone-web', kind: 'http', url: 'http://one.example.test/' }],
        },
      ],
    },
  ],
});
const LIST = '/console/agreements';
const VERSION = `label: '2027'
validFrom: 2027-01-01
source: Addendum of 1 December 2026
replaces:
  maintenance.notice.term: { hours: 72 }
  availability.parts.all.norm: '99.9'
`;
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
  await record.measured('ketenone', CONSOLE_NOW - 400 * 24 * HOUR);
  await record.beat(CONSOLE_NOW);
  const severity = { spotonmedics: 'a', 'infravision-cloud': 'top' };
  const from = CONSOLE_NOW - 100 * HOUR;
  await record.outage({ component: 'ketenone', from, to: from + 20 * HOUR, severity });
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
  test('adopts a version with the keyboard only, having mended it and seen what it does', async () => {
    await asManager(LIST, {}, async (page) => {
      await page
        .getByRole('link', { name: /^SpotOnMedics/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('The version, as YAML').focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(VERSION.replace('2027-01-01', '2026-01-01'));
      await page.getByLabel(/^Reason/).focus();
      await page.keyboard.type('Signed by both on 1 December.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const summary = page.getByRole('link', { name: /is not after today/i });
      await summary.waitFor();
      await summary.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(VERSION);
      await page.getByRole('button', { name: 'See what it changes' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'What “2027” changes' }).waitFor();
      const pieces = await page.getByRole('table', { name: /says otherwise/ }).innerText();
      assert.match(pieces.replace(/\s+/g, ' '), /48 hours 72 hours 6\.8/);
      const figures = await page.getByRole('table', { name: /last twelve months/i }).innerText();
      assert.match(figures.replace(/\s+/g, ' '), /norm met \(99%\) .+norm missed \(99\.9%\)/i);
      await assertAccessible(page);
      await page.getByRole('button', { name: 'Adopt the version' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      assert.match(await page.getByRole('status').innerText(), /The version is adopted/);
    });
  });
});

describe('the pages of agreements', () => {
  for (const [how, options] of VIEWS)
    test(`are accessible and fit ${how}`, async () => {
      await asManager(LIST, options, async (page) => {
        const look = async (name: string): Promise<void> => {
          await assertAccessible(page);
          assert.ok(await fits(page), `${name} is too wide`);
        };
        await look('list');
        await page.goto(`${server.url}${LIST}/spotonmedics`);
        await look('one');
        await page.goto(`${server.url}${LIST}/infravision-cloud`);
        await page.getByLabel('The version, as YAML').fill(VERSION);
        await page.getByRole('button', { name: 'See what it changes' }).click();
        await page
          .getByText(/replaces nothing|is no valid|no "all"/)
          .first()
          .waitFor();
        await look('refused');
        await page
          .getByLabel('The version, as YAML')
          .fill(
            "label: '2027'\nvalidFrom: 2027-01-01\nreplaces: { availability.excluded: as-up }\n",
          );
        await page.getByRole('button', { name: 'See what it changes' }).click();
        await page.getByRole('heading', { name: 'What “2027” changes' }).waitFor();
        await look('preview');
      });
    });
});
