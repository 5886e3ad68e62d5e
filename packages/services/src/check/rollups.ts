import type { Handle } from '@upheld/db/database.ts';
import type { CheckResult } from '@upheld/domain/monitor/outcome.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { sql } from '@upheld/db/query.ts';

/** Five minutes of one monitor in one row. */
const BUCKET_MS = 5 * 60_000;
/** Rows an insert: PostgreSQL takes at most 65,535 parameters, a row has eight. */
const CHUNK = 1000;

type Row = Handle['t']['checkRollups']['$inferInsert'];

/** Counts of checks that are not written one by one. */
export interface Rollups {
  add(result: CheckResult): void;
  /** Writes the buckets that are over at `now`, or all of them. Those written are forgotten by `settle`. */
  write(h: Handle, now: Instant, all?: boolean): Promise<readonly Row[]>;
  settle(written: readonly Row[]): void;
}

/** Rollups in memory; a crash loses at most the counts of the running five minutes, never a state. */
export function createRollups(): Rollups {
  const rows = new Map<string, Row>();
  return {
    add({ monitorId, at, outcome }) {
      let row = rows.get(monitorId);
      if (!row || at >= row.bucketAt + BUCKET_MS) {
        if (row) rows.set(`${monitorId}@${row.bucketAt}`, row);
        row = emptyRow(monitorId, at);
        rows.set(monitorId, row);
      }
      const latency = Math.round(outcome.evidence.latencyMs ?? 0);
      row[outcome.kind] += 1;
      row.latencySumMs += latency;
      row.latencyMaxMs = Math.max(row.latencyMaxMs, latency);
    },
    async write({ q, t }, now, all = false) {
      const due = [...rows.values()].filter((row) => all || row.bucketAt + BUCKET_MS <= now);
      const { checkRollups: table } = t;
      const added = (column: keyof Row & keyof typeof table): ReturnType<typeof sql> =>
        sql`${table[column]} + excluded.${sql.identifier(columnNames[column] ?? column)}`;
      for (let start = 0; start < due.length; start += CHUNK)
        await q
          .insert(table)
          .values(due.slice(start, start + CHUNK))
          .onConflictDoUpdate({
            target: [table.bucketAt, table.monitorId],
            set: {
              ok: added('ok'),
              degraded: added('degraded'),
              failed: added('failed'),
              inconclusive: added('inconclusive'),
              latencySumMs: added('latencySumMs'),
              latencyMaxMs: sql`case when excluded.latency_max_ms > ${table.latencyMaxMs} then excluded.latency_max_ms else ${table.latencyMaxMs} end`,
            },
          });
      return due;
    },
    settle(written) {
      const gone = new Set(written);
      for (const [key, row] of rows) if (gone.has(row)) rows.delete(key);
    },
  };
}

const columnNames: Readonly<Partial<Record<keyof Row, string>>> = {
  latencySumMs: 'latency_sum_ms',
};

function emptyRow(monitorId: string, at: Instant): Row {
  return {
    monitorId,
    bucketAt: Math.floor(at / BUCKET_MS) * BUCKET_MS,
    ok: 0,
    degraded: 0,
    failed: 0,
    inconclusive: 0,
    latencySumMs: 0,
    latencyMaxMs: 0,
  };
}
