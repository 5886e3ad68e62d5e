import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  faultsOf,
  mapDocument,
  type ClauseDocument,
  type ClauseEntry,
  type ClauseSources,
} from '../scripts/clause-map.ts';
import { pageOf, unexplained, unproven } from '../scripts/clause-page.ts';
import { overlaps, readClauses } from '../scripts/clause-reference.ts';
import { rulesOf } from '../scripts/clause-rules.ts';
import { loadSources, sharedIndex } from '../scripts/clause-sources.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const numbers = (text: string): string[] => readClauses(text).map(({ number }) => number);

suite('the clause map of this project', () => {
  const sources = loadSources(root);

  test('says of every clause where it is carried or shown, or why not', () => {
    assert.deepEqual(faultsOf(sources), []);
  });

  test('has a case or a test for every clause that is judged', () => {
    assert.deepEqual(unproven(sources), []);
    // Without the worked cases some would have none.
    assert.notDeepEqual(unproven({ ...sources, cases: [] }), []);
  });

  test('says of every clause what shows it, or why nothing can', () => {
    assert.deepEqual(unexplained(sources), []);
  });

  test('is published as it is now (npm run clauses renews it)', () => {
    assert.equal(readFileSync(join(root, 'docs/clauses.md'), 'utf8'), pageOf(sources));
  });

  test('is of every agreement but the standard one, which is ours', () => {
    const mapped = sources.documents.flatMap((document) => document.agreements).sort();
    const shipped = [...sources.agreements.keys()].filter((id) => id !== 'standard').sort();
    assert.deepEqual(mapped, shipped);
  });

  const index = sharedIndex(root);
  test(
    'knows the cases beside the project',
    { skip: index === null && 'there are none beside this checkout' },
    () => {
      const path = join(root, 'docs/clauses/shared-cases.json');
      assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), index);
    },
  );
});

suite('a list of clauses', () => {
  test('is read with its ranges and parts', () => {
    assert.deepEqual(numbers('6.8, 7.1'), ['6.8', '7.1']);
    assert.deepEqual(numbers('10.5-10.7'), ['10.5', '10.6', '10.7']);
    assert.deepEqual(numbers('7.3.6, 8.5.1-8.5.3'), ['7.3.6', '8.5.1', '8.5.2', '8.5.3']);
    assert.deepEqual(readClauses('12.5, A-1 (i)'), [
      { number: '12.5', part: '' },
      { number: 'A-1', part: '(i)' },
    ]);
  });

  test('does not run backwards or from one chapter into another', () => {
    for (const text of ['10.7-10.5', '3.1-4.2', '3.1-3.1'])
      assert.throws(() => readClauses(text), RangeError, text);
  });

  test('meets a clause that is the same, or a part or the whole of it', () => {
    const meets = (one: string, other: string): boolean =>
      readClauses(one).some((a) => readClauses(other).some((b) => overlaps(a, b)));
    assert.ok(meets('2.3 A', '2.3 A'));
    assert.ok(meets('2.3', '2.3 A'));
    assert.ok(meets('2.3 A', '2.3'));
    assert.ok(!meets('2.3 A', '2.3 B'));
    assert.ok(!meets('2.3', '2.3.1'));
    assert.ok(!meets('1.1', '1.10'));
  });
});

test('the rules of an agreement are found by their clause, wherever they are', () => {
  const rules = rulesOf('one', {
    version: { changes: 'By mail (9).' },
    components: [{ id: 'shop', note: 'With the till (1.2).' }],
    severity: [{ id: 'down', clause: '2' }],
    availability: { clause: '3', parts: { all: { clause: '3.1' } } },
    outside: [{ name: 'Advice', clause: '1.3' }],
    readings: { W1: { clause: '4', options: { a: { replaces: { zone: { clause: '5' } } } } } },
    notes: 'Nothing (8).',
  });
  assert.deepEqual(
    rules.map(({ path, clauses }) => `${path} ${clauses.map(({ number }) => number).join()}`),
    [
      'version.changes 9',
      'components.shop 1.2',
      'severity.down 2',
      'availability 3',
      'availability.parts.all 3.1',
      'outside.Advice 1.3',
      'readings.W1 4',
    ],
  );
});

suite('a fault of the map is named:', () => {
  const carried: ClauseEntry = { clause: '1', says: 'Up.' };
  const agreement = { availability: { clause: '1' } };

  function faults(
    clauses: ClauseEntry[],
    others: Partial<ClauseSources> & { document?: Partial<ClauseDocument> } = {},
  ): string[] {
    const document = { document: 'Doc', cases: 'Doc', agreements: ['one'], clauses };
    return faultsOf({
      agreements: new Map([['one', agreement]]),
      cases: [],
      exists: (path) => path === 'there.ts',
      ...others,
      documents: [{ ...document, ...others.document }],
    });
  }

  test('none where a rule carries the clause', () => {
    assert.deepEqual(faults([carried]), []);
  });

  test('a clause that nothing carries', () => {
    assert.deepEqual(faults([carried, { clause: '2', part: 'b', says: 'Fast.' }]), [
      'Doc: 2 (b): no rule names it, and it says neither where it is shown nor why not',
    ]);
    assert.deepEqual(faults([carried, { clause: '2', says: 'Fast.', not: 'Advice.' }]), []);
    const shown = { how: 'a page', files: ['there.ts'] };
    assert.deepEqual(faults([carried, { clause: '2', says: 'Fast.', shown }]), []);
  });

  test('a rule that names a clause the contract does not have', () => {
    const agreements = new Map([['one', { ...agreement, performance: { clause: '1, 7' } }]]);
    assert.deepEqual(faults([carried], { agreements }), [
      'Doc: one: performance names 7, which is not listed',
    ]);
    const part = new Map([['one', { ...agreement, performance: { clause: '1 b' } }]]);
    assert.deepEqual(faults([carried], { agreements: part }), [
      'Doc: one: performance names 1 b, which is not listed',
    ]);
  });

  test('an unknown clause in an agreement that is shipped', () => {
    const sources = loadSources(root);
    const flexkids = sources.agreements.get('flexkids') as Record<string, unknown>;
    const planted = { ...flexkids, performance: { limitMs: 2000, clause: '3.8.9' } };
    const agreements = new Map([...sources.agreements, ['flexkids', planted]]);
    assert.deepEqual(
      faultsOf({ ...sources, agreements }).filter((fault) => fault.includes('not listed')),
      ['Flexkids: flexkids: performance names 3.8.9, which is not listed'],
    );
  });

  test('a rule for a clause of which it is said that software cannot carry it', () => {
    assert.deepEqual(faults([{ ...carried, not: 'Advice.' }]), [
      'Doc: one: availability is in no clause that it names',
    ]);
  });

  test('a clause with a test that does not exist', () => {
    assert.deepEqual(faults([{ ...carried, tests: ['there.ts', 'gone.test.ts'] }]), [
      'Doc: 1: there is no file gone.test.ts',
    ]);
  });

  test('a clause that is shown and is said not to be', () => {
    const shown = { how: 'a page', files: ['there.ts'] };
    assert.deepEqual(faults([carried, { clause: '2', says: 'Fast.', shown, not: 'Advice.' }]), [
      'Doc: 2: claims rules or where it is shown, and says why not',
    ]);
  });

  test('a rule that is asked for and does not name the clause', () => {
    const rules = ['availability', 'tickets'];
    assert.deepEqual(faults([{ ...carried, rules }]), ['Doc: 1: no rule tickets names it']);
  });

  test('a file, a case and an agreement that do not exist', () => {
    const shown = { how: 'a page', files: ['there.ts', 'gone.ts'], tests: ['gone.test.ts'] };
    assert.deepEqual(faults([{ ...carried, shown, cases: ['c1'] }]), [
      'Doc: 1: there is no case c1',
      'Doc: 1: there is no file gone.ts',
      'Doc: 1: there is no file gone.test.ts',
    ]);
    assert.deepEqual(faults([carried], { document: { agreements: ['one', 'two'] } }), [
      'Doc: there is no agreement "two"',
    ]);
  });

  test('a case about a clause that is not listed', () => {
    const cases = [
      { id: 'c1', clause: 'Doc 1' },
      { id: 'c2', clause: 'Doc 8' },
      { id: 'c3', clause: 'Other 8' },
    ];
    assert.deepEqual(faults([carried], { cases }), ['Doc: case c2 names 8, which is not listed']);
  });
});

test('a row with neither a test nor a reason is refused', () => {
  const clauses: ClauseEntry[] = [
    { clause: '1', says: 'Up.' },
    { clause: '2', says: 'Fast.', tests: ['a.test.ts'] },
    { clause: '3', part: 'b', says: 'Safe.', unseen: 'People see to it.' },
    { clause: '4', says: 'Kind.', not: 'Advice.' },
    { clause: '5', part: 'c', says: 'Large.', shown: { how: 'a page', files: ['a.ts'] } },
  ];
  const document = { document: 'Doc', cases: 'Doc', agreements: [], clauses };
  const sources = { documents: [document], agreements: new Map(), cases: [], exists: () => true };
  assert.deepEqual(unexplained(sources), ['Doc: 1', 'Doc: 5 c']);
});

test('cases show the clauses that they name, unless an entry says which do', () => {
  const document: ClauseDocument = {
    document: 'Doc',
    cases: 'Doc',
    agreements: [],
    clauses: [
      { clause: '1-2', says: 'Up.', not: 'No.' },
      { clause: '3', says: 'Fast.', not: 'No.', cases: ['c1'] },
    ],
  };
  const cases = [
    { id: 'c1', clause: 'Doc 2, 4' },
    { id: 'c2', clause: 'Doc 3' },
  ];
  const sources = { documents: [document], agreements: new Map(), cases, exists: () => true };
  const shown = mapDocument(document, sources).map((clause) => clause.cases.map(({ id }) => id));
  assert.deepEqual(shown, [['c1'], ['c1']]);
});
