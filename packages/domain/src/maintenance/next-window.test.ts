import { loadAgreementBook } from '@upheld/config/agreements.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeAll } from '../sla/maintenance-verdict.ts';
import { entry, judgeNotice, type NoticeMaintenance } from '../sla/notice.ts';
import { rulesUnder } from '../sla/rules.ts';
import { setOf, type Interval } from '../time/interval.ts';
import { parseLocal } from '../time/zoned.ts';
import { nextWindowForAll } from './next-window.ts';

const book = loadAgreementBook();
const at = (text: string): number => parseLocal(text, 'Europe/Amsterdam');
const HOUR = 3_600_000;
type Other = NoticeMaintenance & { id: string };

function next(
  agreements: readonly string[],
  wish: {
    now: number;
    notBefore?: number;
    hours: number;
    others?: readonly Other[];
    busy?: Interval[];
  },
): Interval | null {
  return nextWindowForAll(
    agreements.map((id) => ({ agreement: book.get(id), others: wish.others ?? [] })),
    {
      kind: 'planned',
      length: wish.hours * HOUR,
      notBefore: wish.notBefore ?? wish.now,
      announcedAt: wish.now,
      step: HOUR,
      busy: setOf(wish.busy ?? []),
    },
  );
}

/** Every hour for seven weeks, each put before the rule that announcing uses. */
function naive(agreements: readonly string[], wish: Parameters<typeof next>[1]): Interval | null {
  const { now, hours, others = [], busy = [] } = wish;
  const first = Math.ceil(Math.max(now + 1000, wish.notBefore ?? now) / HOUR) * HOUR;
  for (let from = first; from < first + 49 * 24 * HOUR; from += HOUR) {
    const window = { from, to: from + hours * HOUR };
    if (busy.some((span) => span.from < window.to && window.from < span.to)) continue;
    const isGood = agreements.every((id) => {
      const maintenance = { kind: 'planned' as const, announcements: [{ at: now, ...window }] };
      const judged = judgeNotice(book.get(id), { maintenance, others, now });
      if (overCap(id, others) < overCap(id, [...others, { id: '\uffff', ...maintenance }]))
        return false;
      return judged.outsidePreferredSeconds === 0 && (judged.verdict === 'counts' || judged.inTime);
    });
    if (isGood) return window;
  }
  return null;
}

function overCap(agreement: string, maintenances: readonly Other[]): number {
  const judged = judgeAll(rulesUnder(book.get(agreement)), maintenances.map(entry));
  return judged.filter(({ verdict }) => verdict === 'over-cap').length;
}

describe('the next window that suits all', () => {
  it('is after the longest notice, in the hours that each prefers', () => {
    const now = at('2026-11-19 15:00');
    // Five local days for the one, weekday nights; Friday evening to Monday morning for the other.
    assert.deepEqual(next(['flexkids'], { now, hours: 2 }), {
      from: at('2026-11-24 21:00'),
      to: at('2026-11-24 23:00'),
    });
    const both = next(['flexkids', 'fundament-it'], { now, hours: 2 });
    assert.ok(both && both.from > at('2026-11-27 18:00') && both.to < at('2026-11-30 04:00'));
    assert.deepEqual(both, naive(['flexkids', 'fundament-it'], { now, hours: 2 }));
  });

  it('leaves a month that is full, and does not push another one of it over the cap', () => {
    const now = at('2026-11-02 09:00');
    const others = [6, 13, 20, 27].map((day) => {
      const from = at(`2026-11-${String(day).padStart(2, '0')} 20:00`);
      const announcements = [{ at: now - 1000, from, to: from + HOUR }];
      return { id: `m${day}`, kind: 'planned' as const, announcements };
    });
    const found = next(['fundament-it'], { now, hours: 2, others });
    assert.ok(found && found.from >= at('2026-12-01 00:00'), String(found?.from));
    const three = next(['fundament-it'], { now, hours: 2, others: others.slice(1) });
    assert.ok(three && three.to <= at('2026-11-09 04:00'));
  });

  it('is none where the preferred hours are shorter than the work', () => {
    assert.equal(next(['fundament-it'], { now: at('2026-11-19 15:00'), hours: 24 * 6 }), null);
  });

  it('starts on a step, and leaves the time to announce it', () => {
    const now = at('2026-11-19 15:07') + 12_345;
    const found = next(['infravision-cloud'], { now, hours: 1 });
    assert.equal(found?.from, at('2026-11-19 16:00'));
  });

  it('is the one that looking at every hour finds, for any agreements, moment, length and neighbours', () => {
    const ids = ['flexkids', 'fundament-it', 'spotonmedics', 'intramed'];
    const start = at('2026-02-20 00:00');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }),
        fc.integer({ min: 0, max: 300 * 24 * 60 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 9 })), {
          maxLength: 6,
        }),
        fc.integer({ min: -5, max: 200 }),
        (agreements, minutes, hours, busyHours, later) => {
          const now = start + minutes * 60_000;
          const busy = busyHours.map(([offset, length]) => ({
            from: now + offset * HOUR,
            to: now + (offset + length) * HOUR,
          }));
          const others = busy.map((span, index) => ({
            id: `m${index}`,
            kind: 'planned' as const,
            announcements: [{ at: now - 30 * 24 * HOUR, ...span }],
          }));
          const wish = { now, notBefore: now + later * HOUR, hours, busy, others };
          const found = next(agreements, wish);
          const expected = naive(agreements, wish);
          // Further than the naive one looks, only that it found nothing is known.
          if (expected || (found && found.from < now + 40 * 24 * HOUR))
            assert.deepEqual(found, expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
