import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { upheld } from '../support/upheld-process.ts';
import { openManagersDesk, VIEWS, type ManagersDesk } from '../support/managers-desk.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const LIST = '/console/corrections';
const WORKSHEET = '/components/ketenone/availability';

let desk: ManagersDesk;
before(async () => {
  desk = await openManagersDesk({
    days: 400,
    outages: [
      { from: Date.parse('2026-10-05T09:00:00Z'), hours: 3 },
      { from: Date.parse('2026-11-10T10:00:00Z'), hours: 3 },
    ],
  });
});
after(() => desk.stop());

describe('a manager', () => {
  test('corrects an outage with the keyboard only, having seen what it does', async () => {
    await desk.open(`${LIST}?component=ketenone&period=2026-11`, {}, async (page) => {
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
      await desk.open(`${LIST}?component=ketenone`, options, async (page) => {
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
        await page.goto(`${desk.server.url}${LIST}?component=ketenone`);
        await page
          .getByRole('link', { name: /^Withdraw…/ })
          .first()
          .click();
        await look('withdraw');
      });
      await visit(desk.browser, desk.server.url, { locale: 'nl-NL', ...options }, async (page) => {
        await page.getByText('achteraf gecorrigeerd').first().waitFor();
        for (const path of ['/', WORKSHEET, `${WORKSHEET}?as=recorded`]) {
          await page.goto(desk.server.url + path);
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
          desk.browser,
          `${desk.server.url}${WORKSHEET}?period=2026-11&as=${as}`,
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
