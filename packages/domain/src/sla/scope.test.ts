import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openBetween } from '../time/calendar.ts';
import { formatInstant, parseInstant } from '../time/zoned.ts';
import { parseFacts } from './parse-facts.ts';
import { rulesUnder } from './rules.ts';

const book = loadAgreementBook();

/** What each contract is about, and what it says it is not about. */
const SCOPE: Readonly<Record<string, { covers: readonly string[]; not: readonly string[] }>> = {
  flexkids: {
    covers: ['online', 'portals', 'apps', 'hub', 'external'],
    not: ['consultancy', 'training', 'own-installation', 'test-environment'],
  },
  'fundament-it': { covers: ['saas'], not: ['trial', 'beta', 'consultancy'] },
  'infravision-cloud': { covers: ['iv-cloud'], not: ['xurrent', 'iv-onpremise'] },
  'infravision-onpremise': { covers: ['iv-onpremise'], not: ['xurrent', 'iv-cloud'] },
  intramed: { covers: ['intramed'], not: ['intramed-online'] },
  'intramed-online': { covers: ['intramed-online'], not: ['intramed'] },
  spotonmedics: {
    covers: ['fysioone', 'intelligence', 'ketenone'],
    not: ['financieel', 'personeel', 'declaratieservices', 'consultancy'],
  },
};

suite('a shipped agreement judges what its contract covers, and nothing else:', () => {
  const faultsOf = (agreement: string, component: string): string[] => {
    const period = { kind: 'calendar-month', month: '2026-06' };
    const parsed = parseFacts({ agreement, component, period }, book);
    return parsed.ok ? [] : parsed.faults.map(({ path }) => path);
  };
  for (const [agreement, { covers, not }] of Object.entries(SCOPE))
    test(agreement, () => {
      const listed = book.get(agreement).components.map(({ id }) => id);
      assert.deepEqual(listed, covers);
      for (const component of covers) assert.deepEqual(faultsOf(agreement, component), []);
      for (const component of not)
        assert.deepEqual(faultsOf(agreement, component), ['component'], component);
    });
});

test('the telephone is answered in the hours that the contract names', () => {
  const spans = (agreement: string, calendar: string, from: string, to: string): string[] =>
    openBetween(
      rulesUnder(book.get(agreement)).calendar(calendar),
      parseInstant(from),
      parseInstant(to),
    ).map((span) => `${formatInstant(span.from)} ${formatInstant(span.to)}`);
  const week = ['2026-06-10T22:00:00Z', '2026-06-13T22:00:00Z'] as const;
  assert.deepEqual(spans('flexkids', 'telephone', ...week), [
    '2026-06-11T07:00:00Z 2026-06-11T14:30:00Z',
    '2026-06-12T07:00:00Z 2026-06-12T14:00:00Z',
  ]);
  for (const agreement of ['intramed', 'intramed-online']) {
    assert.deepEqual(
      spans(agreement, 'telephone', ...week),
      spans(agreement, 'opening', ...week),
      agreement,
    );
    assert.deepEqual(spans(agreement, 'email', ...week), [week.join(' ')]);
  }
});
