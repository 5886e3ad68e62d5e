import { relative, resolve } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import type { TestGroup } from './test-files.ts';

export interface Tally {
  passed: number;
  failed: number;
  skipped: readonly string[];
}

interface Summary {
  /** Undefined in the summary of the whole run. */
  file: string | undefined;
  counts: { passed: number; failed: number; cancelled: number };
  duration_ms: number;
  success: boolean;
}

/** A test that waits for what never comes is a failure, not a hang. */
const LONGEST_TEST_MS = 240_000;

/** Runs a group and prints a line a file; what failed is printed whole, at once. */
export async function runGroup(group: TestGroup, cores: number): Promise<Tally> {
  const skipped: string[] = [];
  const tally = { passed: 0, failed: 0 };
  const output = new Map<string, string>();
  const failing = new Set<string>();
  const stream = run({
    files: group.files,
    concurrency: group.concurrency(cores),
    timeout: LONGEST_TEST_MS,
  });
  stream.on('test:fail', (test) => {
    if (test.details.type === 'suite') return;
    // Node counts a test that is to be done apart from those that fail; here a promise not kept fails.
    if (test.todo !== undefined) tally.failed += 1;
    const error = test.details.error.cause;
    const where = test.file === undefined ? '' : ` (${relative('.', test.file)}:${test.line ?? 0})`;
    process.stdout.write(`\n✖ ${test.name}${where}\n${indented(inspect(error))}\n`);
    if (test.file !== undefined) failing.add(resolve(test.file));
  });
  stream.on('test:pass', (test) => {
    if (test.skip !== undefined) skipped.push(`${test.name}: ${String(test.skip)}`);
  });
  for (const name of ['test:stdout', 'test:stderr'] as const)
    stream.on(name, ({ file, message }: { file: string; message: string }) => {
      output.set(resolve(file), `${output.get(resolve(file)) ?? ''}${message}`.slice(-20_000));
    });
  stream.on('test:summary', (summary: Summary) => {
    const { file, counts, duration_ms: took, success } = summary;
    if (file !== undefined) {
      const mark = success ? '✔' : '✖';
      process.stdout.write(
        `${mark} ${relative('.', file)}  ${counts.passed} passed  ${Math.round(took)} ms\n`,
      );
      return;
    }
    tally.passed += counts.passed;
    tally.failed += counts.failed + counts.cancelled;
  });
  stream.resume();
  await new Promise((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('error', reject);
  });
  for (const file of failing) {
    const said = output.get(file);
    if (said !== undefined)
      process.stdout.write(`\n${relative('.', file)} wrote:\n${indented(said)}\n`);
  }
  return { ...tally, skipped };
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
