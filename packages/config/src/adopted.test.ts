import { soundFacts } from '@upheld/domain/sla/facts-arbitrary.case.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { adoptedBook, readVersion, withAdopted } from './adopted.ts';
import { publicTextOf } from './agreement-text.ts';
import { loadAgreementBook, parseAgreement } from './agreements.ts';

const RUNS = Number(process.env['UPHELD_PROPERTY_RUNS'] ?? 60);
const shipped = new URL('../../../agreements/', import.meta.url);
const base = readFileSync(new URL('standard.yaml', shipped), 'utf8').replace(
  'components: any',
  'components: [{ id: shop, name: Shop }]',
);
const ours = (text = base): Agreement => parseAgreement(text, 'ours.yaml');
const item = (validFrom: string, replaces: object, label = validFrom): string =>
  stringify({ label, validFrom, replaces });
const adopted = (source: string, id = source) => ({
  id,
  source,
  validFrom: /validFrom: ([\d-]+)/.exec(source)?.[1] ?? '',
});
const NORM = 'availability.parts.all.norm';

test('an adopted version gives the statement that the same item in the file gives', () => {
  const file = ours();
  const pieces = fc.record(
    {
      [NORM]: fc.constantFrom('99', '99.99', '42.5'),
      'maintenance.notice.term': fc.constantFrom({ hours: 1 }, { localDays: 5 }, { localWeeks: 2 }),
      'maintenance.kinds.planned': fc.constantFrom(
        { judged: 'counts', clause: '4' },
        { judged: 'by-notice', qualifies: 'all-work', late: 'qualifies', clause: '4' },
      ),
      'causes.excluded': fc.constantFrom({}, { internet: { clause: '3' } }),
    },
    { requiredKeys: [] },
  );
  const year = fc.integer({ min: 2015, max: 2035 });
  fc.assert(
    fc.property(
      soundFacts([file]),
      fc.uniqueArray(year, { minLength: 1, maxLength: 3 }),
      fc.array(pieces, { minLength: 3, maxLength: 3 }),
      (facts, years, replaces) => {
        const items = years
          .sort((a, b) => a - b)
          .map((one, index) => item(`${one}-03-01`, replaces[index] ?? {}));
        const { agreement, leftOut } = withAdopted(
          file,
          items.toReversed().map((one) => adopted(one)),
        );
        assert.deepEqual(leftOut, []);
        const listed = items.map((one) => `  - ${one.trim().replaceAll('\n', '\n    ')}\n`);
        const byHand = ours(`${base}\nversions:\n${listed.join('')}`);
        const expected = statement(facts, byHand);
        assert.deepEqual(statement(facts, agreement), expected);
        assert.deepEqual(statement(facts, ours(publicTextOf(agreement))), expected);
      },
    ),
    { numRuns: RUNS },
  );
});

test('the file that is downloaded keeps its comments and says what was adopted at its place', () => {
  const text = `${base}
versions:
  # Agreed with the works council.
  - { label: b, validFrom: 2028-01-01, replaces: { ${NORM}: '99' } }
`;
  const { agreement } = withAdopted(ours(text), [
    adopted(item('2027-01-01', { [NORM]: '98' }, 'a')),
  ]);
  const shown = publicTextOf(agreement);
  assert.match(shown, /# What a new installation starts from/);
  assert.match(shown, /# Agreed with the works council/);
  assert.deepEqual(
    ours(shown).document.versions.map(({ label }) => label),
    ['a', 'b'],
  );
});

test('what was agreed with single customers is left out of it', () => {
  const text = `${base}
customers:
  acme: { source: A letter, replaces: { ${NORM}: '90' } }
`;
  const { agreement } = withAdopted(ours(text), [adopted(item('2027-01-01', { [NORM]: '98' }))]);
  const shown = publicTextOf(agreement);
  assert.doesNotMatch(shown, /acme|A letter/);
  assert.equal(ours(shown).document.versions.length, 1);
  assert.equal(agreement.document.customers['acme']?.source, 'A letter');
});

test('the file wins where it speaks of the same day', () => {
  const text = `${base}\nversions:\n  - { label: file, validFrom: 2027-01-01, replaces: {} }\n`;
  const one = adopted(item('2027-01-01', { [NORM]: '98' }));
  const { agreement, leftOut } = withAdopted(ours(text), [one]);
  assert.equal(agreement.document.versions[0]?.label, 'file');
  assert.deepEqual(leftOut, [
    { adopted: one, why: 'validFrom is the day of another version already; choose another' },
  ]);
});

test('one that the file does not bear any more is left out, and the others hold', () => {
  const items = [
    item('2027-01-01', { 'compensation.below': '98' }),
    item('2028-01-01', { [NORM]: '98' }),
    'no version at all',
  ].map((one) => adopted(one));
  const { agreement, leftOut } = withAdopted(ours(), items);
  assert.deepEqual(
    agreement.document.versions.map(({ validFrom }) => validFrom),
    ['2028-01-01'],
  );
  assert.equal(leftOut.length, 2);
  assert.match(leftOut.map(({ why }) => why).join('\n'), /there is no "compensation"/);
});

test('a version that begins before the file does is left out', () => {
  const text = base.replace(
    "version: { label: '1' }",
    "version: { label: '2', validFrom: 2027-06-01 }",
  );
  const { leftOut } = withAdopted(ours(text), [adopted(item('2027-01-01', {}))]);
  assert.match(leftOut[0]?.why ?? '', /validFrom is not after 2027-06-01/);
});

test('a version is read as an item of the list too', () => {
  const read = readVersion("- label: '2027'\n  validFrom: 2027-01-01\n  replaces: {}\n");
  assert.equal(read.ok && read.version.label, '2027');
  const two = readVersion('- { label: a }\n- { label: b }\n');
  assert.match(two.ok ? '' : (two.faults[0]?.message ?? ''), /is a list; write keys with values/);
});

test('an agreement of which nothing was adopted is the very one of the file', () => {
  const files = loadAgreementBook();
  const book = adoptedBook(files, new Map([['standard', [adopted(item('2027-01-01', {}))]]]));
  assert.equal(book.get('spotonmedics'), files.get('spotonmedics'));
  assert.notEqual(book.get('standard'), files.get('standard'));
  assert.equal(book.get('standard'), book.get('standard'));
});
