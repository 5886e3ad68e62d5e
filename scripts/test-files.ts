import { globSync, readFileSync } from 'node:fs';

export interface TestGroup {
  name: string;
  files: string[];
  /** How many files run at once, given the machine's cores. */
  concurrency(cores: number): number;
  needsSite?: boolean;
}

const find = (...patterns: string[]): string[] =>
  globSync(patterns, { exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path) }).sort();

/** A test that asks the testkit for databases, or starts processes, is no unit test. */
function needsMoreThanItself(file: string): boolean {
  return /testkit\/(src\/)?(databases|postgres-server)\.ts'|'node:child_process'/.test(
    readFileSync(file, 'utf8'),
  );
}

function needsSite(file: string): boolean {
  return /(site\/src\/mount|compose\/serve|upheld\.mjs|startProduct)/.test(
    readFileSync(file, 'utf8'),
  );
}

/** Every test of the tree, each in one group; `npm run verify` runs the first. */
export function testGroups(): readonly TestGroup[] {
  const inPackages = find('{packages,apps}/*/{src,test}/**/*.test.ts');
  const unit = inPackages.filter((file) => !needsMoreThanItself(file) && !needsSite(file));
  const browser = find('test/browser/**/*.test.ts');
  const acceptance = find('test/{acceptance,chaos}/**/*.test.ts');
  return [
    { name: 'unit', files: unit, concurrency: (cores) => cores },
    {
      name: 'contract',
      files: inPackages.filter((file) => !unit.includes(file)),
      concurrency: (cores) => Math.max(1, Math.min(4, cores)),
      needsSite: true,
    },
    {
      name: 'whole',
      files: find('test/**/*.test.ts').filter((f) => ![...browser, ...acceptance].includes(f)),
      concurrency: (cores) => Math.max(1, Math.floor(cores / 2)),
      needsSite: true,
    },
    { name: 'acceptance', files: acceptance, concurrency: () => 1, needsSite: true },
    { name: 'browser', files: browser, concurrency: () => 1, needsSite: true },
  ];
}
