import fc from 'fast-check';
import { CAUSES } from '../incident/incident.ts';

/* Random agreement files: sound, and made of everything that decides where a second of time lands. */

export interface MadeCalendar {
  zone?: string;
  hours?: Record<string, string[]>;
  closed?: string;
  closedLists?: Record<string, string[]>;
  outside?: string;
  anyOf?: string[];
  allOf?: string[];
}

export interface MadeTerm {
  hours?: number;
  workingDays?: number;
  calendar?: string;
  localDays?: number;
  localWeeks?: number;
  localMonths?: number;
}

export interface MadeKind {
  judged: 'by-notice' | 'free' | 'counts';
  verdict?: string;
  qualifies?: 'in-time-work' | 'in-time-window' | 'announced-work' | 'all-work';
  late?: 'late' | 'qualifies';
}

export type Treated = 'left-out' | 'as-up' | 'as-down';

/** What of an agreement file is made at random; clauses and words stand around it. */
export interface MadeAgreement {
  zone: string;
  severity: { id: string; countsAsDown: boolean }[];
  causes: { excluded: Record<string, object> };
  calendars: Record<string, MadeCalendar>;
  availability: {
    parts: Record<string, { within?: string; norm?: string }>;
    excluded?: Treated;
    maintenance?: Treated;
  };
  maintenance: {
    kinds: Record<string, MadeKind>;
    notice: { term?: MadeTerm; whenTouching?: string };
    cap?: { perMonth: number; lateUsesTurn?: boolean };
  };
  readings: Record<string, { options: Record<string, { replaces: Record<string, unknown> }> }>;
  customers: Record<string, { replaces: Record<string, unknown> }>;
  versions: { validFrom: string; replaces: Record<string, unknown> }[];
}

const CLAUSE = { clause: '1' };
const WORDS = { nl: 'zo', en: 'so' };
const ZONES = ['Europe/Amsterdam', 'Europe/London', 'America/New_York', 'UTC', '+01:00', '-03:30'];
const WEEKS = [
  ['mon-sun'],
  ['mon-fri'],
  ['mon-fri', 'sat-sun'],
  ['fri-mon'],
  ['mon', 'tue', 'wed-sun'],
  ['sat-mon', 'thu'],
];
const CLOCK = '00:00 00:25 01:30 02:00 02:30 03:00 03:15 09:00 09:40 12:00 17:30 23:35 24:00';
const NORMS = ['0', '50', '75.5', '90', '99', '99.95', '100'];

const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const spans = fc
  .tuple(
    fc.subarray(CLOCK.split(' '), { minLength: 2, maxLength: 2 }),
    fc.subarray(CLOCK.split(' '), { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([two, four, once]) =>
    once ? [two.join('-')] : [four.slice(0, 2).join('-'), four.slice(2).join('-')],
  );
const weekly: fc.Arbitrary<MadeCalendar> = fc
  .constantFrom(...WEEKS)
  .chain((days) =>
    fc.record(
      {
        zone: fc.constantFrom(...ZONES),
        hours: fc.record(Object.fromEntries(days.map((day) => [day, spans]))),
        closed: fc.constantFrom('none', 'atw', 'official'),
        closedLists: fc.record({
          '2026': fc.subarray(['2026-01-01', '2026-03-29', '2026-04-01', '2026-05-15']),
        }),
      },
      { requiredKeys: ['hours'] },
    ),
  )
  .map((made) => ({ ...made, ...CLAUSE }));
const composed: fc.Arbitrary<MadeCalendar> = fc
  .constantFrom<MadeCalendar>(
    { outside: 'first' },
    { outside: 'second' },
    { anyOf: ['first', 'second'] },
    { allOf: ['first', 'second'] },
  )
  .map((made) => ({ ...made, ...CLAUSE }));
const calendarName = fc.constantFrom('first', 'second', 'third', 'always');

const norm = fc.record({ norm: fc.constantFrom(...NORMS) }, { requiredKeys: [] });
const parts: fc.Arbitrary<MadeAgreement['availability']['parts']> = fc
  .tuple(norm, norm, norm, fc.constantFrom(1, 1, 2, 3))
  .map(([one, other, last, count]) => {
    if (count === 1) return { all: { ...one, ...CLAUSE } };
    const rest = { within: 'not-third', ...other, ...CLAUSE };
    if (count === 2) return { in: { within: 'third', ...one, ...CLAUSE }, out: rest };
    return {
      both: { within: 'third-and-first', ...one, ...CLAUSE },
      one: { within: 'third-only', ...last, ...CLAUSE },
      out: rest,
    };
  });

const treated = fc.constantFrom<Treated>('left-out', 'as-up', 'as-down');
const kind: fc.Arbitrary<MadeKind> = fc
  .oneof(
    { weight: 4, arbitrary: byNotice() },
    {
      weight: 1,
      arbitrary: fc.record({
        judged: fc.constant('free' as const),
        verdict: fc.constantFrom('not-required', 'emergency', 'shown-apart'),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ judged: 'counts' as const }) },
  )
  .map((made) => ({ ...made, ...CLAUSE }));

function byNotice(): fc.Arbitrary<MadeKind> {
  return fc.record(
    {
      judged: fc.constant('by-notice' as const),
      qualifies: fc.constantFrom('in-time-work', 'in-time-window', 'announced-work', 'all-work'),
      late: fc.constantFrom('late', 'qualifies'),
    },
    { requiredKeys: ['judged'] },
  );
}

const term: fc.Arbitrary<MadeTerm> = fc.oneof(
  fc.record({ hours: fc.constantFrom(0.5, 1.25, 24, 48) }),
  fc.record({ workingDays: fc.integer({ min: 1, max: 3 }), calendar: calendarName }),
  fc.record({ localDays: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ localWeeks: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ localMonths: fc.integer({ min: 1, max: 2 }) }),
);
const kinds = fc.record({ planned: kind, emergency: kind, 'customer-requested': kind });
const maintenance = fc
  .tuple(
    kinds,
    fc.record({ term, whenTouching: calendarName }, { requiredKeys: [] }),
    sometimes(
      fc.record(
        { perMonth: fc.integer({ min: 1, max: 2 }), lateUsesTurn: fc.boolean() },
        { requiredKeys: ['perMonth'] },
      ),
    ),
  )
  .map(([allKinds, notice, cap]) => ({
    kinds: allKinds,
    notice: { ...notice, words: WORDS, ...CLAUSE },
    ...(cap ? { cap: { ...cap, ...CLAUSE } } : {}),
  }));

const severity = fc
  .tuple(fc.array(fc.boolean(), { maxLength: 3 }), fc.nat({ max: 3 }))
  .map(([others, place]) => [...others.slice(0, place), true, ...others.slice(place)])
  .map((down) =>
    down.map((countsAsDown, index) => ({
      id: `l${index}`,
      countsAsDown,
      means: WORDS,
      ...CLAUSE,
    })),
  );
const piece: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ 'availability.excluded': treated }),
  fc.record({ 'availability.maintenance': treated }),
  fc.record({ 'maintenance.kinds.planned': kind }),
  fc.record({ 'maintenance.notice.term': fc.oneof(term, fc.constant(null)) }),
  fc.record({ 'causes.excluded.internal': fc.constantFrom(CLAUSE, null) }),
);

/** Agreement files; the first days of their later versions are among `days`. */
export function anyAgreement(days: readonly string[]): fc.Arbitrary<MadeAgreement> {
  return fc
    .record({
      zone: fc.constantFrom('Europe/Amsterdam', ...ZONES),
      severity,
      excluded: fc.subarray([...CAUSES]),
      calendars: fc.record({ first: weekly, second: weekly, third: fc.oneof(weekly, composed) }),
      parts,
      treatment: fc.record({ excluded: treated, maintenance: treated }, { requiredKeys: [] }),
      maintenance,
      options: sometimes(fc.tuple(piece, piece)),
      own: sometimes(piece),
      version: sometimes(fc.record({ validFrom: fc.constantFrom(...days), replaces: piece })),
    })
    .map(({ options, own, version, ...made }) => ({
      ...wholeOf(made),
      readings: options
        ? {
            R1: {
              question: WORDS,
              ...CLAUSE,
              options: { a: { replaces: options[0] }, b: { replaces: options[1] } },
            },
          }
        : {},
      customers: own ? { k1: { source: 'made', replaces: own } } : {},
      versions: version ? [{ label: '2', ...version }] : [],
    }));
}

function wholeOf(made: {
  zone: string;
  severity: MadeAgreement['severity'];
  excluded: readonly string[];
  calendars: Record<string, MadeCalendar>;
  parts: MadeAgreement['availability']['parts'];
  treatment: { excluded?: Treated; maintenance?: Treated };
  maintenance: MadeAgreement['maintenance'];
}): Omit<MadeAgreement, 'readings' | 'customers' | 'versions'> {
  const { zone, severity: levels, treatment } = made;
  const head = { id: 'made', name: 'Made', source: 'made', version: { label: '1' } };
  const others: Record<string, MadeCalendar> = {
    'not-first': { outside: 'first' },
    'not-third': { outside: 'third' },
    'third-and-first': { allOf: ['third', 'first'] },
    'third-only': { allOf: ['third', 'not-first'] },
  };
  const named = Object.entries(others).map(([name, rule]) => [name, { ...rule, ...CLAUSE }]);
  return {
    ...head,
    ...{ components: 'any' },
    zone,
    severity: levels,
    causes: { excluded: Object.fromEntries(made.excluded.map((cause) => [cause, CLAUSE])) },
    calendars: { ...made.calendars, ...(Object.fromEntries(named) as Record<string, object>) },
    availability: { defaultPeriod: 'range', ...treatment, parts: made.parts, ...CLAUSE } as never,
    maintenance: made.maintenance,
  };
}
