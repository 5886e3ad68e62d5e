import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startSite } from '../../apps/site/test/fixture.ts';
import { loadEveryPage } from '../../apps/site/src/mount.ts';

const PAGES = ['/', '/subscribe', '/history/2026-11', '/unsubscribe?token=x', '/nothing'];

/** The statuses of pages that were never asked for before their build was taken away. */
async function withoutBuild(prepare: (dist: URL) => Promise<void>): Promise<number[]> {
  // Within node_modules, where the packages are found that the build imports.
  const cache = new URL('../../node_modules/.cache/', import.meta.url);
  await mkdir(cache, { recursive: true });
  const copy = pathToFileURL(`${await mkdtemp(new URL('site-', cache).pathname)}/`);
  await cp(new URL('../../apps/site/dist/', import.meta.url), copy, { recursive: true });
  const site = await startSite(copy);
  try {
    await prepare(copy);
    await rm(copy, { recursive: true });
    return await Promise.all(PAGES.map(async (path) => (await fetch(site.url + path)).status));
  } finally {
    await site.stop();
    await rm(copy, { recursive: true, force: true });
  }
}

describe('a build that is replaced under a running process', () => {
  test('takes no page away once all are loaded', async () => {
    assert.deepEqual(await withoutBuild(loadEveryPage), [200, 200, 200, 404, 404]);
  });

  test('would take away the pages that were not', async () => {
    const statuses = await withoutBuild(() => Promise.resolve());
    assert.ok(statuses.includes(500), statuses.join(', '));
  });
});
