import { CAUSES } from '@upheld/domain/incident/incident.ts';
import { parseFacts } from '@upheld/domain/sla/parse-facts.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { testContext } from '@upheld/testkit/context.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { componentsOf } from '../components.ts';
import { coverOf, factsOf } from './facts.ts';
import { NO_MERGES } from './merges.ts';
import type { Recorded } from './recorded-types.ts';

/*
 * Anything that can be recorded has to become facts that a customer can feed to `upheld statement`.
 * No database: the rows are those that a reader would give.
 */

const FROM = Date.UTC(2026, 10, 1);
const TO = Date.UTC(2026, 10, 1, 2);
const NOW = TO + 1_800_000;

// Moments in milliseconds around the edges of an hour or two, often the same ones.
const moment = fc.oneof(
  fc.integer({ min: FROM - 600_000, max: NOW }),
  fc.constantFrom(FROM, TO, NOW, FROM + 1, TO - 1, FROM + 999, FROM + 1000),
);
const span = fc
  .tuple(moment, moment)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const open = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(value, { nil: null, freq: 4 });

const outages = fc.array(
  fc
    .record({ span, ends: fc.boolean(), monitor: fc.constantFrom('web', 'api', null) })
    .chain(({ span: { from, to }, ends, monitor }) =>
      fc.record({
        componentId: fc.constant('fysioone'),
        incidentId: fc.constantFrom('incident-1', 'incident-2'),
        monitorId: fc.constant(monitor),
        state: fc.constantFrom('down' as const, 'degraded' as const),
        startedAt: fc.constant(from),
        endedAt: fc.constant(ends ? to : null),
      }),
    ),
  { maxLength: 6 },
);
const changes = fc.array(
  fc
    .record({
      incidentId: fc.constantFrom('incident-1', 'incident-2'),
      agreement: fc.constantFrom('spotonmedics', 'standard'),
      severity: fc.constantFrom('a', 'b', 'c'),
      cause: fc.constantFrom(...CAUSES),
      isCause: fc.boolean(),
      effectiveFrom: moment,
      recordedAt: moment,
      recordedBy: fc.constantFrom('detector', 'jan'),
    })
    .map(({ isCause, agreement, severity, cause, ...rest }) => ({
      ...rest,
      componentId: 'fysioone',
      agreement: isCause ? null : agreement,
      severity: isCause ? null : severity,
      cause: isCause ? cause : null,
    })),
  { maxLength: 8 },
);
const wholeSecond = moment.map((at) => Math.floor(at / 1000) * 1000);
const maintenances = fc.array(
  fc
    .record({
      kind: fc.constantFrom(
        'planned' as const,
        'emergency' as const,
        'customer-requested' as const,
      ),
      windows: fc.array(fc.tuple(wholeSecond, fc.integer({ min: 1, max: 3600 })), {
        minLength: 1,
        maxLength: 3,
      }),
      announced: fc.array(wholeSecond, { minLength: 3, maxLength: 3 }),
      cancelled: fc.boolean(),
      work: open(span),
      finished: fc.boolean(),
    })
    .map(({ kind, windows, announced, cancelled, work, finished }) => {
      const moments = announced.sort((a, b) => a - b);
      const announcements = windows.map(([from, seconds], index) => ({
        at: moments[index] ?? FROM,
        from,
        to: from + seconds * 1000,
      }));
      const last = announcements.at(-1) ?? { from: FROM, to: TO };
      const done = work && work.from < work.to && !cancelled ? work : null;
      return {
        kind,
        titleNl: 't',
        titleEn: 't',
        reason: kind === 'emergency' ? 'a leak' : null,
        windowFrom: last.from,
        windowTo: last.to,
        cancelledAt: cancelled ? last.from - 500 : null,
        workStartedAt: done?.from ?? null,
        workEndedAt: finished && done ? done.to : null,
        seriesId: null,
        occurrenceAt: null,
        createdAt: FROM,
        createdBy: 'jan',
        updatedAt: FROM,
        version: 1,
        announcements,
      };
    }),
  { maxLength: 4 },
);

const recorded: fc.Arbitrary<Recorded> = fc
  .record({
    outages,
    changes,
    maintenances,
    unmeasured: fc.array(
      span.filter(({ from, to }) => from < to),
      { maxLength: 4 },
    ),
  })
  .map((given) => ({
    ...given,
    createdAt: FROM,
    measuredSince: FROM,
    merges: NO_MERGES,
    outages: given.outages.map((outage, index) => ({ ...outage, id: `outage-${index}` })),
    maintenances: given.maintenances.map((row, index) => ({ ...row, id: `maintenance-${index}` })),
  }));

describe('facts from any records', () => {
  it('are sound, and make a statement of which the buckets add up', () => {
    const ctx = testContext(undefined as never);
    const component = componentsOf(ctx.config()).get('fysioone')!;
    const [covered] = coverOf(component, ctx.agreements());
    assert.ok(covered);
    const from = new Date(FROM).toISOString().replace('.000', '');
    const to = new Date(TO).toISOString().replace('.000', '');
    fc.assert(
      fc.property(recorded, fc.constantFrom(TO, NOW, FROM + 1000), (records, asOf) => {
        const facts = factsOf(records, covered, {
          period: { kind: 'range', from, to },
          span: { from: FROM, to: TO },
          asOf,
          knownAt: NOW,
        });
        const parsed = parseFacts(JSON.parse(JSON.stringify(facts)), ctx.agreements());
        assert.deepEqual(parsed.ok ? [] : parsed.faults, []);
        for (const { seconds } of statement(facts, covered.agreement).availability) {
          const { total, ...buckets } = seconds;
          assert.equal(
            Object.values(buckets).reduce((sum, part) => sum + part, 0),
            total,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});
