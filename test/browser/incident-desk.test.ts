import { readIncident } from '@upheld/services/read/lists.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveIncidentDesk, type IncidentDesk } from '../support/incident-desk.ts';
import { assertAccessible, fits } from '../support/visit.ts';

/** The desk as a person uses it, in Chromium; the site must have been built. */
describe('the incident desk in a browser', () => {
  let browser: Browser;
  let desk: IncidentDesk;
  before(async () => {
    browser = await startBrowser();
    desk = await serveIncidentDesk();
  });
  after(async () => {
    await browser.close();
    await desk.stop();
  });

  const signedIn = async (
    options: BrowserContextOptions,
    work: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    await desk.signIn(context);
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        const expected = /the server responded with a status of/.test(message.text());
        if (message.type() === 'error' && !expected) complaints.push(message.text());
      });
      await work(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  };
  const paths = (): string[] => [
    '/console/incidents',
    '/console/incidents/new',
    `/console/incidents/${desk.incidentId}`,
  ];
  const openAll = (page: Page): Promise<void> =>
    page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`hides nothing from anyone, ${colorScheme}, and fits 320 px`, () =>
      signedIn({ colorScheme, viewport: { width: 320, height: 640 } }, async (page) => {
        for (const path of paths()) {
          await page.goto(desk.url + path);
          await openAll(page);
          await assertAccessible(page);
          assert.ok(await fits(page), path);
        }
        await page.goto(`${desk.url}/console/incidents/${desk.incidentId}`);
        await page.getByRole('link', { name: 'Cause found' }).click();
        await page.getByRole('button', { name: 'See what goes out' }).click();
        await page.getByText('This goes out to').waitFor();
        await assertAccessible(page);
        assert.ok(await fits(page), 'the preview');
      }));

  it('has large targets for who is woken on a telephone', () =>
    signedIn({ viewport: { width: 375, height: 700 } }, async (page) => {
      await page.goto(`${desk.url}/console/incidents`);
      const button = page.getByRole('button', { name: /^Acknowledge/ }).first();
      const box = await button.boundingBox();
      assert.ok(box && box.height >= 48 && box.y + box.height < 700, 'without scrolling');
    }));

  it('is run by keyboard from the detection to a published postmortem', () =>
    signedIn({}, async (page) => {
      await page.goto(`${desk.url}/console/incidents`);
      await reach(page, /^Acknowledge/);
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      assert.match(await page.getByRole('status').innerText(), /You have taken it up/);

      assert.equal(
        await page.getByLabel('Dutch').first().inputValue(),
        '',
        'nothing said by mistake',
      );
      await reach(page, 'Cause found', 'link');
      await page.keyboard.press('Enter');
      await page.waitForURL(/template=/);
      await reach(page, 'See what goes out');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /goes out to 1 by e-mail and 1 by SMS/ }).waitFor();
      await reach(page, 'Post it now');
      await page.keyboard.press('Enter');
      await page.getByText('the subscribers are told').waitFor();

      await reach(page, 'Say the cause', 'summary');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.type('The data centre');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Its power failed.');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Report 42 of the data centre.');
      await reach(page, 'Record the cause');
      await page.keyboard.press('Enter');
      await page.getByText('The cause is recorded.').waitFor();

      await desk.mend();
      await page.reload();
      await reach(page, 'Resolved', 'link');
      await page.keyboard.press('Enter');
      await page.waitForURL(/template=/);
      assert.equal(await page.getByLabel('Resolved').isChecked(), true);
      await reach(page, 'Post it and tell the subscribers');
      await page.keyboard.press('Enter');
      await page.getByText('the subscribers are told').waitFor();

      await reach(page, /^Postmortem/, 'summary');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('## Oorzaak\n\nDe stroom viel uit.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('## Cause\n\nThe power failed.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await reach(page, 'Keep the postmortem');
      await page.keyboard.press('Enter');
      await page.getByText('The postmortem is published.').waitFor();

      const incident = await readIncident(desk.ctx, desk.incidentId);
      assert.equal(incident?.status, 'resolved');
      assert.equal(incident.cause, 'datacentre');
      assert.ok(incident.postmortem);
      await page.goto(`${desk.url}/incidents/${desk.incidentId}?lang=en`);
      await assertAccessible(page);
      assert.ok((await page.content()).includes('The power failed.'));
    }));
});

/** Presses Tab until what bears that name has the focus, as one who sees the page would. */
async function reach(page: Page, name: string | RegExp, kind = 'button'): Promise<void> {
  const matches = (text: string): boolean =>
    typeof name === 'string' ? text === name : name.test(text);
  for (let presses = 0; presses < 120; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const kinds: Record<string, string> = { BUTTON: 'button', A: 'link', SUMMARY: 'summary' };
      return {
        kind: kinds[element?.tagName ?? ''] ?? '',
        text: element?.textContent.replace(/\s+/g, ' ').trim() ?? '',
      };
    });
    if (focused.kind === kind && matches(focused.text)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`no ${kind} "${String(name)}" is reached by Tab`);
}
