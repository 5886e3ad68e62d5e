import { loadAgreementBook } from '@upheld/config/agreements.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { formatInstant, parseLocal, wallOf } from '../time/zoned.ts';
import { judgeNotice, type NoticeInput, type NoticeVerdict } from './notice.ts';

const book = loadAgreementBook();
const AMSTERDAM = 'Europe/Amsterdam';
const at = (text: string): number => parseLocal(text, AMSTERDAM);
const HOUR = 3_600_000;

function judge(
  agreement: string,
  announced: string | number,
  from: string | number,
  to: string | number,
  more: Partial<NoticeInput> = {},
): NoticeVerdict {
  const moment = (one: string | number): number => (typeof one === 'number' ? one : at(one));
  const now = moment(announced);
  const announcements = [{ at: now, from: moment(from), to: moment(to) }];
  return judgeNotice(book.get(agreement), {
    maintenance: { kind: 'planned', announcements },
    now,
    ...more,
  });
}

suite('48 hours, where service hours are touched', () => {
  test('are elapsed hours, also over the night in which the clocks change', () => {
    const inTime = judge(
      'spotonmedics',
      '2026-03-28 09:00',
      '2026-03-30 10:00',
      '2026-03-30 11:00',
    );
    assert.deepEqual([inTime.verdict, inTime.inTime], ['qualifies', true]);
    const late = judge(
      'spotonmedics',
      '2026-03-28 09:00:01',
      '2026-03-30 10:00',
      '2026-03-30 11:00',
    );
    assert.deepEqual([late.verdict, late.inTime, late.clause], ['late-notice', false, '6.8']);
    assert.equal(late.lastValidAnnouncement, at('2026-03-28 09:00'));
  });

  test('are not asked for at night', () => {
    const night = judge(
      'spotonmedics',
      '2026-06-10 01:59:59',
      '2026-06-10 02:00',
      '2026-06-10 03:00',
    );
    assert.deepEqual([night.verdict, night.lastValidAnnouncement], ['not-required', null]);
    const late = judge('spotonmedics', '2026-06-10 02:00', '2026-06-10 02:00', '2026-06-10 03:00');
    assert.equal(late.verdict, 'late-notice');
  });

  test('the next window that is in time may be that same evening', () => {
    const late = judge('spotonmedics', '2026-06-10 08:00', '2026-06-10 09:00', '2026-06-10 10:00');
    assert.deepEqual(late.nextWindow, { from: at('2026-06-10 12:00'), to: at('2026-06-10 13:00') });
    const long = judge('spotonmedics', '2026-06-10 08:00', '2026-06-10 09:00', '2026-06-10 12:30');
    assert.deepEqual(long.nextWindow?.from, at('2026-06-10 17:30'));
  });
});

suite('five days', () => {
  test('are five local days at the same clock time', () => {
    for (const [moment, verdict] of [
      ['2026-10-22 21:00', 'qualifies'],
      ['2026-10-22 21:00:01', 'late-notice'],
    ] as const)
      assert.equal(
        judge('flexkids', moment, '2026-10-27 21:00', '2026-10-27 23:00').verdict,
        verdict,
      );
  });

  test('a weekday holiday is no preferred time', () => {
    const holiday = judge('flexkids', '2026-04-01 00:00', '2026-04-27 22:00', '2026-04-27 23:00');
    assert.equal(holiday.outsidePreferredSeconds, 3600);
    assert.deepEqual(holiday.term, { nl: 'vijf dagen vooraf', en: 'five days before' });
  });

  test('an emergency needs no notice', () => {
    const announcements = [{ at: 0, from: HOUR, to: 2 * HOUR }];
    const verdict = judgeNotice(book.get('flexkids'), {
      maintenance: { kind: 'emergency', announcements },
      now: 0,
    });
    assert.deepEqual([verdict.verdict, verdict.inTime], ['emergency', true]);
  });
});

suite('twelve hours and four turns a month', () => {
  test('an extension is judged on its own', () => {
    const announcements = [
      { at: at('2026-06-03 22:00'), from: at('2026-06-06 22:00'), to: at('2026-06-07 00:00') },
      { at: at('2026-06-06 19:00'), from: at('2026-06-06 22:00'), to: at('2026-06-07 01:00') },
    ];
    const verdict = judgeNotice(book.get('fundament-it'), {
      maintenance: { kind: 'planned', announcements },
      now: at('2026-06-06 19:00'),
    });
    assert.deepEqual([verdict.verdict, verdict.inTime], ['qualifies', false]);
  });

  test('the fifth of a month is over the cap, a cancelled one uses no turn', () => {
    const others = [3, 10, 17, 24].map((day) => ({
      id: `M${day}`,
      kind: 'planned' as const,
      announcements: [
        {
          at: at('2026-03-01 00:00'),
          from: at(`2026-04-${day < 10 ? '0' : ''}${day} 22:00`),
          to: at(`2026-04-${day < 10 ? '0' : ''}${day} 23:00`),
        },
      ],
    }));
    const fifth = (list: NoticeInput['others']) =>
      judge('fundament-it', '2026-04-20 00:00', '2026-04-28 22:00', '2026-04-28 23:00', {
        ...(list ? { others: list } : {}),
      }).verdict;
    assert.equal(fifth(others), 'over-cap');
    const [first, ...rest] = others;
    assert.ok(first);
    assert.equal(fifth([{ ...first, cancelledAt: at('2026-04-02 00:00') }, ...rest]), 'qualifies');
  });
});

test('an agreement without a clause says that it counts', () => {
  const verdict = judge(
    'infravision-cloud',
    '2026-06-01 00:00',
    '2026-06-10 10:00',
    '2026-06-10 11:00',
  );
  assert.deepEqual([verdict.verdict, verdict.clause, verdict.nextWindow], ['counts', null, null]);
});

test('every term holds to the second through every clock change of 2024 to 2032', () => {
  const cases: [agreement: string, readings: Record<string, string>, (start: number) => number][] =
    [
      ['standard', {}, (start) => start - 48 * HOUR],
      ['fundament-it', {}, (start) => start - 12 * HOUR],
      ['flexkids', { F10: 'elapsed' }, (start) => start - 120 * HOUR],
      [
        'flexkids',
        {},
        (start) => at(new Date(wallOf(start, AMSTERDAM) - 120 * HOUR).toISOString().slice(0, 19)),
      ],
    ];
  for (let year = 2024; year <= 2032; year += 1)
    for (const change of [lastSunday(year, 3), lastSunday(year, 10)])
      for (let hour = -6; hour < 144; hour += 3)
        for (const [agreement, readings, last] of cases) {
          const start = change + hour * HOUR;
          const verdict = (announced: number): string =>
            judge(agreement, announced, start, start + HOUR, { readings }).verdict;
          assert.deepEqual(
            [verdict(last(start)), verdict(last(start) + 1000)],
            ['qualifies', 'late-notice'],
            `${agreement} ${formatInstant(start)}`,
          );
        }
});

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0, 1));
  return last.getTime() - last.getUTCDay() * 24 * HOUR;
}

test('the next window is in time when it is announced now, and starts no earlier than asked', () => {
  const ids = ['spotonmedics', 'flexkids', 'fundament-it', 'standard', 'intramed'];
  const asked = fc.record({
    agreement: fc.constantFrom(...ids),
    now: fc.integer({ min: at('2026-01-01 00:00'), max: at('2027-01-01 00:00') }),
    ahead: fc.integer({ min: -10, max: 200 }),
    length: fc.integer({ min: 1, max: 30 }),
    F10: fc.constantFrom('local-days', 'elapsed', 'working-days'),
  });
  fc.assert(
    fc.property(asked, ({ agreement, now, ahead, length, F10 }) => {
      const from = Math.floor((now + ahead * HOUR) / 60_000) * 60_000;
      const more = agreement === 'flexkids' ? { readings: { F10 } } : {};
      const { nextWindow } = judge(agreement, now, from, from + length * HOUR, more);
      assert.ok(nextWindow);
      assert.ok(nextWindow.from >= from);
      assert.equal(nextWindow.to - nextWindow.from, length * HOUR);
      assert.ok(judge(agreement, now, nextWindow.from, nextWindow.to, more).inTime);
    }),
  );
});
