import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { describe, it } from 'node:test';
import { areasFor } from '../../apps/site/src/console/areas.ts';
import { CONSOLE_ROUTES } from '../../apps/site/src/console/routes.ts';

/** The paths of the console as Astro names them, by the files that make them. */
function pagesOf(files: readonly string[]): string[] {
  return files
    .map((file) => file.replace(/^apps\/site\/src\/pages/, '').replace(/\.(astro|ts)$/, ''))
    .map((path) => path.replace(/\/index$/, ''))
    .sort();
}

const FILES = globSync('apps/site/src/pages/console/**/*.{astro,ts}');

/** What has no rule, and what has a rule and no page. */
function amiss(pages: readonly string[], ruled: readonly string[]): string[] {
  return [
    ...pages.filter((page) => !ruled.includes(page)).map((page) => `${page} has no rule`),
    ...ruled.filter((path) => !pages.includes(path)).map((path) => `${path} has no page`),
  ];
}

describe('the rules of the console', () => {
  it('name every page and nothing else', () => {
    assert.ok(FILES.length > 10);
    assert.deepEqual(amiss(pagesOf(FILES), Object.keys(CONSOLE_ROUTES)), []);
  });

  it('would be found wanting for a page that nobody ruled, and for a rule without a page', () => {
    const pages = pagesOf([
      'apps/site/src/pages/console/index.astro',
      'apps/site/src/pages/console/planted/[id]/index.astro',
    ]);
    assert.deepEqual(amiss(pages, ['/console', '/console/gone']), [
      '/console/planted/[id] has no rule',
      '/console/gone has no page',
    ]);
  });

  it('show each role the areas that it may open, and no other', () => {
    const names = (role: Parameters<typeof areasFor>[0]) => areasFor(role).map(({ name }) => name);
    assert.ok(!names('viewer').includes('Audit log'));
    assert.ok(!names('engineer').includes('People'));
    assert.ok(names('manager').includes('Audit log'));
    assert.ok(!names('manager').includes('Tokens'));
    assert.ok(['People', 'Tokens', 'Audit log'].every((name) => names('owner').includes(name)));
  });
});
