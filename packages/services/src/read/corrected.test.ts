import { CORRECTION_KINDS } from '@upheld/domain/correction/correction.ts';
import { CAUSES } from '@upheld/domain/incident/incident.ts';
import { parseFacts } from '@upheld/domain/sla/parse-facts.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { testContext } from '@upheld/testkit/context.ts';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { componentsOf } from '../components.ts';
import { correct } from './corrected.ts';
import { holding, type CorrectionRow } from './corrections.ts';
import { coverOf, factsOf } from './facts.ts';
import { NO_MERGES } from './merges.ts';
import type { Recorded } from './recorded-types.ts';

/* Corrections of any kind, of any records. No database: the rows are those that a reader would give. */

const FROM = Date.UTC(2026, 10, 1);
const TO = Date.UTC(2026, 10, 1, 2);
const OUTAGES = ['outage-0', 'outage-1', 'outage-2'];
const WORKS = ['maintenance-0', 'maintenance-1'];

const moment = fc.integer({ min: FROM - 600_000, max: TO + 600_000 });
const span = fc
  .tuple(moment, fc.integer({ min: 0, max: 3_600_000 }))
  .map(([from, ms]) => ({ from, to: from + ms }));
const second = moment.map((at) => Math.floor(at / 1000) * 1000);

const recorded: fc.Arbitrary<Recorded> = fc
  .record({
    outages: fc.array(span, { minLength: OUTAGES.length, maxLength: OUTAGES.length }),
    windows: fc.array(fc.tuple(second, fc.integer({ min: 1, max: 7200 })), {
      minLength: WORKS.length,
      maxLength: WORKS.length,
    }),
    worked: fc.boolean(),
    cancelled: fc.boolean(),
    unmeasured: fc.array(
      span.filter(({ from, to }) => from < to),
      { maxLength: 2 },
    ),
  })
  .map(({ outages, windows, worked, cancelled, unmeasured }) => ({
    createdAt: FROM,
    measuredSince: FROM,
    unmeasured,
    changes: [],
    merges: NO_MERGES,
    outages: outages.map(({ from, to }, index) => ({
      id: OUTAGES[index] ?? '',
      componentId: 'fysioone',
      incidentId: `incident-${index}`,
      monitorId: 'web',
      state: 'down' as const,
      startedAt: from,
      endedAt: to,
    })),
    maintenances: windows.map(([from, seconds], index) => {
      const to = from + seconds * 1000;
      const at = from - 72 * 3_600_000;
      return {
        id: WORKS[index] ?? '',
        kind: 'planned' as const,
        titleNl: 't',
        titleEn: 't',
        reason: null,
        windowFrom: from,
        windowTo: to,
        cancelledAt: cancelled && index === 0 ? from - 500 : null,
        workStartedAt: worked && !cancelled ? from : null,
        workEndedAt: worked && !cancelled ? Math.max(from + 1, to - 60_000) : null,
        seriesId: null,
        occurrenceAt: null,
        createdAt: at,
        createdBy: 'jan',
        updatedAt: at,
        version: 1,
        announcements: [{ at, from, to }],
      };
    }),
  }));

type Matter = Pick<CorrectionRow, 'outageId' | 'kind'> & {
  cause: (typeof CAUSES)[number];
  severity: string;
  maintenanceId: string;
};
const matters: fc.Arbitrary<Matter[]> = fc.array(
  fc.record({
    outageId: fc.constantFrom(...OUTAGES),
    kind: fc.constantFrom(...CORRECTION_KINDS),
    cause: fc.constantFrom(...CAUSES),
    severity: fc.constantFrom('a', 'b', 'c'),
    maintenanceId: fc.constantFrom(...WORKS),
  }),
  { maxLength: 8 },
);

/** The rows that `correctOutage` would have left. */
function rowsOf(said: readonly Matter[], { outages }: Recorded): CorrectionRow[] {
  return said.map(({ outageId, kind, cause, severity, maintenanceId }, index) => {
    const outage = outages.find(({ id }) => id === outageId);
    return {
      id: `correction-${index}`,
      outageId,
      kind,
      cause: kind === 'cause' ? cause : null,
      agreement: kind === 'severity' ? 'spotonmedics' : null,
      severity: kind === 'severity' ? severity : null,
      maintenanceId: kind === 'maintenance' ? maintenanceId : null,
      withdraws: null,
      recordedAt: TO + index,
      componentId: 'fysioone',
      startedAt: outage?.startedAt ?? FROM,
      endedAt: outage?.endedAt ?? FROM,
    };
  });
}

function withdrawals(rows: readonly CorrectionRow[]): CorrectionRow[] {
  const nothing = { cause: null, agreement: null, severity: null, maintenanceId: null };
  return rows.map((row) => ({
    ...row,
    ...nothing,
    id: `withdrawal-${row.id}`,
    kind: 'withdrawn',
    withdraws: row.id,
  }));
}

describe('corrections of any records', () => {
  const ctx = testContext(undefined as never);
  const [covered] = coverOf(componentsOf(ctx.config()).get('fysioone')!, ctx.agreements());
  assert.ok(covered);
  const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');
  const factsFrom = (records: Recorded): Facts =>
    factsOf(records, covered, {
      period: { kind: 'range', from: iso(FROM), to: iso(TO) },
      span: { from: FROM, to: TO },
      asOf: TO,
      knownAt: TO,
    });
  const corrected = (records: Recorded, rows: readonly CorrectionRow[]): Recorded =>
    correct(records, holding(rows), []);

  it('make sound facts, and a statement of which the buckets add up', () => {
    fc.assert(
      fc.property(recorded, matters, (records, said) => {
        const facts = factsFrom(corrected(records, rowsOf(said, records)));
        const parsed = parseFacts(JSON.parse(JSON.stringify(facts)), ctx.agreements());
        assert.deepEqual(parsed.ok ? [] : parsed.faults, []);
        for (const { seconds } of statement(facts, covered.agreement).availability) {
          const { total, ...buckets } = seconds;
          const sum = Object.values(buckets).reduce((all, part) => all + part, 0);
          assert.equal(sum, total);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('change nothing when all of them are withdrawn', () => {
    fc.assert(
      fc.property(recorded, matters, (records, said) => {
        const rows = rowsOf(said, records);
        const back = corrected(records, [...rows, ...withdrawals(rows)]);
        assert.deepEqual(factsFrom(back), factsFrom(records));
      }),
      { numRuns: 300 },
    );
  });

  it('never change what was recorded', () => {
    fc.assert(
      fc.property(recorded, matters, (records, said) => {
        const before = structuredClone(factsFrom(records));
        const { asRecorded } = corrected(records, rowsOf(said, records));
        assert.deepEqual(factsFrom(asRecorded ?? records), before);
        assert.deepEqual(factsFrom(records), before);
      }),
      { numRuns: 300 },
    );
  });

  it('of other outages change nothing', () => {
    fc.assert(
      fc.property(recorded, matters, (records, said) => {
        const rows = rowsOf(said, records).map((row) => ({
          ...row,
          outageId: `other-${row.outageId}`,
          maintenanceId: row.maintenanceId === null ? null : `other-${row.maintenanceId}`,
        }));
        assert.equal(corrected(records, rows), records);
      }),
      { numRuns: 200 },
    );
  });

  it('count no second twice: without them more is down, or as much, unless a level says so', () => {
    fc.assert(
      fc.property(recorded, matters, (records, said) => {
        // To call something worse is the one correction that can add down time.
        const milder = said.filter(({ kind }) => kind === 'false-alarm' || kind === 'maintenance');
        const down = (of: Recorded): number =>
          statement(factsFrom(of), covered.agreement).availability[0]?.seconds.down ?? 0;
        assert.ok(down(corrected(records, rowsOf(milder, records))) <= down(records));
      }),
      { numRuns: 300 },
    );
  });
});
