import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { testGroups } from './test-files.ts';

/*
 * `npm run verify`: everything that needs no server, in under a minute. The long steps begin first,
 * as many at once as the machine has cores.
 */

interface Step {
  name: string;
  run(): Promise<{ ok: boolean; output: string }>;
}

/** What is compiled once is kept for every process of this run and the next. */
const env = {
  NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled'),
  // A first look; `npm test` makes all the runs of the property tests.
  UPHELD_PROPERTY_RUNS: '20',
  ...process.env,
};

function command(program: string, ...args: string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/**
 * Generates from a copy of the migrations, and must find nothing to do. drizzle-kit ends with 0 also
 * when it failed, so what it says is what counts.
 */
async function migrationsAreCurrent(dialect: 'sqlite' | 'postgres') {
  const folder = mkdtempSync(join(tmpdir(), 'upheld-migrations-'));
  try {
    cpSync(join('drizzle', dialect), folder, { recursive: true });
    const engine = dialect === 'sqlite' ? 'sqlite' : 'postgresql';
    const schema = `./packages/db/src/schema-${dialect}.ts`;
    const out = relative('.', folder);
    const { output } = await command(
      'drizzle-kit',
      ...['generate', '--dialect', engine, '--schema', schema, '--out', out],
    );
    const ok = output.includes('No schema changes');
    const advice = `The ${dialect} schema has changed: npm run migrations -- <name>\n`;
    return { ok, output: ok ? output : `${output}\n${advice}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const unit = testGroups().find((group) => group.name === 'unit')?.files ?? [];
const steps: readonly Step[] = [
  {
    name: 'unit tests',
    // In one process: starting one for each file costs as much as what the files do.
    run: () =>
      command(
        process.execPath,
        ...['--test', '--test-isolation=none', '--test-timeout=50000', '--test-reporter=dot'],
        ...unit,
      ),
  },
  { name: 'types', run: () => command('tsc', '--noEmit') },
  {
    name: 'lint with types',
    run: () => command('oxlint', '--deny-warnings', '--type-aware', '.'),
  },
  { name: 'rules of the house', run: () => command('eslint', '--max-warnings', '0', '.') },
  {
    name: 'site types',
    run: () =>
      command(
        'astro',
        'check',
        '--tsconfig',
        'apps/site/tsconfig.json',
        '--minimumSeverity',
        'error',
      ),
  },
  { name: 'formatting', run: () => command('prettier', '--check', '--log-level', 'warn', '.') },
  {
    name: 'boundaries',
    run: () => command('depcruise', '--config', '.dependency-cruiser.mjs', 'apps', 'packages'),
  },
  { name: 'unused code', run: () => command('knip', '--no-progress') },
  { name: 'migrations of SQLite', run: () => migrationsAreCurrent('sqlite') },
  { name: 'migrations of PostgreSQL', run: () => migrationsAreCurrent('postgres') },
];

const began = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const waiting = [...steps];
const failed: string[] = [];

async function work(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const start = performance.now();
    const { ok, output } = await step.run();
    process.stdout.write(`${ok ? '✔' : '✖'} ${step.name}  ${seconds(start)}\n`);
    if (ok) continue;
    failed.push(step.name);
    process.stdout.write(`${output.trimEnd()}\n\n`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
process.stdout.write(
  failed.length === 0
    ? `All ${steps.length} hold, in ${seconds(began)}.\n`
    : `${failed.join(', ')} failed, after ${seconds(began)}.\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
