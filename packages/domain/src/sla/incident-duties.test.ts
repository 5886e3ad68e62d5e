import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant } from '../time/zoned.ts';
import { dutiesOn } from './incident-duties.ts';

const book = loadAgreementBook();
const at = Date.parse('2026-01-31T02:10:00Z');

test('a top incident of Infravision owes an analysis one local month after it is registered', () => {
  const [duty, ...more] = dutiesOn(book.get('infravision-cloud'), {
    event: 'incident-registered',
    at,
    level: 'top',
  });
  assert.equal(more.length, 0);
  assert.deepEqual(
    { id: duty?.id, owes: duty?.owes, clause: duty?.clause, due: formatInstant(duty?.dueAt ?? 0) },
    // 31 January and a month is the last day of February, at the same time on the clock.
    { id: 'rca-top', owes: 'rca-report', clause: '2.3, 3.3', due: '2026-02-28T02:10:00Z' },
  );
  const high = { event: 'incident-registered', at, level: 'high' } as const;
  assert.deepEqual(dutiesOn(book.get('infravision-cloud'), high), []);
});

test('a month over the change of the clock ends at the same local time', () => {
  const march = Date.parse('2026-03-10T02:10:00Z');
  const [duty] = dutiesOn(book.get('infravision-onpremise'), {
    event: 'incident-registered',
    at: march,
    level: 'top',
  });
  assert.equal(formatInstant(duty?.dueAt ?? 0), '2026-04-10T01:10:00Z');
});

test('SpotOnMedics is told of another category, without a term, and of force majeure at once', () => {
  const agreement = book.get('spotonmedics');
  const changed = dutiesOn(agreement, { event: 'severity-changed', at, level: 'b' });
  assert.deepEqual(
    changed.map(({ id, owes, dueAt, to }) => ({ id, owes, dueAt, to })),
    [{ id: 'recategorisation-told', owes: 'notice', dueAt: null, to: 'the practice' }],
  );
  const cause = dutiesOn(agreement, { event: 'cause-established', at, cause: 'force-majeure' });
  assert.deepEqual(
    cause.map(({ id, dueAt }) => ({ id, dueAt })),
    [{ id: 'force-majeure-told', dueAt: at }],
  );
  assert.deepEqual(dutiesOn(agreement, { event: 'cause-established', at, cause: 'internal' }), []);
});

test('an agreement without such a rule owes nothing', () => {
  for (const event of ['incident-registered', 'severity-changed', 'cause-established'] as const)
    assert.deepEqual(dutiesOn(book.get('standard'), { event, at, level: 'outage' }), []);
});
