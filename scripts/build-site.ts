import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * `npm run build`: builds the site into apps/site/dist, and does nothing where what it is built from
 * has not changed since. `npm start` runs it first, so the second start costs a few milliseconds.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'apps/site/dist');
const STAMP = join(DIST, 'stamp.txt');

// Other packages are not bundled (astro.config.mjs), so that a change in one is no reason to build.
const SOURCES = ['apps/site/{src,public}/**/*'];
const CONFIGURATION = ['astro.config.mjs', 'package-lock.json', 'apps/site/package.json'];

function fingerprint(): string {
  const files = globSync([...SOURCES, ...CONFIGURATION], { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256').update(process.version);
  for (const file of files)
    hash.update(`\n${file.slice(ROOT.length)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

function build(): void {
  // Without the old stamp a build that is broken off is done again.
  rmSync(DIST, { recursive: true, force: true });
  const manifest = createRequire(import.meta.url).resolve('astro/package.json');
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [join(dirname(manifest), 'bin/astro.mjs'), 'build', '--root', ROOT],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } },
  );
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}${error ? `${error.message}\n` : ''}`);
  process.stderr.write('The site could not be built.\n');
  process.exit(1);
}

const now = fingerprint();
if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== now) {
  build();
  writeFileSync(STAMP, now);
}
