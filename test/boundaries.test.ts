import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { ESLint } from 'eslint';

/** Plants files in the tree, and takes them away again whatever happens. */
function planted<T>(files: Readonly<Record<string, string>>, look: () => T): T {
  try {
    for (const [path, text] of Object.entries(files)) writeFileSync(path, text, { flag: 'wx' });
    return look();
  } finally {
    for (const path of Object.keys(files)) rmSync(path, { force: true });
  }
}

function violations(...paths: string[]): string[] {
  const { stdout } = spawnSync(
    'depcruise',
    ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...paths],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const report = JSON.parse(stdout) as {
    summary: { violations: { from: string; to: string; rule: { name: string } }[] };
  };
  return report.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`);
}

describe('import directions', () => {
  it('hold in the whole tree', () => {
    assert.deepEqual(violations('apps', 'packages'), []);
  });

  const wrong: readonly [rule: string, file: string, text: string][] = [
    ['domain-is-pure', 'packages/domain/src/zz-planted.ts', "import 'node:fs';"],
    ['domain-is-pure', 'packages/domain/src/zz-planted.ts', "import '@upheld/db/database.ts';"],
    [
      'config-knows-only-the-domain',
      'packages/config/src/zz-planted.ts',
      "import '@upheld/db/kit.ts';",
    ],
    [
      'services-below-apps',
      'packages/services/src/zz-planted.ts',
      "import '../../../apps/upheld/src/io.ts';",
    ],
    [
      'apps-touch-db-only-in-composition-roots',
      'apps/upheld/src/zz-planted.ts',
      "import '@upheld/db/open.ts';",
    ],
    ['one-importer-of-drizzle', 'apps/upheld/src/zz-planted.ts', "import 'drizzle-orm';"],
    ['one-importer-of-luxon', 'packages/domain/src/zz-planted.ts', "import 'luxon';"],
    [
      'testkit-is-for-tests',
      'packages/services/src/zz-planted.ts',
      "import '@upheld/testkit/clock.ts';",
    ],
  ];
  for (const [rule, file, text] of wrong)
    it(`are broken by a file with ${text} in ${file}`, () => {
      const found = planted({ [file]: `${text}\n` }, () => violations(file));
      assert.ok(
        found.some((line) => line.startsWith(`${rule}: ${file}`)),
        `${rule} was not found in ${JSON.stringify(found)}`,
      );
    });

  it('are broken by two files that import each other', () => {
    const [a, b] = ['packages/domain/src/zz-a.ts', 'packages/domain/src/zz-b.ts'];
    const files = { [a]: "import './zz-b.ts';\n", [b]: "import './zz-a.ts';\n" };
    const found = planted(files, () => violations(a));
    assert.ok(found.some((line) => line.startsWith('no-circular')));
  });
});

describe('lint rules of our own', () => {
  const eslint = new ESLint();
  const planting = 'packages/services/src/zz-planted.ts';
  after(() => rmSync(planting, { force: true }));

  type Linter = (text: string) => Promise<readonly (string | null)[]>;

  const house: Linter = async (text) => {
    writeFileSync(planting, text);
    const results = await eslint.lintFiles([planting]);
    return results.flatMap((result) => result.messages.map((message) => message.ruleId));
  };
  const typed: Linter = (text) => {
    writeFileSync(planting, text);
    const options = ['--type-aware', '--format', 'json', planting];
    const { stdout } = spawnSync('oxlint', options, { encoding: 'utf8' });
    const report = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
    return Promise.resolve(report.diagnostics.map(({ code }) => code));
  };

  const wrong: readonly [linter: Linter, rule: string, text: string][] = [
    [house, 'no-restricted-syntax', "export const port = process.env['PORT'];\n"],
    [house, 'no-restricted-syntax', 'export const now = (): number => Date.now();\n'],
    [house, 'no-restricted-syntax', 'export const now = (): Date => new Date();\n'],
    [
      house,
      'no-restricted-syntax',
      "import type { Database } from '@upheld/db/database.ts';\nexport const isFile = (db: Database): boolean => db.dialect === 'sqlite';\n",
    ],
    [
      typed,
      'typescript(no-floating-promises)',
      'export const forget = (): void => {\n  Promise.resolve();\n};\n',
    ],
    [typed, 'eslint(max-lines)', `export const lines = [\n${'  1,\n'.repeat(300)}];\n`],
  ];
  for (const [refused, rule, text] of wrong)
    it(`refuse ${text.slice(0, 60).replaceAll('\n', ' ')}`, async () => {
      assert.ok((await refused(text)).includes(rule), rule);
    });

  it('accept the same file without a violation (control)', async () => {
    const fine = 'export const fine = (now: number): number => now + 1;\n';
    assert.deepEqual([...(await house(fine)), ...(await typed(fine))], []);
  });
});
