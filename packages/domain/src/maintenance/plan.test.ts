import { loadAgreementBook } from '@upheld/config/agreements.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detectorSeverity } from '../sla/agreement.ts';
import type { Facts, FactsMaintenance } from '../sla/facts.ts';
import { soundFacts } from '../sla/facts-arbitrary.case.ts';
import { ledgerOf } from '../sla/ledger.ts';
import { statement } from '../sla/statement.ts';
import { formatInstant, parseLocal } from '../time/zoned.ts';
import { figuresOfPlan, judgePlan } from './plan.ts';

const book = loadAgreementBook();
const agreements = book
  .ids()
  .filter((id) => id !== 'standard')
  .map((id) => book.get(id));
const at = (text: string): number => parseLocal(text, 'Europe/Amsterdam');
const HOUR = 3_600_000;

describe('what planned work does to the figures', () => {
  it('is what two statements say, without it and with it, for any facts', () => {
    fc.assert(
      fc.property(
        soundFacts(agreements),
        fc.integer({ min: -60 * 24, max: 0 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 9 * 24 }),
        (facts: Facts, start, hours, notice) => {
          const agreement = book.get(facts.agreement);
          const { asOf } = ledgerOf(facts, agreement.document.zone);
          const from = Math.floor(asOf / HOUR) * HOUR + start * HOUR;
          const window = { from, to: from + hours * HOUR };
          const announcement = { at: from - notice * HOUR, ...window };
          const maintenance: FactsMaintenance = {
            id: '\uffff',
            kind: 'planned',
            announcements: [
              {
                at: formatInstant(announcement.at),
                from: formatInstant(window.from),
                to: formatInstant(window.to),
              },
            ],
          };
          const down = {
            id: '\uffff',
            from: formatInstant(window.from),
            to: formatInstant(window.to),
            severity: detectorSeverity(agreement, 'down'),
          };
          const before = statement(facts, agreement).availability;
          const after = statement(
            {
              ...facts,
              outages: [...(facts.outages ?? []), down],
              maintenances: [...(facts.maintenances ?? []), maintenance],
            },
            agreement,
          ).availability;
          const work = { kind: 'planned' as const, announcements: [announcement], work: window };
          const figures = figuresOfPlan(facts, agreement, { work, window });
          assert.deepEqual(
            figures.map((one) => [one.part, one.percentBefore, one.percentAfter, one.budgetAfter]),
            after.map((one, index) => [
              one.part,
              before[index]?.percent,
              one.percent,
              one.budgetSeconds,
            ]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the verdict on a plan', () => {
  const judge = (agreement: string, now: number, from: number, hours = 2) =>
    judgePlan(book.get(agreement), {
      maintenance: {
        kind: 'planned',
        announcements: [{ at: now, from, to: from + hours * HOUR }],
      },
      now,
    });

  it('says whether notice is needed at all, and until when', () => {
    const now = at('2026-11-19 15:00');
    const day = judge('spotonmedics', now, at('2026-11-20 10:00'));
    assert.deepEqual([day.noticeNeeded, day.inTime], [true, false]);
    assert.equal(day.lastValidAnnouncement, at('2026-11-18 10:00'));
    const night = judge('spotonmedics', now, at('2026-11-20 02:00'));
    assert.deepEqual([night.noticeNeeded, night.inTime], [false, true]);
    assert.equal(judge('infravision-cloud', now, at('2026-11-20 02:00')).noticeNeeded, false);
  });

  it('gives for an extension the last moment of what it adds', () => {
    const first = {
      at: at('2026-11-01 10:00'),
      from: at('2026-11-19 21:00'),
      to: at('2026-11-19 23:00'),
    };
    const now = at('2026-11-19 20:00');
    const longer = judgePlan(book.get('flexkids'), {
      maintenance: {
        kind: 'planned',
        announcements: [first, { ...first, at: now, to: first.to + HOUR }],
      },
      now,
    });
    assert.equal(longer.lastValidAnnouncement, at('2026-11-14 23:00'));
    assert.equal(longer.inTime, false);
  });
});
