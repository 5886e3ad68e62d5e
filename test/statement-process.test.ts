import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, suite, test } from 'node:test';
import { cleanEnvironment, UPHELD_COMMAND } from './support/upheld-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'upheld-statement-process-'));
after(() => rmSync(folder, { recursive: true }));

/** Facts files of the first months of a year; gives their names. */
function factsOfMonths(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `facts-${index + 1}.json`;
    const month = `2026-${String(index + 1).padStart(2, '0')}`;
    const facts = {
      agreement: 'standard',
      component: 'shop',
      period: { kind: 'calendar-month', month },
    };
    writeFileSync(join(folder, name), JSON.stringify(facts));
    return name;
  });
}

/** Runs `upheld ARGS…` while nobody reads one of its outputs, as when `| head -1` has what it wants. */
async function unread(
  args: readonly string[],
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<{ code: number | null; rest: string }> {
  const child = spawn(process.execPath, [UPHELD_COMMAND, ...args], {
    env: cleanEnvironment({}),
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child[output].destroy();
  const other = output === 'stdout' ? child.stderr : child.stdout;
  const [rest] = await Promise.all([text(other), once(child, 'close')]);
  return { code: child.exitCode, rest };
}

suite('a command whose reader has enough ends quietly:', () => {
  test('statements of many files', async () => {
    const files = factsOfMonths(12);
    assert.deepEqual(await unread(['statement', ...files]), { code: 0, rest: '' });
    assert.deepEqual(await unread(['statement', '--explain', ...files]), { code: 0, rest: '' });
  });

  test('help', async () => {
    assert.deepEqual(await unread(['--help']), { code: 0, rest: '' });
    assert.deepEqual(await unread(['statement', '--help']), { code: 0, rest: '' });
  });

  test('faults, with the status that they have', async () => {
    assert.deepEqual(await unread(['statement', 'a.json', 'b.json'], 'stderr'), {
      code: 2,
      rest: '',
    });
  });
});
