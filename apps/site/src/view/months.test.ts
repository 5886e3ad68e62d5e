import type { PageView } from '@upheld/services/read/page-view.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dictionary } from '../i18n/dictionary.ts';
import { formats } from './format.ts';
import { monthsAround, step } from './months.ts';

const f = formats(dictionary('nl'), 'Europe/Amsterdam');

function view(parts: { createdAt: number; maintenanceUntil?: number }): PageView {
  return {
    generatedAt: Date.UTC(2026, 10, 21),
    groups: [{ components: [{ createdAt: parts.createdAt, availability: [] }] }],
    maintenances: parts.maintenanceUntil === undefined ? [] : [{ to: parts.maintenanceUntil }],
  } as unknown as PageView;
}

for (const [month, by, expected] of [
  ['2026-01', -1, '2025-12'],
  ['2026-12', 1, '2027-01'],
  ['2026-11', -12, '2025-11'],
  ['2026-11', 0, '2026-11'],
] as const)
  test(`${by} months from ${month} is ${expected}`, () => {
    assert.equal(step(month, by), expected);
  });

test('the past goes back a year, and further where a component is older', () => {
  const young = view({ createdAt: Date.UTC(2026, 9, 1) });
  assert.deepEqual(monthsAround('2025-11', young, f), { earlier: null, later: '2025-12' });
  assert.equal(monthsAround('2025-10', young, f), null);
  const old = view({ createdAt: Date.UTC(2024, 0, 15) });
  assert.deepEqual(monthsAround('2024-01', old, f), { earlier: null, later: '2024-02' });
  assert.equal(monthsAround('2023-12', old, f), null);
});

test('the future goes as far as a maintenance is announced', () => {
  const createdAt = Date.UTC(2026, 9, 1);
  assert.deepEqual(monthsAround('2026-11', view({ createdAt }), f), {
    earlier: '2026-10',
    later: null,
  });
  assert.equal(monthsAround('2026-12', view({ createdAt }), f), null);
  const announced = view({ createdAt, maintenanceUntil: Date.UTC(2027, 0, 3) });
  assert.deepEqual(monthsAround('2026-12', announced, f), { earlier: '2026-11', later: '2027-01' });
});

test('the month is that of the zone of the page', () => {
  const turn = {
    ...view({ createdAt: Date.UTC(2026, 9, 1) }),
    generatedAt: Date.UTC(2026, 10, 30, 23, 30),
  };
  assert.notEqual(monthsAround('2026-12', turn, f), null);
});
