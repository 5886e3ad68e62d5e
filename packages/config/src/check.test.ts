import { DomainError } from '@upheld/domain/errors.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressRangeFault, allowEntryFault } from './allow-list.ts';
import type { NamedAgreement, NamedAgreements } from './check.ts';
import { parseConfig } from './load.ts';

const KNOWN: Readonly<Record<string, NamedAgreement>> = {
  strict: {
    id: 'strict',
    anyComponent: false,
    components: [{ id: 'fysioone', name: 'FysioOne' }],
    severityLevels: [
      { id: 'category-a', countsAsDown: true },
      { id: 'category-b', countsAsDown: false },
    ],
  },
  wide: {
    id: 'wide',
    anyComponent: false,
    components: [
      { id: 'fysioone', name: 'FysioOne' },
      { id: 'ketenone', name: 'KetenOne' },
    ],
    severityLevels: [],
  },
  loose: {
    id: 'loose',
    anyComponent: true,
    components: [],
    severityLevels: [{ id: 'outage', countsAsDown: true }],
  },
};

const book: NamedAgreements = {
  get(reference) {
    const found = KNOWN[reference];
    if (found) return found;
    throw new DomainError(
      'not-found',
      `"${reference}" is no known agreement; did you mean "strict"?`,
    );
  },
};

function faults(agreements: string, severity: string): string[] {
  const loaded = parseConfig(
    `
organisation: { name: A }
pages: [{ id: main, title: A }]
groups:
  - id: g
    name: G
    components:
      - id: c
        name: C
        agreements: ${agreements}
        monitors: [{ id: m, kind: http, url: https://a.example/, severity: ${severity} }]
`,
    {},
    book,
  );
  return loaded.ok
    ? []
    : loaded.faults.map(
        ({ path, message }) => `${path.replace('groups[0].components[0].', '')} ${message}`,
      );
}

describe('the agreements of a component', () => {
  it('are accepted with components and severities that they know', () => {
    const both =
      '[{ agreement: strict, component: fysioone }, { agreement: loose, component: any }]';
    assert.deepEqual(faults(both, '{ down: category-a, degraded: category-b }'), []);
    assert.deepEqual(faults(both, '{ down: outage }'), []);
  });

  it('must say which component it is where the agreement has several and none of its id', () => {
    assert.deepEqual(faults('[{ agreement: wide }]', '{}'), [
      'agreements[0].component is missing; wide covers fysioone, ketenone: write which of them this is',
    ]);
    assert.deepEqual(faults('[{ agreement: wide, component: ketenone }]', '{}'), []);
    assert.deepEqual(faults('[{ agreement: strict }]', '{}'), []);
  });

  it('must exist, be named once, and know the component and the severity', () => {
    assert.deepEqual(faults('[{ agreement: strickt }]', '{}'), [
      'agreements[0].agreement "strickt" is no known agreement; did you mean "strict"?',
    ]);
    assert.deepEqual(faults('[{ agreement: loose }, { agreement: loose }]', '{}'), [
      'agreements[1].agreement "loose" is named twice',
    ]);
    assert.deepEqual(
      faults('[{ agreement: strict, component: fysioon }]', '{ down: category-c, degraded: x }'),
      [
        'agreements[0].component "fysioon" is no known component of agreement strict; did you mean "fysioone"?',
        'monitors[0].severity.down "category-c" is no known severity; did you mean "category-a"?',
        'monitors[0].severity.degraded "x" is no known severity; known are category-a, category-b',
      ],
    );
  });
});

describe('an entry of probing.allow', () => {
  it('is a range with or without a port', () => {
    for (const entry of ['10.20.0.0/16', '127.0.0.1/32:3000', '::1/128', 'fd12:3456::/32:443'])
      assert.equal(allowEntryFault(entry), null, entry);
  });

  it('never holds a metadata service, however wide or narrow it is written', () => {
    for (const entry of [
      '169.254.169.254/32:80',
      '168.0.0.0/5',
      '::/0',
      'fd00:ec2::/32',
      '100.64.0.0/10',
    ])
      assert.match(allowEntryFault(entry) ?? '', /metadata/, entry);
  });
});

describe('an entry of console.allow', () => {
  it('is an address or a range of them', () => {
    for (const entry of ['192.0.2.7', '192.0.2.0/24', '2001:db8::/32', '::1'])
      assert.equal(addressRangeFault(entry), null, entry);
  });

  it('is nothing else', () => {
    for (const entry of ['', 'office', '192.0.2.0/33', '2001:db8::/129', '10.0.0.0/8:443'])
      assert.match(addressRangeFault(entry) ?? '', /range/, entry);
  });
});
