import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONSOLE_NOW } from '../support/console-server.ts';
import { openManagersDesk, VIEWS, type ManagersDesk } from '../support/managers-desk.ts';
import { assertAccessible, fits } from '../support/visit.ts';

const HOUR = 3_600_000;
const LIST = '/console/agreements';
const VERSION = `label: '2027'
validFrom: 2027-01-01
source: Addendum of 1 December 2026
replaces:
  maintenance.notice.term: { hours: 72 }
  availability.parts.all.norm: '99.9'
`;

let desk: ManagersDesk;
before(async () => {
  desk = await openManagersDesk({
    days: 400,
    outages: [{ from: CONSOLE_NOW - 100 * HOUR, hours: 20 }],
  });
});
after(() => desk.stop());

describe('a manager', () => {
  test('adopts a version with the keyboard only, having mended it and seen what it does', async () => {
    await desk.open(LIST, {}, async (page) => {
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
      await desk.open(LIST, options, async (page) => {
        const look = async (name: string): Promise<void> => {
          await assertAccessible(page);
          assert.ok(await fits(page), `${name} is too wide`);
        };
        await look('list');
        await page.goto(`${desk.server.url}${LIST}/spotonmedics`);
        await look('one');
        await page.goto(`${desk.server.url}${LIST}/infravision-cloud`);
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
