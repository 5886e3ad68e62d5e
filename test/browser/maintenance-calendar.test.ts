import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { createSeries } from '@upheld/services/maintenance/series.ts';
import { skipOccurrence } from '@upheld/services/maintenance/skip-occurrence.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, assertFits } from '../support/visit.ts';

const DAY = 86_400_000;
const EVIL = `"><script>window.evil=1</script><img src=x onerror="window.evil=2">`;
const jan = { name: 'jan' };
const text = { nl: 'Van {from}.', en: 'From {from}.' };
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

describe('the calendar and the mail of the planner in a browser', () => {
  let server: ConsoleServer;
  let browser: Browser;
  before(async () => {
    [server, browser] = await Promise.all([serveConsole({ config }), startBrowser()]);
    const { ctx } = server;
    await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      from: CONSOLE_NOW + 20 * DAY,
      to: CONSOLE_NOW + 21 * DAY,
      text,
    });
    const { id, next } = await createSeries(ctx, jan, {
      componentIds: ['flexkids'],
      text,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      localStart: '2026-11-29T02:00',
      durationSeconds: 7200,
      announceSeconds: 432_000,
    });
    const occurrenceAt = next[1]?.from ?? 0;
    await skipOccurrence(ctx, jan, { seriesId: id, occurrenceAt, reason: 'Everyone is away.' });
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const open = async (
    path: string,
    options: { javaScriptEnabled?: boolean; colorScheme?: 'light' | 'dark' },
    look: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    try {
      await server.signIn(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (line) => {
        if (line.type() === 'error') complaints.push(line.text());
      });
      await page.goto(server.url + path);
      await look(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  };
  const NEW = '/console/maintenance/new';
  const month = (page: Page, name: string) =>
    page.locator('[data-region=month]').getByRole('heading', { name }).waitFor();

  for (const javaScriptEnabled of [true, false])
    test(`a month is walked through and a begin chosen in it, ${javaScriptEnabled ? 'by itself' : 'without JavaScript'}`, async () => {
      await open(`${NEW}?component=flexkids`, { javaScriptEnabled }, async (page) => {
        await page.getByLabel('Begins').fill('2026-11-26T21:30');
        await page.getByLabel('Ends').fill('2026-11-26T23:00');
        await page.getByLabel('English').last().fill('What was typed stays.');
        await month(page, 'November 2026');
        await page.getByRole('button', { name: 'Next: December 2026' }).click();
        await month(page, 'December 2026');
        await page.locator('#calendar').getByText('Skipped: Everyone is away.').waitFor();
        await page.getByText('Christmas Day').first().waitFor();
        await page.getByRole('button', { name: 'Begin 9 December 2026 at 21:30' }).click();
        await page.locator('td.own[class*=own]', { hasText: '9' }).waitFor();
        assert.deepEqual(
          [
            await page.getByLabel('Begins').inputValue(),
            await page.getByLabel('Ends').inputValue(),
            await page.getByLabel('English').last().inputValue(),
          ],
          ['2026-12-09T21:30', '2026-12-09T23:00', 'What was typed stays.'],
        );
        await page.locator('#plan').getByText('This window breaks no contract.').waitFor();
      });
    });

  for (const javaScriptEnabled of [true, false])
    test(`the mail is seen as it will look and does nothing, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      await open(`${NEW}?component=flexkids`, { javaScriptEnabled }, async (page) => {
        for (const [label, at] of [
          ['Dutch', 0],
          ['English', 0],
          ['Dutch', 1],
          ['English', 1],
        ] as const)
          await page.getByLabel(label).nth(at).fill(`${label} ${at} ${EVIL}`);
        await page.getByText('The mail as it will look').click();
        const mail = page.frameLocator('iframe[name=mail-look]');
        for (const language of ['Dutch', 'English']) {
          await page.getByRole('button', { name: `Show it in ${language}` }).click();
          await mail.getByRole('heading', { name: `${language} 0 ` }).waitFor();
          await mail.getByText(`${language} 1 "><script>`).waitFor();
          // Its inline style holds, and nothing that was typed became an element.
          assert.equal(
            await mail.locator('.card').evaluate((card) => getComputedStyle(card).borderRadius),
            '10px',
          );
          assert.equal(await mail.locator('script, img, iframe, form').count(), 0);
        }
        const frame = page.frame({ name: 'mail-look' });
        assert.equal(await page.evaluate(() => 'evil' in window), false);
        assert.equal(await frame?.evaluate(() => 'evil' in window), false);
        assert.equal(await frame?.evaluate(() => window.origin), 'null');
        if (!javaScriptEnabled) return;
        await page.getByLabel('English').last().fill('Something else.');
        await page.getByText('The form has changed since: show it again.').waitFor();
      });
    });

  test('an incident that is opened shows its mail too, before anybody is told', async () => {
    await open('/console/incidents/new', { javaScriptEnabled: false }, async (page) => {
      await page.getByLabel('FysioOne').check();
      await page.getByLabel('Dutch').first().fill('Storing');
      await page.getByLabel('English').first().fill('Outage');
      await page.getByLabel('Dutch').last().fill('Wij zoeken.');
      await page.getByLabel('English').last().fill('We look.');
      await page.getByRole('button', { name: 'See what goes out' }).click();
      await page.getByText('The mail as it will look').click();
      await page.getByRole('button', { name: 'Show it in English' }).click();
      const mail = page.frameLocator('iframe[name=mail-look]');
      await mail.getByRole('heading', { name: 'Outage' }).waitFor();
    });
  });

  test('every page of it is accessible, in both themes, and fits a narrow telephone', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const path of [
        '/console/maintenance/calendar?month=2026-12',
        `${NEW}?component=flexkids&component=fysioone&from=2026-12-20T21:00`,
        '/console/maintenance/series',
      ])
        await open(path, { colorScheme }, async (page) => {
          await assertAccessible(page);
          await assertFits(page, [320, 375, 768, 1280]);
        });
  });
});
