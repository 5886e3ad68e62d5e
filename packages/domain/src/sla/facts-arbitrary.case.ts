import fc from 'fast-check';
import { CAUSES } from '../incident/incident.ts';
import { MAINTENANCE_KINDS } from '../maintenance/maintenance.ts';
import type { Agreement } from './agreement.ts';
import {
  PAUSE_REASONS,
  TICKET_EVENTS,
  TICKET_KINDS,
  type Facts,
  type FactsMaintenance,
  type FactsOutage,
  type FactsTicket,
} from './facts.ts';
import { STEP } from './naive-time.case.ts';

/* Random sound facts around the days of 2026 that are hard: clock changes, holidays, a month's end. */

const ANCHORS = [
  '2026-01-29',
  '2026-03-27',
  '2026-04-01',
  '2026-04-24',
  '2026-05-11',
  '2026-05-28',
  '2026-10-22',
].map((date) => Date.parse(`${date}T22:00:00Z`));
const STEPS = (8 * 86_400_000) / STEP;

const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

interface Span {
  from: number;
  to: number;
}

/** Facts under one of the agreements, over at most eight days. */
export function soundFacts(agreements: readonly Agreement[]): fc.Arbitrary<Facts> {
  return fc
    .record({ agreement: fc.constantFrom(...agreements), anchor: fc.constantFrom(...ANCHORS) })
    .chain(({ agreement, anchor }) => factsFrom(agreement, anchor));
}

function factsFrom(agreement: Agreement, anchor: number): fc.Arbitrary<Facts> {
  const at = fc.integer({ min: 0, max: STEPS }).map((step) => anchor + step * STEP);
  const spanOf = (longest: number): fc.Arbitrary<Span> =>
    fc
      .tuple(at, fc.integer({ min: 1, max: longest }))
      .map(([from, steps]) => ({ from, to: from + steps * STEP }));
  const asOf = anchor + STEPS * STEP;
  const level = fc.constantFrom(...agreement.severityLevels.map(({ id }) => id));
  const customers = fc.option(fc.subarray(['k1', 'k2'], { minLength: 1 }), {
    nil: undefined,
    freq: 4,
  });
  const readings = fc.record(
    Object.fromEntries(
      agreement.readings.map(({ id, options }) => [id, fc.constantFrom(...options)]),
    ),
  );
  const ids = <T extends { id: string }>(items: fc.Arbitrary<T>, prefix: string, most: number) =>
    fc
      .array(items, { maxLength: most })
      .map((list) => list.map((item, index) => ({ ...item, id: `${prefix}${index}` })));
  return fc
    .record({
      readings,
      customer: fc.constantFrom(undefined, 'k1'),
      component: fc.constantFrom(...agreement.components.map(({ id }) => id)),
      period: spanOf(STEPS),
      outages: ids(outage(spanOf, level, customers, asOf), 'O', 6),
      maintenances: ids(maintenance(at, spanOf, customers, anchor), 'M', 7),
      unmeasured: fc.array(spanOf(40), { maxLength: 2 }),
      tickets: ids(ticket(at, spanOf, level), 'T', 3),
    })
    .map((made) => ({
      ...made,
      agreement: agreement.id,
      asOf: iso(asOf),
      period: { kind: 'range', from: iso(made.period.from), to: iso(made.period.to) },
      unmeasured: made.unmeasured.map((gap) => ({ from: iso(gap.from), to: iso(gap.to) })),
    }))
    .map((made) => withoutUndefined(made) as unknown as Facts);
}

function outage(
  spanOf: (longest: number) => fc.Arbitrary<Span>,
  level: fc.Arbitrary<string>,
  customers: fc.Arbitrary<string[] | undefined>,
  asOf: number,
): fc.Arbitrary<FactsOutage> {
  return fc
    .record({
      span: spanOf(60),
      ends: fc.boolean(),
      levels: fc.array(level, { minLength: 1, maxLength: 3 }),
      cause: fc.option(fc.constantFrom(...CAUSES), { nil: undefined }),
      customers,
      incident: fc.constantFrom(undefined, undefined, 'I1', 'I2'),
    })
    .map(({ span, ends, levels, ...rest }) => {
      const steps = (span.to - span.from) / STEP;
      const changes = levels.slice(0, steps).map((one, index) => ({
        from: iso(span.from + index * STEP * Math.max(1, Math.floor(steps / levels.length))),
        level: one,
      }));
      const over = ends || span.from > asOf;
      const severity = changes.length === 1 ? (changes[0]?.level ?? '') : changes;
      return withoutUndefined({
        id: '',
        from: iso(span.from),
        to: over ? iso(span.to) : undefined,
        severity,
        ...rest,
      }) as unknown as FactsOutage;
    });
}

function maintenance(
  at: fc.Arbitrary<number>,
  spanOf: (longest: number) => fc.Arbitrary<Span>,
  customers: fc.Arbitrary<string[] | undefined>,
  anchor: number,
): fc.Arbitrary<FactsMaintenance> {
  const notice = fc.integer({ min: -4, max: (8 * 86_400_000) / STEP });
  const announcement = fc.record({
    window: spanOf(24),
    notice,
    second: fc.constantFrom(0, 0, 1000, -1000),
  });
  const shift = fc.integer({ min: -12, max: 12 });
  return fc
    .record({
      kind: fc.constantFrom(...MAINTENANCE_KINDS),
      first: fc.option(announcement, { freq: 6 }),
      shifts: fc.array(fc.tuple(shift, shift, fc.integer({ min: 0, max: 300 })), { maxLength: 2 }),
      work: fc.option(fc.record({ from: at, steps: fc.integer({ min: 1, max: 30 }) })),
      cancelled: fc.integer({ min: 0, max: 9 }),
      customers,
    })
    .map(({ kind, first, shifts, work, cancelled, customers: hit }) => {
      const announcements = first ? announced(first, shifts) : [];
      const last = announcements.at(-1);
      const isCancelled = cancelled === 0 && last !== undefined;
      const span = workNear(last, work ?? (last ? null : { from: anchor, steps: 4 }));
      return withoutUndefined({
        id: '',
        kind,
        announcements: announcements.map(inIso),
        cancelledAt: isCancelled ? iso(last.from - 1000) : undefined,
        work: span && !isCancelled ? { from: iso(span.from), to: iso(span.to) } : undefined,
        reason: kind === 'emergency' ? 'it had to be' : undefined,
        customers: hit,
      }) as unknown as FactsMaintenance;
    });
}

interface Announced extends Span {
  at: number;
}

const inIso = ({ at, from, to }: Announced) => ({ at: iso(at), from: iso(from), to: iso(to) });

function announced(
  { window, notice, second }: { window: Span; notice: number; second: number },
  shifts: readonly (readonly [number, number, number])[],
): Announced[] {
  let last = { at: window.from - notice * STEP + second, ...window };
  const announcements = [last];
  for (const [begin, end, later] of shifts) {
    const from = last.from + begin * STEP;
    last = { at: last.at + later * STEP, from, to: Math.max(from + STEP, last.to + end * STEP) };
    announcements.push(last);
  }
  return announcements;
}

/** Work near what was announced, so that the two meet often. */
function workNear(
  last: Span | undefined,
  work: { from: number; steps: number } | null,
): Span | null {
  if (!work) return null;
  const from = last ? last.from + ((work.from / STEP) % 8) * STEP : work.from;
  return { from, to: from + work.steps * STEP };
}

function ticket(
  at: fc.Arbitrary<number>,
  spanOf: (longest: number) => fc.Arbitrary<Span>,
  level: fc.Arbitrary<string>,
): fc.Arbitrary<FactsTicket> {
  return fc
    .record({
      kind: fc.constantFrom(...TICKET_KINDS),
      levels: fc.uniqueArray(fc.tuple(at, level), {
        selector: ([from]) => from,
        minLength: 1,
        maxLength: 3,
      }),
      events: fc.array(fc.tuple(at, fc.constantFrom(...TICKET_EVENTS)), { maxLength: 8 }),
      pauses: fc.array(fc.tuple(spanOf(80), fc.constantFrom(...PAUSE_REASONS)), { maxLength: 5 }),
    })
    .map(({ kind, levels, events, pauses }) => ({
      id: '',
      kind,
      severity:
        levels.length === 1
          ? (levels[0]?.[1] ?? '')
          : levels
              .toSorted(([a], [b]) => a - b)
              .map(([from, one]) => ({ from: iso(from), level: one })),
      events: events.map(([when, event]) => ({ at: iso(when), event })),
      pauses: pauses.map(([span, reason]) => ({ from: iso(span.from), to: iso(span.to), reason })),
    }));
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
