import { PROOF_STANDS_MS } from '@upheld/services/account/proof.ts';
import { listTokens } from '@upheld/services/token/tokens.ts';
import { firstOwner, type TestPerson } from '@upheld/testkit/accounts.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, assertFits } from '../support/visit.ts';

const STEP_MS = 30_000;

describe('the second factor, asked for once more', () => {
  let chromium: Browser;
  let server: ConsoleServer;
  let owner: TestPerson;
  before(async () => {
    [chromium, server] = await Promise.all([startBrowser(), serveConsole({ real: true })]);
    owner = await firstOwner(server.ctx, server.desk);
  });
  after(async () => {
    await chromium.close();
    await server.stop();
  });

  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();
  const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent();

  async function signIn(context: BrowserContext): Promise<Page> {
    await server.clock.advance(STEP_MS);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${server.url}/console/tokens`);
    await page.getByLabel('Mail address').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await press(page, 'Sign in');
    await page.getByLabel('Code of your authenticator app').fill(owner.totp(server.clock.now()));
    await press(page, 'Go on');
    return page;
  }

  for (const colorScheme of ['light', 'dark'] as const)
    test(`keeps what was typed and goes on with it, without JavaScript, on a telephone, in the ${colorScheme} theme`, async () => {
      const context = await chromium.newContext({
        ...{ colorScheme, javaScriptEnabled: false },
        viewport: { width: 375, height: 800 },
      });
      try {
        const page = await signIn(context);
        await page.getByLabel('Name').fill(`robot ${colorScheme}`);
        await page.getByLabel('tickets').check();
        await server.clock.advance(PROOF_STANDS_MS);
        await press(page, 'Make the token');
        assert.equal(await heading(page), 'Confirm that it is you');
        await page.getByLabel('Code of your authenticator app').fill('000000');
        await press(page, 'Confirm');
        assert.match((await page.getByRole('alert').textContent()) ?? '', /Code: is not right/);
        await page
          .getByLabel('Code of your authenticator app')
          .fill(owner.totp(server.clock.now()));
        await press(page, 'Confirm');
        assert.equal(page.url(), `${server.url}/console/tokens`);
        assert.match((await page.locator('#new-token').textContent()) ?? '', /upheld_/);
        const [made] = await listTokens(server.ctx);
        assert.deepEqual([made?.name, made?.scopes], [`robot ${colorScheme}`, ['tickets']]);
      } finally {
        await context.close();
      }
    });

  test('is accessible in both themes, at every width, and by keyboard alone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await chromium.newContext({ colorScheme });
      try {
        const page = await signIn(context);
        await server.clock.advance(PROOF_STANDS_MS);
        await page.goto(`${server.url}/console/enrol`);
        assert.equal(await heading(page), 'Confirm that it is you');
        await assertAccessible(page);
        await assertFits(page);
        // The field has the focus: who comes here types, and presses Enter.
        await page.keyboard.type('000000');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        await assertAccessible(page);
        const code = owner.totp(server.clock.now());
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Control+A');
        await page.keyboard.type(code);
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/console\/enrol/);
        assert.equal(await heading(page), 'Add a second factor');
      } finally {
        await context.close();
      }
    }
  });
});
