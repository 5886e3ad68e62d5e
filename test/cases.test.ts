import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runStatement } from 'upheld/commands/statement.ts';

/*
 * Worked cases: facts, and the part of the statement that must match. Our own stand in test/cases;
 * where a folder shared/cases lies beside the project, those are run as well.
 */

interface Case {
  id: string;
  title: string;
  facts: unknown;
  expect: unknown;
}

interface BadCase {
  id: string;
  why: string;
  facts: unknown;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = [join(root, 'test/cases'), join(root, '../shared/cases')].filter(existsSync);

function casesIn<T>(folder: string): T[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T);
}

interface Ran {
  code: number;
  out: string[];
  err: string[];
}

async function run(texts: readonly string[]): Promise<Ran> {
  const cwd = mkdtempSync(join(tmpdir(), 'upheld-cases-'));
  try {
    const files = texts.map((text, index) => {
      writeFileSync(join(cwd, `${index}.json`), text);
      return `${index}.json`;
    });
    const out: string[] = [];
    const err: string[] = [];
    const code = await runStatement(
      { files },
      {
        cwd,
        stdin: () => Promise.resolve(''),
        out: (text) => out.push(text),
        err: (text) => err.push(text),
      },
    );
    return { code, out, err };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Objects match when every expected key matches, lists element by element. */
function mismatches(expected: unknown, actual: unknown, path = ''): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [`${path}: expected ${expected.length} items, got ${JSON.stringify(actual)}`];
    return expected.flatMap((item, index) => mismatches(item, actual[index], `${path}[${index}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    const given = (actual ?? {}) as Record<string, unknown>;
    return Object.entries(expected).flatMap(([key, value]) =>
      mismatches(value, given[key], `${path}.${key}`),
    );
  }
  if (expected === actual) return [];
  return [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

for (const folder of folders) {
  suite(`worked cases of ${folder.includes('shared') ? 'shared/cases' : 'test/cases'}`, () => {
    for (const one of casesIn<Case>(folder))
      test(`${one.id}: ${one.title}`, async () => {
        const { code, out, err } = await run([JSON.stringify(one.facts)]);
        assert.deepEqual({ code, err, lines: out.length }, { code: 0, err: [], lines: 1 });
        assert.deepEqual(mismatches(one.expect, JSON.parse(out[0] ?? '')), []);
      });

    test('all of them on one command line give one statement a line, in order', async () => {
      const cases = casesIn<Case>(folder);
      const { code, out } = await run(cases.map((one) => JSON.stringify(one.facts)));
      assert.equal(code, 0);
      assert.deepEqual(
        cases.map((one, index) => mismatches(one.expect, JSON.parse(out[index] ?? ''))),
        cases.map(() => []),
      );
    });

    for (const one of casesIn<BadCase>(join(folder, 'bad')))
      test(`${one.id} is refused: ${one.why}`, async () => {
        const text = typeof one.facts === 'string' ? one.facts : JSON.stringify(one.facts);
        const { code, out, err } = await run([text]);
        assert.deepEqual({ code, out }, { code: 2, out: [] });
        assert.equal(err.length, 1, err.join('\n'));
        assert.match(err[0] ?? '', /^0\.json: \S+ .+/);
      });
  });
}

test('one unusable file among good ones leaves standard output empty', async () => {
  const [good] = casesIn<Case>(join(root, 'test/cases'));
  const { code, out, err } = await run([JSON.stringify(good?.facts), '[]']);
  assert.equal(code, 2);
  assert.deepEqual(out, []);
  assert.match(err[0] ?? '', /^1\.json: /);
});
