import { announceMaintenance } from '@upheld/services/maintenance/announce-maintenance.ts';
import { createSeries } from '@upheld/services/maintenance/series.ts';
import { startWork } from '@upheld/services/maintenance/work.ts';
import { listMaintenances } from '@upheld/services/read/lists.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { recorder } from '@upheld/testkit/recorded.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const text = { nl: 'Van {from} tot {to}.', en: 'From {from} to {to}.' };
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

describe('planning maintenance in a browser', () => {
  let server: ConsoleServer;
  let browser: Browser;
  before(async () => {
    server = await serveConsole({ config });
    const record = recorder(server.ctx.db);
    for (const id of ['fysioone', 'flexkids']) await record.measured(id, CONSOLE_NOW - 400 * DAY);
    await record.beat(CONSOLE_NOW);
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const open = <T>(
    path: string,
    look: (page: Page) => Promise<T>,
    options: BrowserContextOptions = {},
  ): Promise<T> => {
    const [name = '', value = ''] = server.cookie.split('=');
    const { hostname: domain } = new URL(server.url);
    const cookie = { name, value, domain, path: '/', expires: -1, httpOnly: true, secure: false };
    const storageState = { cookies: [{ ...cookie, sameSite: 'Lax' as const }], origins: [] };
    return visit(browser, server.url + path, { storageState, ...options }, look);
  };

  test('too late is seen at once with the reason, and right is one click away', async () => {
    await open('/console/maintenance/new', async (page) => {
      await page.getByLabel('Flexkids').check();
      await page.getByLabel('FysioOne').check();
      await page.getByLabel('Begins').fill('2026-11-20T10:00');
      await page.getByLabel('Ends').fill('2026-11-20T12:00');
      // Nobody pressed anything: it is said by itself.
      const plan = page.locator('#plan');
      await plan.getByText('This window breaks 2 of 2 contracts.').waitFor();
      await plan.getByText('This breaks clause 3.10.1: five days before.').waitFor();
      await plan.getByText('would have been in time until Sunday, 15 November').waitFor();
      assert.equal(
        await page.locator('[data-plan-said]').textContent(),
        'This window breaks 2 of 2 contracts.',
      );
      await page.getByRole('button', { name: 'Use this window' }).click();
      await plan.getByText('This window breaks no contract.').waitFor();
      assert.equal(await page.getByLabel('Begins').inputValue(), '2026-11-24T21:00');
      await page.getByLabel('Dutch').last().fill('Van {from} tot {to}.');
      await page.getByLabel('English').last().fill('From {from} to {to}.');
      await plan.getByText('What goes out').waitFor();
      await page.getByRole('button', { name: 'Announce', exact: true }).click();
      await page.getByText('It is announced, and subscribers are being told.').waitFor();
    });
    const [stored, ...more] = await listMaintenances(server.ctx, { limit: 9 });
    assert.equal(more.length, 0);
    assert.equal(stored?.from, Date.parse('2026-11-24T20:00:00Z'));
    assert.match(
      stored.announcements[0]?.body.en ?? '',
      /^From Tuesday,? 24 November 2026 at 21:00/,
    );
  });

  test('what keeps a form from being judged is said, and a box that was ticked stays ticked', async () => {
    await open('/console/maintenance/new?component=flexkids', async (page) => {
      await page.getByLabel('Begins').fill('2026-11-20T10:00');
      await page.getByLabel('Ends').fill('2026-11-20T09:00');
      await page.getByText('The end is not after the begin').waitFor();
      await page.getByLabel('Ends').fill('2026-11-20T12:00');
      const box = page.getByLabel(/although it breaks a contract/);
      await box.check();
      await page.getByLabel('Dutch').last().fill('Nu.');
      await page.getByLabel('English').last().fill('Now.');
      await page.getByText('What goes out').waitFor();
      assert.ok(await box.isChecked());
      await page.getByRole('button', { name: 'Announce', exact: true }).click();
      await page.getByText('It would have been in time until').waitFor();
    });
  });

  test('every page is accessible, in both themes, and fits a narrow telephone', async () => {
    const { ctx, clock } = server;
    const jan = { name: 'jan' };
    const now = clock.now();
    const window = { from: now + HOUR, to: now + 2 * HOUR };
    const { maintenance: running } = await announceMaintenance(ctx, jan, {
      componentIds: ['fysioone'],
      ...window,
      text,
    });
    await startWork(ctx, jan, { maintenanceId: running.id });
    await createSeries(ctx, jan, {
      componentIds: ['flexkids'],
      text,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      localStart: '2026-11-29T02:00',
      durationSeconds: 7200,
      announceSeconds: 432_000,
    });
    const late = '?component=flexkids&component=fysioone';
    const paths = [
      '/console/maintenance',
      `/console/maintenance/new${late}`,
      `/console/maintenance/${running.id}`,
      '/console/maintenance/series',
      '/console/templates',
      '/console/templates/new',
    ];
    for (const colorScheme of ['light', 'dark'] as const)
      for (const path of paths)
        await open(
          path,
          async (page) => {
            if (path.endsWith(late)) {
              await page.getByLabel('Begins').fill('2026-11-20T10:00');
              await page.getByLabel('Ends').fill('2026-11-20T12:00');
              await page.getByLabel('Dutch').last().fill('Nu.');
              await page.getByLabel('English').last().fill('Now.');
              await page.getByText('What goes out').waitFor();
            }
            assert.ok(await fits(page), path);
            await assertAccessible(page);
          },
          { colorScheme, viewport: { width: 320, height: 700 } },
        );
  });
});
