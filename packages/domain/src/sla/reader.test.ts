import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Fault } from '../errors.ts';
import { parseFacts } from './parse-facts.ts';
import { Reader } from './reader.ts';

const WRONG: readonly [text: unknown, said: string][] = [
  ['2026-02-30T00:00:00Z', 'is "2026-02-30T00:00:00Z", a day that is not in the calendar'],
  [
    '2026-03-01T00:00:00.000Z',
    'is "2026-03-01T00:00:00.000Z", with a fraction of a second; leave .000 out',
  ],
  [
    '2026-03-01T24:00:00Z',
    'is "2026-03-01T24:00:00Z", whose hour is past 23; midnight is 00:00:00 of the day after',
  ],
  ['2026-03-01T12:60:00Z', 'is "2026-03-01T12:60:00Z", whose minutes are past 59'],
  ['2026-03-01T12:59:60Z', 'is "2026-03-01T12:59:60Z", whose seconds are past 59'],
  [
    '2026-03-01T12:00+01:00',
    'is "2026-03-01T12:00+01:00", without seconds; write them, such as 19:00:00',
  ],
  [
    '2026-03-01T12:00:00',
    'is "2026-03-01T12:00:00", without an offset; write Z or one such as +02:00 behind it',
  ],
  [
    '2026-03-01T12:00:00+0100',
    'is "2026-03-01T12:00:00+0100", whose offset is not right; write Z or one such as +02:00',
  ],
  [
    '2026-03-01T12:00:00+25:00',
    'is "2026-03-01T12:00:00+25:00", whose offset is not right; write Z or one such as +02:00',
  ],
  ['1 March', 'is "1 March"; write an instant with an offset, such as 2026-10-24T19:00:00+02:00'],
  [
    '1899-03-01T12:00:00Z',
    'is "1899-03-01T12:00:00Z"; write an instant from the years 1900 to 8999',
  ],
  [12, 'is 12; write an instant with an offset, such as 2026-10-24T19:00:00+02:00'],
];

suite('what is no instant is told what it lacks:', () => {
  for (const [text, said] of WRONG)
    test(String(text), () => {
      const faults: Fault[] = [];
      assert.equal(new Reader(text, faults).instant(), null);
      assert.deepEqual(
        faults.map(({ message }) => message),
        [said],
      );
    });
});

test('an agreement that there is not is named in a sentence', () => {
  const period = { kind: 'calendar-year', year: 2026 };
  const facts = { agreement: 'spotonmedic', component: 'fysioone', period };
  const parsed = parseFacts(facts, loadAgreementBook());
  assert.deepEqual(parsed.ok ? [] : parsed.faults, [
    {
      path: 'agreement',
      message:
        'names nothing to judge by: there is no agreement "spotonmedic"; did you mean "spotonmedics"?',
    },
  ]);
});
