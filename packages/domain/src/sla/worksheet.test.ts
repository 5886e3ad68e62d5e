import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accountOf } from './account.ts';
import { readAgreement } from './agreement.ts';
import type { Facts } from './facts.ts';
import { soundFacts } from './facts-arbitrary.case.ts';
import { worksheetOf } from './worksheet.ts';

const book = loadAgreementBook();
const sheet = (facts: Facts) => worksheetOf(accountOf(facts, book.get(facts.agreement)));

const FACTS: Facts = {
  agreement: 'fundament-it',
  component: 'saas',
  period: { kind: 'range', from: '2026-06-01T00:00:00+02:00', to: '2026-07-01T00:00:00+02:00' },
  outages: [
    {
      id: 'O',
      from: '2026-06-06T19:00:00+02:00',
      to: '2026-06-07T00:00:00+02:00',
      severity: 'standstill',
    },
    {
      id: 'X',
      from: '2026-06-06T19:00:00+02:00',
      to: '2026-06-06T20:00:00+02:00',
      severity: 'standstill',
      cause: 'internet',
    },
  ],
  maintenances: [
    {
      id: 'M',
      kind: 'planned',
      announcements: [
        {
          at: '2026-06-06T09:00:00+02:00',
          from: '2026-06-06T22:00:00+02:00',
          to: '2026-06-07T00:00:00+02:00',
        },
      ],
    },
  ],
};

test('each interval names the record and the clause that put it there', () => {
  const [part] = sheet(FACTS).parts;
  assert.deepEqual(
    part?.rows.map(({ bucket, from, to, reasons }) => [
      bucket,
      (to - from) / 3_600_000,
      reasons.map(({ id, clause }) => `${id ?? ''} ${clause ?? ''}`),
    ]),
    [
      ['excluded', 1, ['X A-1 (i)']],
      ['down', 2, ['O A-1, A-3.1']],
      ['maintenance', 2, ['M A-1']],
    ],
  );
});

test('a part of time cuts a stretch into pieces that know the whole', () => {
  const [from, to] = ['2026-06-05T16:30:00+02:00', '2026-06-08T10:00:00+02:00'];
  const { parts } = sheet({
    agreement: 'infravision-cloud',
    component: 'iv-cloud',
    period: { kind: 'calendar-month', month: '2026-06' },
    outages: [{ id: 'O', from, to, severity: 'top' }],
  });
  const [office] = parts;
  assert.ok(office);
  assert.deepEqual(
    office.rows.map((row) => (row.to - row.from) / 3_600_000),
    [1, 1.5],
  );
  for (const { stretch } of office.rows)
    assert.deepEqual(stretch, { from: Date.parse(from), to: Date.parse(to) });
});

test('the formula has its numbers filled in', () => {
  assert.equal(
    sheet(FACTS).parts[0]?.formula,
    '(2592000 - 3600 - 7200 - 7200) / (2592000 - 3600 - 7200)',
  );
});

test('the budget is what the norm allows, less all that counts as down', () => {
  const down = {
    id: 'D',
    from: '2026-06-20T00:00:00+02:00',
    to: '2026-06-20T00:30:00+02:00',
    severity: 'standstill',
  };
  const facts = { ...FACTS, outages: [...(FACTS.outages ?? []), down] };
  for (const readings of [undefined, { U9: 'printed' }]) {
    const { statement, parts } = sheet({ ...facts, ...(readings ? { readings } : {}) });
    const [figure] = statement.availability;
    const [part] = parts;
    assert.ok(figure && part);
    assert.equal(part.treatment.maintenance, readings ? 'as-down' : 'left-out');
    const lost = figure.seconds.down + (readings ? figure.seconds.maintenance : 0);
    assert.equal(part.allowedSeconds, (figure.budgetSeconds ?? 0) + lost);
    assert.equal(
      figure.numeratorSeconds,
      figure.denominatorSeconds - lost,
      'what is treated as down is what the figure loses',
    );
  }
});

test('readings that change a verdict stand beside it', () => {
  const down = {
    id: 'D',
    from: '2026-06-20T00:00:00+02:00',
    to: '2026-06-20T00:30:00+02:00',
    severity: 'standstill',
  };
  const facts = { ...FACTS, outages: [...(FACTS.outages ?? []), down] };
  const { statement, alternatives } = sheet(facts);
  assert.equal(statement.availability[0]?.verdict, 'met');
  assert.deepEqual(alternatives, [
    {
      reading: 'U9',
      option: 'printed',
      availability: [{ part: 'all', percent: '99.374130', verdict: 'missed' }],
      maintenances: [],
      compensation: null,
    },
  ]);
});

test('the rows of a part add up to its buckets, each with a reason', () => {
  const agreements = book.ids().flatMap((id) => (id === 'standard' ? [] : [book.get(id)]));
  fc.assert(
    fc.property(soundFacts(agreements), (facts) => {
      const { parts, statement } = sheet(facts);
      for (const [index, { rows }] of parts.entries()) {
        const sums: Record<string, number> = {};
        for (const row of rows) {
          assert.ok(row.reasons.length > 0);
          sums[row.bucket] = (sums[row.bucket] ?? 0) + (row.to - row.from) / 1000;
        }
        for (const [bucket, seconds] of Object.entries(
          statement.availability[index]?.seconds ?? {},
        ))
          if (bucket !== 'total' && bucket !== 'up') assert.equal(sums[bucket] ?? 0, seconds);
      }
    }),
    { numRuns: 60 },
  );
});

test('a maintenance that touches nothing of the period has no part in what is said of it', () => {
  const planned = (id: string, day: string) => ({
    id,
    kind: 'planned' as const,
    announcements: [
      { at: '2026-05-01T09:00:00Z', from: `${day}T20:00:00Z`, to: `${day}T22:00:00Z` },
    ],
  });
  const maintenances = [
    planned('may', '2026-05-20'),
    planned('june', '2026-06-03'),
    planned('inside', '2026-06-20'),
  ];
  const from = '2026-06-15T00:00:00Z';
  const facts: Facts = {
    ...FACTS,
    period: { kind: 'range', from, to: '2026-07-01T00:00:00Z' },
    maintenances,
  };
  assert.deepEqual(
    [...sheet(facts).places],
    [
      ['may', 'elsewhere'],
      ['june', 'same-month'],
      ['inside', 'inside'],
    ],
  );
  // Without a cap a month has nothing to count.
  const uncapped = { ...facts, agreement: 'spotonmedics', component: 'fysioone', outages: [] };
  assert.equal(sheet(uncapped).places.get('june'), 'elsewhere');
  // A window that begins before the period and ends in it touches it; one that ends as it begins does not.
  const at = '2026-06-01T09:00:00Z';
  const window = (id: string, to: string) => ({
    id,
    kind: 'planned' as const,
    announcements: [{ at, from: '2026-06-14T22:00:00Z', to }],
  });
  const edge = [window('over', '2026-06-15T00:00:01Z'), window('up-to', from)];
  assert.deepEqual(
    [...sheet({ ...uncapped, maintenances: edge }).places.values()],
    ['inside', 'elsewhere'],
  );
  for (const { maintenances: changed } of sheet({ ...uncapped, maintenances }).alternatives)
    assert.ok(changed.every(({ id }) => id === 'inside'));
});

test('the figures of another source that lead are named with their clause', () => {
  const period = { kind: 'calendar-month', month: '2026-05' } as const;
  const xurrent = { of: 'Xurrent Service', address: 'https://status.xurrent.com', clause: '2.5' };
  const facts: Facts = { agreement: 'infravision-cloud', component: 'iv-cloud', period };
  assert.deepEqual(sheet(facts).leading, [xurrent]);
  assert.deepEqual(sheet(FACTS).leading, []);
  const { source } = book.get('infravision-cloud');
  const availability = { ...(source['availability'] as object), leading: 'https://they.example/' };
  const read = readAgreement({ ...source, availability });
  assert.ok(read.ok);
  assert.deepEqual(worksheetOf(accountOf(facts, read.agreement)).leading, [
    { of: null, address: 'https://they.example/', clause: '3.1' },
    xurrent,
  ]);
});
