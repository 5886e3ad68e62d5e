import { testSettings } from '@upheld/testkit/settings.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const PATH = '/console/settings';
const VIEWS: readonly [string, BrowserContextOptions][] = [
  ['in the light', { viewport: { width: 1280, height: 900 } }],
  ['in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['on a telephone of 320 pixels', { viewport: { width: 320, height: 640 } }],
  ['without scripts', { viewport: { width: 375, height: 640 }, javaScriptEnabled: false }],
];
const DRAFT = 'organisation: { nam: Zorgsoftware }\npages: []\n';

let server: ConsoleServer;
let browser: Browser;
before(async () => {
  server = await serveConsole({
    role: 'owner',
    settings: (ctx) =>
      Object.assign(testSettings(ctx), {
        answers: [
          {
            role: 'all',
            answer: {
              ok: true,
              changes: [{ path: 'console.idle', before: '30m', after: '10m' }],
              warnings: [{ message: 'x.example does not exist', remedy: 'correct the host' }],
            },
          },
        ],
      }),
  });
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

async function asOwner(
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const start = `${server.url}/favicon.svg`;
  await visit(browser, start, { locale: 'en-GB', ...options }, async (page) => {
    page.setDefaultTimeout(8000);
    await server.signIn(page.context());
    await page.goto(server.url + PATH);
    await look(page);
  });
}

describe('the settings page', () => {
  for (const [how, options] of VIEWS)
    test(`is accessible and fits ${how}, also with what came of its forms`, async () => {
      await asOwner(options, async (page) => {
        const look = async (what: string): Promise<void> => {
          if (options.javaScriptEnabled !== false) await assertAccessible(page);
          assert.ok(await fits(page), `${what} is too wide`);
        };
        await look('the page');
        await page.locator('details.component-settings > summary').first().click();
        await look('a component');
        await page.getByRole('button', { name: 'Read the file again' }).click();
        await page.getByRole('heading', { name: 'Read again, and in force now.' }).waitFor();
        await look('what changed');
        await page.getByRole('textbox', { name: 'Draft' }).fill(DRAFT);
        await page.getByRole('button', { name: 'Check the draft' }).click();
        await page.getByRole('heading', { name: /It would be refused/ }).waitFor();
        await look('the faults');
        assert.equal(await page.getByRole('textbox', { name: 'Draft' }).inputValue(), DRAFT);
        await page.goto(`${server.url}/console`);
        await page.getByRole('heading', { name: 'Not measured now' }).waitFor();
        await look('the desk');
      });
    });

  test('shows by itself what became of a test message, which the keyboard alone can send', async () => {
    await asOwner({}, async (page) => {
      await page.getByRole('textbox', { name: 'To' }).focus();
      await page.keyboard.type('jan@example.com');
      await page.keyboard.press('Enter');
      await page.getByText(/The test message is on its way/).waitFor();
      const row = page.getByRole('row', { name: /jan@example\.com/ });
      await row.getByText('Under way').waitFor();
      await server.ctx.db.transact(({ q, t }) =>
        q.update(t.outbox).set({ state: 'sent', settledAt: server.clock.now() }).returning(),
      );
      await row.getByText('Sent').waitFor();
      await assertAccessible(page);
    });
  });
});
