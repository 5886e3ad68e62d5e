import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const TABLE = new URL('../../docs/attacks.md', import.meta.url);

test('the table of attacks names tests that there are, and each of this folder', () => {
  const named = [...readFileSync(TABLE, 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(
    ([, to = '']) => to,
  );
  assert.ok(named.length > 40);
  for (const path of named) assert.ok(existsSync(new URL(path, TABLE)), path);
  for (const file of globSync('*.test.ts', { cwd: import.meta.dirname }))
    assert.ok(file === 'table.test.ts' || named.includes(`../test/attack/${file}`), file);
});
