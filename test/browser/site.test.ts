import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startSite, type SiteFixture } from '../../apps/site/test/fixture.ts';
import { SITUATIONS, type Situation } from '../../apps/site/test/situations.ts';
import { announced, openIncident, pageView } from '../../apps/site/test/views.ts';
import { startBrowser } from '../support/browser.ts';
import { assertAccessible, fits, visit as visitPage } from '../support/visit.ts';

let site: SiteFixture;
let browser: Browser;
before(async () => {
  // One after the other: what fails must not leave the other one running.
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await site.stop();
});
beforeEach(() => {
  site.view = SITUATIONS.calm;
  site.answer = { ok: true };
  site.calls.length = 0;
  site.revision += 1;
});

const visit = <T>(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> => visitPage(browser, site.url + path, options, look);

describe('every situation', () => {
  for (const situation of Object.keys(SITUATIONS) as Situation[])
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${situation} is accessible in the ${colorScheme} theme, and fits a telephone`, async () => {
        site.view = SITUATIONS[situation];
        await visit('/', { colorScheme, viewport: { width: 1280, height: 900 } }, async (page) => {
          // Closed details hide their content from the checker as well.
          for (const details of await page.locator('summary').all()) await details.click();
          await assertAccessible(page);
          for (const width of [1280, 375, 320]) {
            await page.setViewportSize({ width, height: 700 });
            assert.ok(await fits(page), `wider than ${width} px`);
          }
        });
      });
});

describe('every other page', () => {
  for (const path of [
    `/incidents/${openIncident.id}`,
    `/maintenances/${announced.id}`,
    '/history/2026-11',
    '/subscribe',
    '/subscribe/sent',
    '/subscribe/code',
    '/subscribe/confirm?token=good',
    '/subscription?token=good',
    '/unsubscribe?token=good',
    '/unsubscribe?token=wrong',
    '/nowhere',
  ])
    test(`${path} is accessible in both themes, and fits a telephone`, async () => {
      await visit(path, { viewport: { width: 320, height: 700 } }, async (page) => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await assertAccessible(page);
        }
        assert.ok(await fits(page));
        assert.equal(await page.locator('h1').count(), 1);
      });
    });
});

describe('the bar of ninety days', () => {
  test('is one stop for the Tab key, with its days under the arrow keys', async () => {
    await visit('/', {}, async (page) => {
      const bar = page.getByRole('list', { name: 'FysioOne: de laatste 90 dagen' });
      assert.equal(await bar.locator('[tabindex="0"]').count(), 1);
      const shown = bar.locator('.run:focus .tip');
      await bar.locator('[tabindex="0"]').focus();
      assert.match(await shown.innerText(), /21 november 2026: geen storing$/);
      await page.keyboard.press('ArrowLeft');
      assert.match(await shown.innerText(), /^12 november 2026: onderhoud, 2\su$/);
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      assert.match(await shown.innerText(), /^19 oktober 2026: storing, 1\su\s12\smin$/);
      assert.ok(await visible(page, '.run:focus .tip'));
      await page.keyboard.press('Home');
      assert.match(await shown.innerText(), /^24 augustus 2026 tot en met/);
      await page.keyboard.press('ArrowLeft');
      assert.match(await shown.innerText(), /^24 augustus 2026 tot en met/);
    });
  });

  test('shows under the pointer what a day was', async () => {
    await visit('/', {}, async (page) => {
      assert.equal(await visible(page, '.run.maintenance .tip'), false);
      await page.locator('.run.maintenance').first().hover();
      assert.ok(await visible(page, '.run.maintenance .tip'));
    });
  });

  test('works without scripts: what happened can be reached with Tab, and is listed', async () => {
    await visit('/', { javaScriptEnabled: false }, async (page) => {
      const bar = page.getByRole('list', { name: 'FysioOne: de laatste 90 dagen' });
      assert.equal(await bar.locator('[tabindex="0"]').count(), 3);
      await page.getByText('Bijzonderheden op 3 dagen').click();
      await page.getByRole('link', { name: 'Inloggen duurde lang' }).first().click();
      assert.match(page.url(), /\/incidents\//);
    });
  });

  test('tells a screen reader each stretch once', async () => {
    await visit('/', {}, async (page) => {
      const bar = page.getByRole('list', { name: 'KetenOne: de laatste 90 dagen' });
      assert.equal(await bar.getByRole('listitem').count(), 1);
      assert.match(
        await bar.innerText(),
        /^24 augustus 2026 tot en met 21 november 2026: geen storing$/,
      );
    });
  });

  test('says what it says by height and pattern too, not by colour alone', async () => {
    await visit('/', {}, async (page) => {
      const looks = await page.evaluate(() =>
        ['up', 'degraded', 'down', 'maintenance', 'partly', 'unmeasured'].map((kind) => {
          const style = getComputedStyle(document.querySelector(`.legend .${kind} i`) as Element);
          return `${style.height} ${style.backgroundImage.split('(')[0]} ${/(\d+)deg|to top/.exec(style.backgroundImage)?.[0]}`;
        }),
      );
      assert.equal(new Set(looks).size, looks.length, looks.join('\n'));
    });
  });

  test('holds ninety marks of one width', async () => {
    await visit('/', { viewport: { width: 375, height: 700 } }, async (page) => {
      const bar = page.locator('[data-bar]').first();
      assert.equal(await bar.locator('i').count(), 90);
      const [outer, inner] = await bar.evaluate((element) => [
        element.getBoundingClientRect().width,
        [...element.querySelectorAll('i')].reduce(
          (sum, i) => sum + i.getBoundingClientRect().width,
          0,
        ),
      ]);
      // A browser lays out in steps of 1/64 px.
      assert.ok(Math.abs(outer - inner) < 90 / 64, `${outer} and ${inner}`);
    });
  });
});

/** Whether somebody sees an element: not merely a screen reader. */
function visible(page: Page, selector: string): Promise<boolean> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).clipPath === 'none');
}

describe('a visitor', () => {
  test('switches the language, and it stays', async () => {
    await visit('/', {}, async (page) => {
      await page.getByRole('link', { name: 'English' }).click();
      assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Everything works');
      await page.getByRole('link', { name: 'All of November 2026' }).click();
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /^Outages and/);
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    });
  });

  test('gets no cookie for reading', async () => {
    const cookies = await visit('/', {}, (page) => page.context().cookies());
    assert.deepEqual(cookies, []);
  });

  for (const javaScriptEnabled of [true, false])
    test(`subscribes to one component by text message ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      await visit('/', { javaScriptEnabled }, async (page) => {
        assert.equal(await page.getByLabel('Mobiel nummer').isVisible(), false);
        await page.getByLabel('Per sms', { exact: true }).check();
        await page.getByLabel('Mobiel nummer').fill('0612345678');
        await page.getByLabel('Alleen over wat ik kies').check();
        await page.getByRole('button', { name: 'Aanmelden' }).click();
        assert.match(await page.title(), /^Fout: /);
        // The checker is a script itself.
        if (javaScriptEnabled) await assertAccessible(page);
        await page.getByLabel('KetenOne').check();
        await page.getByRole('button', { name: 'Aanmelden' }).click();
        await page.getByLabel('Code van zes cijfers').fill('123 456');
        await page.getByRole('button', { name: 'Bevestigen' }).click();
        await page.getByRole('heading', { name: 'U bent aangemeld' }).waitFor();
      });
      assert.deepEqual(
        site.calls.map(([verb]) => verb),
        ['subscribe', 'confirmCode'],
      );
    });

  test('reaches the content past the header with the first Tab', async () => {
    await visit('/', {}, async (page) => {
      await page.keyboard.press('Tab');
      assert.equal(await page.locator(':focus').innerText(), 'Naar de inhoud');
      await page.keyboard.press('Enter');
      assert.equal(await page.locator(':focus').getAttribute('id'), 'main');
    });
  });

  test('who asks for it sees the page in the colours of the system', async () => {
    await visit('/', { forcedColors: 'active' }, async (page) => {
      assert.equal(await page.getByText('Werkt', { exact: true }).first().isVisible(), true);
      const marks = await page
        .locator('.bar .down i')
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
      assert.doesNotMatch(marks, /rgba\(0, 0, 0, 0\)/);
    });
  });

  test('who has no script and an old browser can still do everything in the form', async () => {
    site.view = pageView({ channels: { email: true, sms: false } });
    await visit('/subscribe', { javaScriptEnabled: false }, async (page) => {
      await page.getByLabel('E-mailadres').fill('jan@example.com');
      await page.getByRole('button', { name: 'Aanmelden' }).click();
      await page.getByRole('heading', { name: 'Kijk in uw mailbox' }).waitFor();
    });
  });
});

test('the screenshot of the README can be taken', async () => {
  site.view = SITUATIONS.incident;
  const viewport = { width: 1100, height: 1400 };
  const options: BrowserContextOptions = { viewport, locale: 'en-GB', colorScheme: 'light' };
  await visit('/', options, async (page) => {
    const path = process.env['UPHELD_SCREENSHOT'];
    const picture = await page.screenshot(path === undefined ? {} : { path });
    assert.ok(picture.length > 10_000);
  });
});
