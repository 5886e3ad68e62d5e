import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { serveFigures, type FiguresServer } from '../support/figures-server.ts';
import { cleanEnvironment, upheld } from '../support/upheld-process.ts';
import { assertAccessible, fits, visit } from '../support/visit.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KETENONE = '/components/ketenone/availability';

let figures: FiguresServer;
let browser: Browser;
before(async () => {
  // One after the other: what fails must not leave the other one running.
  figures = await serveFigures();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await figures.stop();
});

/** What is read of it, with every space an ordinary one. */
const textOf = async (where: Locator): Promise<string> =>
  (await where.innerText()).replace(/\s+/g, ' ');

/** Saves what the links of the worksheet give into a folder; gives the names they were saved under. */
async function download(page: Page, folder: string, labels: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const label of labels) {
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: label, exact: true }).click(),
    ]);
    names.push(saved.suggestedFilename());
    await saved.saveAs(join(folder, saved.suggestedFilename()));
  }
  return names;
}

describe('the worksheet of a component', () => {
  for (const [name, path, locale] of [
    ['with two figures', KETENONE, 'nl-NL'],
    [
      'of another agreement and period',
      `${KETENONE}?agreement=fundament-it&period=2026-11`,
      'en-GB',
    ],
    ['of a component without history', '/components/fresh/availability', 'nl-NL'],
    ['for a period that has not begun', `${KETENONE}?from=2027-01-01&to=2027-02-01`, 'en-GB'],
  ] as const)
    test(`${name} is accessible in both themes, and fits a telephone`, async () => {
      const options = { locale, viewport: { width: 320, height: 700 } };
      await visit(browser, figures.url + path, options, async (page) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await assertAccessible(page);
        }
        assert.ok(await fits(page));
        assert.equal(await page.locator('h1').count(), 1);
      });
    });

  test('is reached from the card of the component, and chooses agreement and period by keyboard', async () => {
    await visit(browser, `${figures.url}/`, { locale: 'en-GB' }, async (page) => {
      const pressed = async (link: string): Promise<void> => {
        await page.getByRole('link', { name: link }).first().focus();
        await page.keyboard.press('Enter');
        await page.waitForLoadState();
      };
      await page.locator(`a[href^="${KETENONE}"]`).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/ketenone\/availability/);
      await pressed('Fundament IT SaaS');
      await page.waitForURL(/agreement=fundament-it/);
      await pressed('November 2026');
      await page.waitForURL(/period=2026-11/);
      const chosen = page.locator('[aria-current]');
      assert.deepEqual(await chosen.allInnerTexts(), ['Fundament IT SaaS', 'November 2026']);
    });
  });

  test('shows the rule, the clause and the evidence of each stretch, and the sum in numbers', async () => {
    await visit(browser, figures.url + KETENONE, { locale: 'nl-NL' }, async (page) => {
      const office = page.getByRole('region', { name: /Beschikbaarheid binnen kantooruren/ });
      const down = office.getByRole('row', { name: /di 10 mrt 2026/ });
      const said = await textOf(down);
      assert.match(said, /7 u 17 min 53 s/);
      assert.match(said, /artikel 3\.1, 3\.2/);
      assert.match(said, /Eerste mislukte controle: 10:12:07 \(foutmelding, HTTP 503\)/);
      assert.match(
        await textOf(office.locator('.formula')),
        /6\.777\.727 s ÷ 6\.804\.000 s = 99,613859%/,
      );
      assert.match(await textOf(office), /Toegestane storing: nog 2 u 9 min van 9 u 27 min/);
    });
  });

  test('offers the contract years of a contract whose start is known', async () => {
    const path = `${KETENONE}?agreement=fundament-it`;
    await visit(browser, figures.url + path, { locale: 'en-GB' }, async (page) => {
      await page.getByRole('link', { name: 'Contract year from 1 March 2026' }).click();
      await page.waitForURL(/period=contract-year%3A2024-03-01%3A3/);
      assert.match(await textOf(page.getByRole('main')), /Sun, 1 Mar 2026 00:00/);
    });
  });

  test('tells of commands that give the statement, and that never run what a registry has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upheld-told-'));
    try {
      let told: string[] = [];
      await visit(browser, figures.url + KETENONE, { locale: 'en-GB' }, async (page) => {
        await download(page, folder, ['Facts (JSON)', 'Agreement (YAML)', 'Statement (JSON)']);
        told = (await page.locator('.commands').innerText()).split('\n');
        assert.match(
          await textOf(page.getByRole('region', { name: 'Compute it yourself' })),
          /Ask us for the source of Upheld: support@zorgsoftware\.example/,
        );
      });
      assert.equal(told[0], 'npm ci');
      const command = (told[1] ?? '').replace('/path/to', folder);
      // Nobody has registered our name, so nobody must be asked for it.
      assert.doesNotMatch(command, /npx|npm/);
      const { stdout } = await run('sh', ['-c', command], { env: cleanEnvironment({}), cwd: ROOT });
      assert.equal(stdout, await readFile(join(folder, 'statement.json'), 'utf8'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('says what another reading would change, in words', async () => {
    await visit(browser, figures.url + KETENONE, { locale: 'nl-NL' }, async (page) => {
      const reading = page.getByRole('listitem').filter({ hasText: 'I8' });
      const said = await textOf(reading);
      assert.match(said, /Gebruikt: telt als storing/);
      assert.match(said, /telt niet mee als het vooraf is aangekondigd\): .*Nieuwe versie \(/);
      // Two of one name are told apart by when they begin.
      assert.match(said, /Nieuwe versie \(za 17 okt 2026 20:00\) – /);
      assert.match(said, /Nieuwe versie \(za 7 nov 2026 19:00\) – /);
    });
  });

  test('lists the maintenance of its own period only', async () => {
    const path = `${KETENONE}?agreement=fundament-it&period=2026-11`;
    await visit(browser, figures.url + path, { locale: 'en-GB' }, async (page) => {
      const said = await textOf(page.getByRole('region', { name: /Maintenance, and how/ }));
      assert.match(said, /7 Nov 2026/);
      assert.doesNotMatch(said, /Oct 2026/);
    });
  });

  for (const [agreement, period] of [
    ['infravision-cloud', ''],
    ['fundament-it', '&period=2026-11'],
    ['spotonmedics', '&period=2026'],
  ] as const)
    test(`facts and agreement of ${agreement}${period} give its statement offline, byte for byte`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'upheld-offline-'));
      try {
        const url = `${figures.url}${KETENONE}?agreement=${agreement}${period}`;
        await visit(browser, url, { locale: 'en-GB' }, async (page) => {
          const names = await download(page, folder, [
            'Facts (JSON)',
            'Agreement (YAML)',
            'Statement (JSON)',
          ]);
          assert.deepEqual(names, ['facts.json', `${agreement}.yaml`, 'statement.json']);
        });
        const { code, stdout, stderr } = await upheld(['statement', 'facts.json'], {}, folder);
        assert.equal(stderr, '');
        assert.equal(code, 0);
        assert.equal(stdout, await readFile(join(folder, 'statement.json'), 'utf8'));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
});
