import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatInstant, parseInstant } from '../time/zoned.ts';
import { dueOf, obligationsOn } from './incident-duties.ts';
import { rulesUnder } from './rules.ts';

const book = loadAgreementBook();

/** By when what a clause asks for is due, reckoned by hand; null where the contract sets no term. */
const TERMS: Readonly<
  Record<string, readonly (readonly [name: string, since: string, due: string | null])[]>
> = {
  flexkids: [
    // Ten working days: Monday 27 April and Tuesday 5 May are holidays.
    ['complaint', '2026-04-20T10:00:00+02:00', '2026-05-06T10:00:00+02:00'],
    // Twenty-four hours, through the night in which the clock is set forward.
    ['data-leak', '2026-03-28T12:00:00+01:00', '2026-03-29T13:00:00+02:00'],
    // Five working days: Easter Monday is a holiday, Good Friday is none that is generally recognised.
    ['test-environment', '2026-04-01T11:00:00+02:00', '2026-04-09T11:00:00+02:00'],
    ['audit-consulted', '2026-01-31T10:00:00+01:00', '2026-02-28T10:00:00+01:00'],
    ['restore', '2026-04-20T10:00:00+02:00', null],
  ],
  'fundament-it': [['data-copy', '2026-12-31T12:00:00+01:00', '2027-02-28T12:00:00+01:00']],
  'infravision-cloud': [
    ['rca-report', '2026-03-10T03:10:00+01:00', '2026-04-10T03:10:00+02:00'],
    ['rca-top', '2026-03-10T03:10:00+01:00', '2026-04-10T03:10:00+02:00'],
  ],
  'infravision-onpremise': [
    ['rca-report', '2026-03-10T03:10:00+01:00', '2026-04-10T03:10:00+02:00'],
    ['rca-top', '2026-03-10T03:10:00+01:00', '2026-04-10T03:10:00+02:00'],
  ],
  intramed: intramed(),
  'intramed-online': intramed(),
  spotonmedics: [
    ['recategorisation-told', '2026-04-20T10:00:00+02:00', null],
    ['force-majeure-told', '2026-04-20T10:00:00+02:00', '2026-04-20T10:00:00+02:00'],
    // Forty-eight hours, through the night in which the clock is set back.
    ['restore', '2026-10-24T12:00:00+02:00', '2026-10-26T11:00:00+01:00'],
    ['abuse-told', '2026-04-20T10:00:00+02:00', '2026-04-20T10:00:00+02:00'],
    ['export', '2026-04-20T10:00:00+02:00', null],
    ['other-agreements', '2026-04-20T10:00:00+02:00', null],
  ],
  standard: [],
};

function intramed() {
  return [
    ['not-the-same-day', '2026-10-12T10:00:00+02:00', null],
    // Four weeks, over the night in which the clock is set back.
    ['plan-of-action', '2026-10-12T10:00:00+02:00', '2026-11-09T10:00:00+01:00'],
    ['complaint-discussed', '2026-10-12T10:00:00+02:00', null],
    ['change-refused', '2026-10-12T10:00:00+02:00', '2026-10-12T10:00:00+02:00'],
  ] as const;
}

suite('what a shipped agreement asks for after an event is due as its clause says:', () => {
  for (const id of book.ids())
    test(id, () => {
      const rules = rulesUnder(book.get(id));
      const asked = Object.entries(rules.terms.obligations).filter(([, { on }]) => on);
      assert.deepEqual(
        asked.map(([name]) => name),
        TERMS[id]?.map(([name]) => name),
      );
      for (const [name, since, due] of TERMS[id] ?? []) {
        const obligation = rules.terms.obligations[name];
        assert.ok(obligation?.on);
        const reckoned = dueOf(obligation.within, parseInstant(since), rules);
        const wanted = due === null ? null : formatInstant(parseInstant(due));
        assert.equal(reckoned === null ? null : formatInstant(reckoned), wanted, name);
        const { event, levels, causes } = obligation.on;
        const happened = { level: levels?.[0], cause: causes?.[0] };
        const set = obligationsOn(rules, event, happened).map(([found]) => found);
        assert.ok(set.includes(name), `${name} is set off by ${event}`);
      }
    });
});
