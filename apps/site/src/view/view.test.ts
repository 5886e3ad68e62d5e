import type { AvailabilityView, ComponentView, DayView } from '@upheld/services/read/page-view.ts';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dictionary } from '../i18n/dictionary.ts';
import { describeAvailability } from './availability.ts';
import { dayRuns, describeRun, summariseDays } from './days.ts';
import { formats } from './format.ts';

const nl = dictionary('nl');
const en = dictionary('en');
const inDutch = formats(nl, 'Europe/Amsterdam');
const inEnglish = formats(en, 'Europe/Amsterdam');

/** A text with plain spaces: durations hold together with others. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

function day(date: string, parts: Partial<DayView> = {}): DayView {
  return {
    date,
    state: 'up',
    downSeconds: 0,
    degradedSeconds: 0,
    maintenanceSeconds: 0,
    unmeasuredSeconds: 0,
    incidents: [],
    ...parts,
  };
}

const noDay = { state: 'unmeasured', unmeasuredSeconds: 86_400 } as const;

function availability(parts: Partial<AvailabilityView> = {}): AvailabilityView {
  return {
    agreement: 'spotonmedics',
    part: 'all',
    from: 0,
    to: 1,
    measuredSince: null,
    percent: '99.999999',
    coveragePercent: '100.000000',
    lowestPercent: '99.999999',
    highestPercent: '99.999999',
    norm: '99',
    verdict: 'met',
    downSeconds: 10,
    budgetSeconds: 315_350,
    recorded: null,
    ...parts,
  };
}

describe('figures', () => {
  for (const [decimal, digits, written] of [
    ['99.999999', 3, '99,999%'],
    ['99.982345', 2, '99,98%'],
    ['99.500000', 3, '99,5%'],
    ['100.000000', 3, '100%'],
    ['99', 3, '99%'],
    ['0.000000', 3, '0%'],
  ] as const)
    test(`${decimal} is cut to ${written}`, () => {
      assert.equal(inDutch.percent(decimal, digits), written);
    });

  test('English writes a point', () => {
    assert.equal(inEnglish.percent('99.982345'), '99.982%');
  });

  for (const [seconds, written] of [
    [0, '0 s'],
    [59, '59 s'],
    [750, '12 min 30 s'],
    [3600, '1 u'],
    [3660.9, '1 u 1 min'],
    [187_200, '2 d 4 u'],
  ] as const)
    test(`${seconds} seconds are ${written}`, () => {
      assert.equal(plain(inDutch.duration(seconds)), written);
    });

  test('what a norm allows is told in hours', () => {
    assert.equal(plain(inDutch.hours(315_360)), '87 u 36 min');
  });
});

describe('moments', () => {
  test('are those of the zone of the page, on both sides of a change of the clock', () => {
    assert.match(inDutch.moment(Date.UTC(2026, 9, 25, 0, 30)), /zondag 25 oktober 2026.*02:30/);
    assert.match(inDutch.moment(Date.UTC(2026, 9, 25, 1, 30)), /zondag 25 oktober 2026.*02:30/);
    assert.match(inEnglish.moment(Date.UTC(2026, 5, 1, 22, 0)), /Tuesday,? 2 June 2026.*00:00/);
  });

  test('a window names its day once, and its zone', () => {
    const text = inDutch.window(Date.UTC(2026, 10, 28, 21), Date.UTC(2026, 10, 28, 22, 30));
    assert.match(text, /^za 28 november 2026.*22:00 – 23:30.*CET$/);
  });

  test('a window over midnight names both days', () => {
    const text = inEnglish.window(Date.UTC(2026, 6, 3, 21), Date.UTC(2026, 6, 3, 23));
    assert.match(text, /Fri,? 3 July 2026.*23:00 – Sat,? 4 July 2026.*01:00/);
  });

  test('a local date stays that date in every zone', () => {
    assert.equal(formats(nl, 'Pacific/Kiritimati').day('2026-03-29'), '29 maart 2026');
    assert.equal(formats(nl, 'Pacific/Pago_Pago').day('2026-03-29'), '29 maart 2026');
    assert.equal(formats(nl, 'Pacific/Pago_Pago').month('2026-03'), 'maart 2026');
  });

  test('a month is that of the zone', () => {
    assert.equal(inDutch.monthOf(Date.UTC(2026, 9, 31, 23, 30)), '2026-11');
  });
});

describe('the bar', () => {
  const days = [
    day('2026-11-01', noDay),
    day('2026-11-02', noDay),
    day('2026-11-03', { unmeasuredSeconds: 40_000 }),
    day('2026-11-04'),
    day('2026-11-05', { unmeasuredSeconds: 120 }),
    day('2026-11-06', { state: 'down', downSeconds: 750, degradedSeconds: 60 }),
    day('2026-11-07', { state: 'down', downSeconds: 3600 }),
    day('2026-11-08', { state: 'maintenance', maintenanceSeconds: 7200 }),
    day('2026-11-09'),
  ];

  test('takes days with nothing to tell together, and only those', () => {
    assert.deepEqual(
      dayRuns(days).map(({ kind, length }) => [kind, length]),
      [
        ['unmeasured', 2],
        ['partly', 1],
        ['up', 2],
        ['down', 1],
        ['down', 1],
        ['maintenance', 1],
        ['up', 1],
      ],
    );
  });

  test('covers every day once', () => {
    assert.equal(
      dayRuns(days).reduce((sum, run) => sum + run.length, 0),
      days.length,
    );
  });

  test('says what each stretch shows', () => {
    assert.deepEqual(
      dayRuns(days).map((run) => plain(describeRun(run, nl, inDutch))),
      [
        '1 november 2026 tot en met 2 november 2026: niet gemeten',
        '3 november 2026: geen storing gezien, maar niet alles is gemeten',
        '4 november 2026 tot en met 5 november 2026: geen storing',
        '6 november 2026: storing, 12 min 30 s; beperkt of traag, 1 min',
        '7 november 2026: storing, 1 u',
        '8 november 2026: onderhoud, 2 u',
        '9 november 2026: geen storing',
      ],
    );
  });

  test('says the whole in one sentence', () => {
    assert.equal(
      plain(summariseDays({ days } as unknown as ComponentView, nl, inDutch)),
      'Laatste 90 dagen: storing op 2 dagen, samen 1 u 12 min; beperkt of traag op 1 dag; onderhoud op 1 dag; 2 dagen niet gemeten.',
    );
  });

  test('never says that nothing failed when nothing was measured', () => {
    const none = { days: [day('2026-11-01', noDay)] } as unknown as ComponentView;
    assert.equal(summariseDays(none, en, inEnglish), 'Last 90 days: not measured.');
  });
});

describe('availability', () => {
  test('is never rounded up, and carries norm and coverage', () => {
    const text = describeAvailability(availability(), nl, inDutch);
    assert.equal(text.figure, '99,999%');
    assert.equal(text.verdict, 'Norm gehaald');
    assert.deepEqual(text.facts, ['norm 99%', '100% van de tijd gemeten']);
    assert.deepEqual(text.notes.map(plain), ['Nog 87 u 35 min storing toegestaan van 87 u 36 min']);
  });

  test('of which nothing was measured has no figure', () => {
    const text = describeAvailability(
      availability({
        percent: null,
        coveragePercent: '0.000000',
        lowestPercent: null,
        highestPercent: null,
        verdict: 'no-data',
      }),
      nl,
      inDutch,
    );
    assert.equal(text.figure, null);
    assert.equal(text.verdict, 'Nog niet gemeten');
    assert.deepEqual(text.facts, ['norm 99%']);
    assert.deepEqual(text.notes.map(plain), []);
  });

  test('of 100% measured for a week says how little that is', () => {
    const text = describeAvailability(
      availability({
        percent: '100.000000',
        coveragePercent: '1.917808',
        lowestPercent: '1.917808',
        highestPercent: '100.000000',
        verdict: 'not-proven',
        measuredSince: Date.UTC(2026, 10, 14),
        downSeconds: 0,
        budgetSeconds: 6048,
      }),
      en,
      inEnglish,
    );
    assert.deepEqual(text.facts, [
      'norm 99%',
      '1.91% of the time measured',
      'measured since 14 November 2026',
    ]);
    assert.equal(text.of, 'of the time measured');
    assert.equal(text.verdict, 'Not proven');
    assert.deepEqual(text.notes.map(plain), [
      'With the time that was not measured it lies between 1.917% and 100%.',
    ]);
  });

  test('measured for a moment is not measured for 0% of the time', () => {
    const text = describeAvailability(availability({ coveragePercent: '0.000951' }), nl, inDutch);
    assert.equal(text.facts[1], 'minder dan 0,01% van de tijd gemeten');
  });

  test('below the norm says by how much', () => {
    const text = describeAvailability(
      availability({
        percent: '98.500000',
        verdict: 'missed',
        downSeconds: 320_000,
        budgetSeconds: -4640,
      }),
      en,
      inEnglish,
    );
    assert.deepEqual(text.notes.map(plain), [
      '1 h 17 min more outage than the 87 h 36 min allowed',
    ]);
  });
});
