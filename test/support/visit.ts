import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Opens a page for one visitor; what the browser complains of fails the test. */
export async function visit<T>(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ locale: 'nl-NL', ...options });
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => {
      const expected = /the server responded with a status of/.test(message.text());
      if (message.type() === 'error' && !expected) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    const seen = await look(page);
    assert.deepEqual(complaints, []);
    return seen;
  } finally {
    await context.close();
  }
}

/** Fails with what axe finds against WCAG 2.2 AA, with everything open that can be opened. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  // A sandboxed frame, in which no script runs, cannot be looked into.
  const axe = new AxeBuilder({ page }).withTags(WCAG).exclude('iframe[sandbox]');
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join('\n')}`);
  assert.deepEqual(found, [], page.url());
}

/** Below this many CSS pixels each row of a table is a block, which fits as the rest does. */
const ROWS_ARE_BLOCKS_PX = 640;

/** Whether neither the page nor, on a telephone, a table of the console needs scrolling sideways. */
export function fits(page: Page): Promise<boolean> {
  return page.evaluate((blocksBelow) => {
    const tables = innerWidth < blocksBelow ? document.querySelectorAll('.table-frame') : [];
    return [document.documentElement, ...tables].every(
      ({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth,
    );
  }, ROWS_ARE_BLOCKS_PX);
}

/** The page needs no scrolling sideways, at each of these widths in CSS pixels. */
export async function assertFits(
  page: Page,
  widths: readonly number[] = [320, 768],
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 });
    assert.ok(await fits(page), `${page.url()} is wider than ${width} px`);
  }
}
