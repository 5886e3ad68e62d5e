import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
const LIST = '/console/corrections';
const WORKSHEET = '/components/ketenone/availability';
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
  for (const from of [Date.parse('2026-10-05T09:00:00Z'), Date.parse('2026-11-10T10:00:00Z')])
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
  test('corrects an outage with the keyboard only, having seen what it does', async () => {
    await asManager(`${LIST}?component=ketenone&period=2026-11`, {}, async (page) => {
      await page.getByRole('link', { name: /^Correct…/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Another cause').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.type('force');
      await page.getByLabel('Reason').focus();
      await page.keyboard.type('The cable to the data centre was cut.');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Report of the provider, 11 November.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'What it does' }).waitFor();
      const table = page.getByRole('table', { name: /spotonmedics/i });
      assert.match((await table.innerText()).replace(/\s+/g, ' '), /3 h less down/);
      // Force majeure counts under the other one.
      const other = page.getByRole('table', { name: /infravision/i });
      assert.doesNotMatch(await other.innerText(), /less down/);
      await assertAccessible(page);
      await page.getByRole('button', { name: 'Correct the outage' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      assert.match(await page.getByRole('status').innerText(), /The outage is corrected/);
    });
  });
});

describe('the pages of a correction', () => {
  for (const [how, options] of VIEWS)
    test(`are accessible and fit ${how}`, async () => {
      await asManager(`${LIST}?component=ketenone`, options, async (page) => {
        const look = async (name: string): Promise<void> => {
          await assertAccessible(page);
          assert.ok(await fits(page), `${name} is too wide`);
        };
        await look('list');
        await page
          .getByRole('link', { name: /^Correct…/ })
          .last()
          .click();
        await look('new');
        await page.getByLabel('False alarm').check();
        await page.getByLabel('Reason').fill('Our probe was cut off.');
        await page.getByLabel('Evidence').fill('ticket 7');
        await page.getByRole('button', { name: 'See what it does' }).click();
        await look('preview');
        await page.goto(`${server.url}${LIST}?component=ketenone`);
        await page
          .getByRole('link', { name: /^Withdraw…/ })
          .first()
          .click();
        await look('withdraw');
      });
      await visit(browser, server.url, { locale: 'nl-NL', ...options }, async (page) => {
        await page.getByText('achteraf gecorrigeerd').first().waitFor();
        for (const path of ['/', WORKSHEET, `${WORKSHEET}?as=recorded`]) {
          await page.goto(server.url + path);
          await assertAccessible(page);
          assert.ok(await fits(page), `${path} is too wide`);
        }
      });
    });
});

describe('both facts of a corrected figure', () => {
  for (const [as, label] of [
    ['corrected', 'Facts as corrected (JSON)'],
    ['recorded', 'Facts as first recorded (JSON)'],
  ] as const)
    test(`give the statement shown, without us: ${as}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'upheld-corrected-'));
      try {
        await visit(
          browser,
          `${server.url}${WORKSHEET}?period=2026-11&as=${as}`,
          { locale: 'en-GB' },
          async (page) => {
            const save = async (name: string, file: string): Promise<void> => {
              const [download] = await Promise.all([
                page.waitForEvent('download'),
                page.getByRole('link', { name }).click(),
              ]);
              await download.saveAs(join(folder, file));
            };
            await save(label, 'facts.json');
            await save('Agreement (YAML)', 'spotonmedics.yaml');
            await save('Statement (JSON)', 'statement.json');
          },
        );
        const { code, stdout, stderr } = await upheld(['statement', 'facts.json'], {}, folder);
        assert.deepEqual([code, stderr], [0, '']);
        const shown = await readFile(join(folder, 'statement.json'), 'utf8');
        assert.equal(stdout, shown);
        const { availability } = JSON.parse(shown) as {
          availability: { seconds: { down: number; excluded: number } }[];
        };
        assert.deepEqual(
          availability.map(({ seconds: { down, excluded } }) => [down, excluded]),
          [as === 'corrected' ? [0, 3 * 3600] : [3 * 3600, 0]],
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
