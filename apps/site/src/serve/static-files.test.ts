import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadSite } from '../mount.ts';
import { readStaticFiles } from './static-files.ts';

test('files with a hash in their name are kept for ever, others for an hour', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-site-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '_astro'));
  writeFileSync(join(folder, '_astro', 'page.abc.css'), 'a{}');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  const files = await readStaticFiles(folder);
  assert.deepEqual([...files.keys()].sort(), ['/_astro/page.abc.css', '/favicon.svg']);
  const styles = files.get('/_astro/page.abc.css')?.headers;
  assert.equal(styles?.['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(styles['content-type'], 'text/css; charset=utf-8');
  const icon = files.get('/favicon.svg')?.headers;
  assert.equal(icon?.['cache-control'], 'public, max-age=3600');
  assert.match(String(icon['content-security-policy']), /sandbox/);
});

test('a site that is not built says what to run', async () => {
  const nowhere = pathToFileURL(join(tmpdir(), 'upheld-there-is-no-site', '/'));
  await assert.rejects(loadSite(nowhere), {
    name: 'DomainError',
    message: 'the site is not built yet; run: npm run build',
  });
});
