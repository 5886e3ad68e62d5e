import { sendReminders } from '@upheld/services/reminder/send-reminders.ts';
import { listMaintenances } from '@upheld/services/read/lists.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { CONSOLE_NOW, serveConsole, type ConsoleServer } from '../support/console-server.ts';
import { assertAccessible, fits } from '../support/visit.ts';

const HOUR = 3_600_000;
const config = testConfig({
  groups: [
    {
      id: 'products',
      name: 'Products',
      components: [{ id: 'flexkids', name: 'Flexkids', agreements: [{ agreement: 'flexkids' }] }],
    },
  ],
});

describe('the life of a maintenance, on a telephone', () => {
  let server: ConsoleServer;
  let browser: Browser;
  let page: Page;
  before(async () => {
    [server, browser] = await Promise.all([serveConsole({ config }), startBrowser()]);
    await server.ctx.db.transact(({ q, t }) =>
      q.insert(t.subscribers).values({
        id: 'subscriber',
        channel: 'email',
        address: 'karin@example.test',
        addressKey: 'karin@example.test',
        language: 'nl',
        state: 'confirmed',
        challengeTries: 0,
        createdAt: CONSOLE_NOW,
        version: 1,
      }),
    );
    const context = await browser.newContext({
      viewport: { width: 375, height: 740 },
      colorScheme: 'dark',
    });
    await server.signIn(context);
    page = await context.newPage();
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const said = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const write = async (nl: string, en: string): Promise<void> => {
    await page.getByLabel('Dutch').last().fill(nl);
    await page.getByLabel('English').last().fill(en);
  };
  const sound = async (): Promise<void> => {
    assert.ok(await fits(page), page.url());
    await assertAccessible(page);
  };
  const told = async (): Promise<number> => {
    const { q, t } = server.ctx.db.read;
    return (await q.select().from(t.notifications)).length;
  };

  test('too late, then right, reminded of, begun, overrun, extended and done', async () => {
    const { ctx, clock, url } = server;
    await page.goto(`${url}/console/maintenance/new?component=flexkids`);
    await page.getByLabel('Begins').fill('2026-11-21T10:00');
    await page.getByLabel('Ends').fill('2026-11-21T12:00');
    await said('This window breaks 1 of 1 contract.');
    await said(/It would have been in time until Monday, 16 November 2026 at 10:00/);
    await page.getByRole('button', { name: 'Use this window' }).click();
    await said('This window breaks no contract.');
    await write('Van {from} tot {to}.', 'From {from} to {to}.');
    await said('Announcing it sends 1 mail and no text messages.');
    await page.getByRole('button', { name: 'Announce', exact: true }).click();
    await said('It is announced, and subscribers are being told.');
    await sound();
    const [one] = await listMaintenances(ctx, { limit: 1 });
    assert.ok(one);
    assert.equal(await told(), 1);

    clock.set(one.from - 24 * HOUR);
    await sendReminders(ctx);
    assert.equal(await told(), 2);

    clock.set(one.from);
    await page.reload();
    await page.getByRole('button', { name: 'Start the work now' }).click();
    await said('The work has begun.');
    clock.set(one.to + HOUR / 2);
    await page.reload();
    await said(/Overruns by 30\smin/);
    await sound();
    await page.getByLabel('Ends').fill(wall(one.to + 2 * HOUR));
    await write('Het loopt uit.', 'It takes longer.');
    await page.getByLabel(/although it breaks a contract/).check();
    await page.getByRole('button', { name: 'Announce the change' }).click();
    await said('The change is announced, and subscribers are being told.');
    assert.equal(await page.getByText(/Overruns by/).count(), 0);
    clock.set(one.to + HOUR);
    await page.reload();
    await page.getByRole('button', { name: 'The work is done' }).click();
    await said('The work is done.');
    await sound();
    const [done] = await listMaintenances(ctx, { limit: 1 });
    assert.equal(done?.announcements.length, 2);
  });

  test('called off, and an emergency in the place of what could not wait', async () => {
    const { url } = server;
    const announce = async (): Promise<void> => {
      await page.goto(
        `${url}/console/maintenance/new?component=flexkids&from=2026-12-16T22:00&to=2026-12-16T23:00`,
      );
      await write('Van {from} tot {to}.', 'From {from} to {to}.');
      await page.getByRole('button', { name: 'Announce', exact: true }).click();
      await said('It is announced, and subscribers are being told.');
    };
    await announce();
    await page.getByText('Call it off', { exact: true }).first().click();
    const cancel = page.locator('details.confirm[open] form');
    await cancel.getByLabel('Dutch').fill('Gaat niet door.');
    await cancel.getByLabel('English').fill('Called off.');
    await cancel.getByRole('button', { name: 'Call it off' }).click();
    await said('It is called off, and subscribers are being told.');
    await announce();
    await page.getByText('Declare an emergency', { exact: true }).click();
    const emergency = page.locator('details.confirm[open] form');
    await emergency.getByLabel('Why it cannot wait').fill('A disk is failing.');
    await emergency.getByLabel('Dutch').fill('Wij herstellen nu.');
    await emergency.getByLabel('English').fill('We repair it now.');
    await emergency.getByRole('button', { name: 'Declare the emergency' }).click();
    await said('The emergency is declared, and subscribers are being told.');
    await sound();
  });
});

/** As a field of type datetime-local has it, in the zone of the page in winter. */
function wall(at: number): string {
  return new Date(at + HOUR).toISOString().slice(0, 16);
}
