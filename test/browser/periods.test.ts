import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { upheld } from '../support/upheld-process.ts';
import { openManagersDesk, VIEWS, type ManagersDesk } from '../support/managers-desk.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const LIST = '/console/periods';
const WORKSHEET = '/components/ketenone/availability?agreement=spotonmedics&period=2026-10';

let desk: ManagersDesk;
before(async () => {
  desk = await openManagersDesk({
    days: 100,
    outages: [{ from: Date.parse('2026-10-05T09:00:00Z'), hours: 3 }],
  });
});
after(() => desk.stop());

describe('a manager', () => {
  test('closes a month, and then corrects it', async () => {
    await desk.open(LIST, {}, async (page) => {
      await page
        .getByRole('link', { name: /Look and close.*October 2026 .*SpotOnMedics/i })
        .click();
      await page.getByText('Close the period…').click();
      await page.getByRole('button', { name: 'Close the period' }).click();
      assert.match(await page.getByRole('status').innerText(), /The period is closed/);
      await page.goto(`${desk.server.url}/console/corrections?component=ketenone&period=2026-10`);
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
      await desk.open(LIST, options, async (page) => {
        await assertAccessible(page);
        assert.ok(await fits(page), 'the list is too wide');
        for (const period of ['2026-10', '2026-09', '2026-11']) {
          const query = `component=ketenone&agreement=spotonmedics&period=${period}`;
          await page.goto(`${desk.server.url}${LIST}/period?${query}`);
          await assertAccessible(page);
          assert.ok(await fits(page), `${period} is too wide`);
        }
      });
      await visit(
        desk.browser,
        desk.server.url + WORKSHEET,
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
      await visit(desk.browser, desk.server.url + WORKSHEET, { locale: 'en-GB' }, async (page) => {
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
