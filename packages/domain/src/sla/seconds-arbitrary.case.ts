import fc from 'fast-check';
import { CAUSES } from '../incident/incident.ts';
import { MAINTENANCE_KINDS } from '../maintenance/maintenance.ts';
import { anyAgreement, type MadeAgreement, type MadeTerm } from './agreement-arbitrary.case.ts';
import type { Facts, FactsMaintenance, FactsOutage } from './facts.ts';

/* Random agreements with random facts on odd seconds, over a minute to two hours. */

/** A change of clocks, a midnight, a month's or year's end, a holiday, and limits of opening hours. */
const ANCHORS = [
  '2025-12-31T23:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-03-31T22:00:00Z',
  '2026-04-05T22:00:00Z',
  '2026-05-11T07:00:00Z',
  '2026-05-15T15:30:00Z',
  '2026-10-25T01:00:00Z',
  '2026-11-01T06:00:00Z',
].map((text) => Date.parse(text));

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
const dayOf = (at: number): string => iso(at).slice(0, 10);

export interface MadeCase {
  agreement: MadeAgreement;
  facts: Facts;
}

/** Agreements with facts under them. */
export function anyCase(): fc.Arbitrary<MadeCase> {
  return fc
    .constantFrom(...ANCHORS)
    .chain((anchor) =>
      fc.tuple(
        fc.constant(anchor),
        anyAgreement([dayOf(anchor - DAY), dayOf(anchor), dayOf(anchor + DAY)]),
        fc.oneof(fc.integer({ min: 1, max: 240 }), fc.integer({ min: 60, max: 7200 })),
      ),
    )
    .chain(([anchor, agreement, length]) =>
      fc
        .oneof(fc.integer({ min: -length, max: 0 }), fc.constantFrom(-length, 0))
        .chain((before) => factsFrom(agreement, anchor + before * SECOND, length))
        .map((facts) => ({ agreement, facts })),
    );
}

interface Span {
  from: number;
  to: number;
}

function factsFrom(agreement: MadeAgreement, start: number, length: number): fc.Arbitrary<Facts> {
  const margin = Math.ceil(length / 4);
  const at = fc
    .integer({ min: -margin, max: length + margin })
    .map((second) => start + second * SECOND);
  const span: fc.Arbitrary<Span> = fc
    .tuple(at, fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: length })))
    .map(([from, seconds]) => ({ from, to: from + seconds * SECOND }));
  const asOf = fc
    .integer({ min: 0, max: length + margin })
    .map((second) => start + second * SECOND);
  const customers = fc.option(fc.constantFrom<string[]>(['k1'], ['k2', 'k1'], ['k2']), {
    nil: undefined,
    freq: 3,
  });
  const readings = Object.keys(agreement.readings).map((id) => [id, fc.constantFrom('a', 'b')]);
  return asOf
    .chain((until) =>
      fc.record({
        asOf: fc.constant(iso(until)),
        customer: fc.constantFrom(undefined, 'k1'),
        readings: fc.record(Object.fromEntries(readings) as Record<string, fc.Arbitrary<string>>),
        outages: fc.array(outage(agreement, span, customers, until), { maxLength: 5 }),
        maintenances: fc.array(maintenance(agreement, span, customers, until), {
          maxLength: 4,
        }),
        unmeasured: fc.array(
          span.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
          { maxLength: 2 },
        ),
      }),
    )
    .map((made) => ({
      ...made,
      agreement: 'made',
      component: 'any',
      period: { kind: 'range', from: iso(start), to: iso(start + length * SECOND) },
      outages: made.outages.map((one, index) => ({ ...one, id: `O${index}` })),
      maintenances: made.maintenances.map((one, index) => ({ ...one, id: `M${index}` })),
    }))
    .map((made) => JSON.parse(JSON.stringify(made)) as Facts);
}

function outage(
  agreement: MadeAgreement,
  span: fc.Arbitrary<Span>,
  customers: fc.Arbitrary<string[] | undefined>,
  asOf: number,
): fc.Arbitrary<object> {
  const level = fc.constantFrom(...agreement.severity.map(({ id }) => id));
  return fc
    .record({
      span,
      goesOn: fc.boolean(),
      levels: fc.array(fc.tuple(level, fc.double({ min: 0.01, max: 0.99, noNaN: true })), {
        minLength: 1,
        maxLength: 3,
      }),
      cause: fc.option(fc.constantFrom(...CAUSES), { nil: undefined }),
      customers,
    })
    .map(({ span: { from, to }, goesOn, levels, ...rest }) => {
      const seconds = (to - from) / SECOND;
      const changes = new Map(
        levels.map(([one, share], index) => [index === 0 ? 0 : Math.ceil(share * seconds), one]),
      );
      const severity = [...changes]
        .filter(([second]) => second < seconds)
        .toSorted(([a], [b]) => a - b)
        .map(([second, one]) => ({ from: iso(from + second * SECOND), level: one }));
      const open = goesOn && from <= asOf && severity.length === 1;
      return {
        from: iso(from),
        to: open ? undefined : iso(to),
        severity: severity.length === 1 ? severity[0]?.level : severity,
        ...rest,
      } satisfies Partial<Record<keyof FactsOutage, unknown>>;
    });
}

function maintenance(
  { maintenance: rules }: MadeAgreement,
  span: fc.Arbitrary<Span>,
  customers: fc.Arbitrary<string[] | undefined>,
  asOf: number,
): fc.Arbitrary<object> {
  const lead = fc
    .tuple(
      fc.constantFrom(...leadsOf(rules.notice.term)),
      fc.constantFrom(0, 0, 1, -1, 3600, -3600, 7, -13, 65_000),
    )
    .map(([amount, jitter]) => amount + jitter * SECOND);
  return fc
    .record({
      kind: fc.constantFrom(...MAINTENANCE_KINDS),
      windows: fc.array(fc.tuple(span, lead), { maxLength: 3 }),
      work: fc.option(fc.tuple(span, fc.integer({ min: 0, max: 4 }))),
      otherwise: span,
      cancelled: fc.integer({ min: 0, max: 9 }),
      customers,
    })
    .map(({ kind, windows, work, otherwise, cancelled, customers: hit }) => {
      const announcements = windows
        .map(([window, before]) => ({ at: window.from - before, ...window }))
        .toSorted((a, b) => a.at - b.at);
      const last = announcements.at(-1);
      const isCancelled = cancelled === 0 && last !== undefined;
      const [done, open] = work ?? (last ? [null, 1] : [otherwise, 1]);
      const goesOn = open === 0 && done !== null && done.from <= asOf;
      return {
        kind,
        announcements: announcements.map((one) => ({
          at: iso(one.at),
          from: iso(one.from),
          to: iso(one.to),
        })),
        cancelledAt: isCancelled ? iso(last.from - SECOND) : undefined,
        work:
          done && !isCancelled
            ? { from: iso(done.from), to: goesOn ? undefined : iso(done.to) }
            : undefined,
        reason: kind === 'emergency' ? 'it had to be' : undefined,
        customers: hit,
      } satisfies Partial<Record<keyof FactsMaintenance, unknown>>;
    });
}

/** How long before its start a maintenance is about in time under a term. */
function leadsOf(term: MadeTerm | undefined): number[] {
  const days = (...counts: number[]): number[] => counts.map((count) => count * DAY);
  if (term?.hours !== undefined) return [term.hours * HOUR];
  if (term?.localDays !== undefined) return days(term.localDays);
  if (term?.localWeeks !== undefined) return days(7 * term.localWeeks);
  if (term?.localMonths !== undefined)
    return days(...[28, 30, 31].map((count) => count * (term.localMonths ?? 1)));
  const wanted = term?.workingDays;
  return wanted === undefined ? [0, HOUR] : days(wanted, wanted + 1, wanted + 2, wanted + 3);
}
