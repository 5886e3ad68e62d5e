import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readVersion, withVersion } from './adopted.ts';
import { parseAgreement } from './agreements.ts';
import { checkDraft } from './draft.ts';
import { parseYaml } from './yaml-source.ts';
import { valuesIn } from './yaml-bounds.ts';

const lines = (line: (at: number) => string): ((length: number) => string) => {
  return (length) => {
    let text = '';
    for (let at = 0; text.length < length; at += 1) text += line(at);
    return text.slice(0, length);
  };
};
const whole = (text: string) => (): string => text;
const HEAD = 'label: x\nvalidFrom: 2027-01-01\nreplaces:\n';
const under = (more: (length: number) => string) => (length: number) => HEAD + more(length);

/** Texts that take long out of all proportion, each as long as it may be. */
const COSTLY: Readonly<Record<string, (length: number) => string>> = {
  'flow in flow': (length) => '['.repeat(length),
  'flow in flow that ends': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
  'maps in maps': lines(() => '{a: '),
  'lists in lists': lines(() => '- '),
  'keys that are maps': lines(() => '? '),
  'ever deeper': lines((at) => `${' '.repeat(at)}a:\n`),
  quotes: lines(() => '"'),
  keys: lines((at) => `k${at}: 1\n`),
  'keys in flow': (length) => `{${lines((at) => `k${at}: 1,`)(length - 2)}}`,
  pieces: under(lines((at) => `  k${at}.a: 1\n`)),
  calendars: under(lines((at) => `  calendars.k${at}: 1\n`)),
  rules: under(lines((at) => `  maintenance.k${at}: 1\n`)),
  'a long path': under((length) => `  calendars${'.a'.repeat(length / 2 - 50)}: 1\n`),
  anchors: lines((at) => `- &a${at} x\n- *a${at}\n`),
  'aliases of nothing': lines(() => '- *a\n'),
  'one alias a hundred times': (length) =>
    `a: &a [${'x,'.repeat(length / 2 - 400)}]\nb: [${Array(99).fill('*a').join(',')}]\n`,
  'a billion laughs': whole(
    `a0: &a0 [${Array(10).fill('x').join(',')}]\n` +
      lines((at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(',')}]\n`)(3000),
  ),
  'a list that holds itself': whole('groups: &a [*a]\n'),
  comments: lines(() => '#\n'),
  tags: lines(() => '- !!binary x\n'),
  directives: lines(() => '%FOO\n'),
  colons: lines(() => ': '),
};
// A shared machine that is busy with other tests takes several times what it takes alone.
const LONGEST_MS = 4000;

const standard = parseAgreement(
  readFileSync(new URL('../../../agreements/standard.yaml', import.meta.url), 'utf8'),
  'standard',
);
const quick = <T>(what: string, work: () => T): T => {
  const { user } = process.cpuUsage();
  const done = work();
  const took = (process.cpuUsage().user - user) / 1000;
  assert.ok(took < LONGEST_MS, `${what}: ${took} ms`);
  return done;
};

describe('a text that somebody sends', () => {
  it('keeps nobody waiting as a version of an agreement, whatever is in it', () => {
    for (const [what, text] of Object.entries(COSTLY))
      quick(what, () => {
        const read = readVersion(text(50_000));
        assert.ok(!read.ok || !withVersion(standard, read.version).ok, what);
      });
  });

  it('keeps nobody waiting as a draft of the settings', () => {
    for (const [what, text] of Object.entries(COSTLY))
      quick(what, () => assert.equal(checkDraft(text(256 * 1024), {}).config, null, what));
  });

  it('holds no character by an escape that it may not hold itself', () => {
    for (const bad of ['\\0', '\\x1b', '\\ud800', '\\uffff']) {
      const read = readVersion(`${HEAD}  severity: [{ means: { nl: "a${bad}", en: x } }]\n`);
      assert.match(JSON.stringify(read), /invisible character|is no valid YAML/, bad);
      assert.equal(read.ok, false, bad);
    }
  });

  it('names no term or figure that takes long to count with', () => {
    for (const piece of [
      `  availability.parts.all.norm: "9.${'9'.repeat(40_000)}"\n`,
      '  maintenance.notice.term: { localDays: 9007199254740991 }\n',
      '  maintenance.notice.term: { hours: 1.0e+300 }\n',
    ]) {
      const read = readVersion(HEAD + piece);
      assert.ok(read.ok);
      assert.equal(withVersion(standard, read.version).ok, false, piece.slice(0, 60));
    }
  });
});

describe('a file of YAML', () => {
  it('has each key once, wherever it stands', () => {
    const read = parseYaml('a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 2\n');
    assert.deepEqual(read.ok ? [] : read.faults.map(({ line, message }) => [line, message]), [
      [6, 'is no valid YAML: Map keys must be unique'],
      [5, 'is no valid YAML: Map keys must be unique'],
    ]);
  });

  it('is counted with what it repeats', () => {
    const read = parseYaml('a: &a [1, 2]\nb: [*a, *a]\n');
    assert.equal(read.ok && valuesIn(read.source.data), 1 + 2 * 1 + 5 + 1 + 2 * 6);
  });
});
