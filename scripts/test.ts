import { startPostgres } from '@upheld/testkit/postgres-server.ts';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { runGroup } from './run-tests.ts';
import { testGroups, type TestGroup } from './test-files.ts';

/*
 * `npm test`: everything, on SQLite and on a real PostgreSQL, as child processes and in a real
 * Chromium. `npm test -- unit contract` runs only those groups, `npm test -- path` only those files.
 */

const wanted = process.argv.slice(2);
const cores = availableParallelism();

function chosen(): TestGroup[] {
  const all = testGroups();
  const groups = all.filter((group) => wanted.includes(group.name));
  const paths = wanted.filter((word) => !all.some((group) => group.name === word));
  const some = all.map((group) => ({
    ...group,
    files: group.files.filter((file) => paths.some((path) => file.includes(path))),
  }));
  const selected = wanted.length === 0 ? all : [...groups, ...(paths.length > 0 ? some : [])];
  return selected.filter((group) => group.files.length > 0);
}

function buildSite(): void {
  const built = spawnSync(process.execPath, ['scripts/build-site.ts'], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the site could not be built');
}

async function main(): Promise<{ passed: number; failed: number }> {
  const groups = chosen();
  // What is compiled once is kept for every process of this run and the next.
  process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled');
  const total = { passed: 0, failed: 0 };
  if (groups.some((group) => group.needsSite === true)) buildSite();
  if (groups.some((group) => ['browser', 'acceptance'].includes(group.name)))
    process.env['CHROMIUM_PATH'] = ensureChromium();
  // One server for all: each test file makes databases of its own on it.
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  const needed = given === '' && groups.some((group) => group.name !== 'unit');
  const server = needed ? await startPostgres() : undefined;
  if (server) process.env['TEST_DATABASE_URL'] = server.url;
  try {
    for (const group of groups) {
      process.stdout.write(`\n${group.name}\n`);
      const { passed, failed, skipped } = await runGroup(group, cores);
      total.passed += passed;
      total.failed += failed;
      for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
    }
  } finally {
    await server?.stop();
  }
  return total;
}

let failure: string | undefined;
const { passed, failed } = await main().catch((error: unknown) => {
  failure = error instanceof Error ? error.message : String(error);
  return { passed: 0, failed: 1 };
});
if (failure === undefined && passed + failed === 0) failure = 'no test ran';
if (failure !== undefined) process.stdout.write(`\n${failure}\n`);
process.stdout.write(
  `\n${passed} passed, ${Math.max(failed, failure === undefined ? 0 : 1)} failed\n`,
);
process.exitCode = failure === undefined && failed === 0 ? 0 : 1;
