import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FactsPeriod } from './facts.ts';
import { parsePeriod, periodText } from './period-text.ts';

const PERIODS: Readonly<Record<string, FactsPeriod>> = {
  'rolling-12-months:2026-11-01T00:00:00+01:00': {
    kind: 'rolling-12-months',
    endingAt: '2026-11-01T00:00:00+01:00',
  },
  '2026': { kind: 'calendar-year', year: 2026 },
  '2026-10': { kind: 'calendar-month', month: '2026-10' },
  'contract-year:2024-03-01:2': { kind: 'contract-year', start: '2024-03-01', nth: 2 },
  '2026-11-01T00:00:00Z/2026-11-08T00:00:00Z': {
    kind: 'range',
    from: '2026-11-01T00:00:00Z',
    to: '2026-11-08T00:00:00Z',
  },
};

test('a word stands for a period, and back', () => {
  for (const [text, period] of Object.entries(PERIODS)) {
    assert.deepEqual(parsePeriod(text), period);
    assert.equal(periodText(period), text);
  }
});

test('another word stands for none', () => {
  for (const text of [
    '',
    'rolling-12-months',
    '26',
    '2026-13',
    '0000',
    '0000-01',
    'contract-year:0000-01-01:1',
    'rolling-12-months:0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z/0001-02-01T00:00:00Z',
    'contract-year:2024-02-30:1',
    '2026-11-01/2026-11-08',
    '2010-01-01T00:00:00Z/2026-01-01T00:00:00Z',
  ])
    assert.equal(parsePeriod(text), null, text);
});
