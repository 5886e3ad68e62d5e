import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Axe finds nothing on the page as it is, with everything that can be opened opened. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join('\n')}`);
  assert.deepEqual(found, [], page.url());
}

/** The page needs no scrolling sideways, at each of these widths in CSS pixels. */
export async function assertFits(
  page: Page,
  widths: readonly number[] = [320, 768],
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 });
    const needs = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(needs <= width, `${page.url()} needs ${needs} of ${width} px`);
  }
}
