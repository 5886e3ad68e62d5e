import type { Database, Handle } from '@upheld/db/database.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { setOf, subtract, type Interval, type IntervalSet } from '@upheld/domain/time/interval.ts';
import { and, eq, gt, inArray, isNull, lt, max, min, or } from '@upheld/db/query.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import type { RecordedQuery } from './recorded-types.ts';

/** The measuring process beats every ten seconds; so long without a beat, it is not measuring. */
export const STALE_AFTER_MS = 30_000;

/** How well one component was measured. */
export interface Measuring {
  createdAt: Instant;
  since: Instant | null;
  /** Within the stretch asked for and until `now`; merged. */
  unmeasured: IntervalSet;
}

/** Until when somebody certainly measured; null when nobody ever did. */
export async function readDataAsOf({ q, t }: Handle): Promise<Instant | null> {
  const [row] = await q.select({ at: max(t.workers.beatAt) }).from(t.workers);
  return row?.at ?? null;
}

/**
 * When each component was not measured. It was measured while at least one of its monitors could say
 * something: one that sees it work or fail is enough to know. A monitor counts from its first conclusive
 * check, outside its gaps; one that left the configuration until its last word; and none of them after the
 * measuring process fell silent.
 */
export async function readMeasuring(
  ctx: Context,
  h: Handle,
  query: RecordedQuery,
): Promise<Map<string, Measuring>> {
  const { span, now } = query;
  const whole = { from: span.from, to: Math.min(span.to, now) };
  const silent = silenceAfter(await readDataAsOf(h), now);
  const gaps = Map.groupBy(await gapsIn(h, query), (gap) => gap.monitorId);
  const monitors = Map.groupBy(await monitorsOf(ctx, h, query), (one) => one.componentId);
  const measuring = new Map<string, Measuring>();
  for (const { id, createdAt, measuredSince } of await componentRows(h, query)) {
    const measured = (monitors.get(id) ?? []).flatMap((monitor) => {
      const since = monitor.since ?? (monitor.concluded ? measuredSince : null);
      if (since === null) return [];
      const from = Math.max(since, whole.from);
      const alive = setOf([{ from, to: Math.min(monitor.until, whole.to) }]);
      return subtract(alive, setOf([...(gaps.get(monitor.id) ?? []), ...silent]));
    });
    const unmeasured = subtract(setOf([whole]), setOf(measured));
    measuring.set(id, { createdAt, since: measuredSince, unmeasured });
  }
  return measuring;
}

function silenceAfter(dataAsOf: Instant | null, now: Instant): Interval[] {
  if (dataAsOf !== null && now - dataAsOf <= STALE_AFTER_MS) return [];
  return [{ from: dataAsOf ?? -Infinity, to: Infinity }];
}

function componentRows({ q, t }: Handle, { componentId }: RecordedQuery) {
  return q
    .select({
      id: t.components.id,
      createdAt: t.components.createdAt,
      measuredSince: t.components.measuredSince,
    })
    .from(t.components)
    .where(componentId === undefined ? undefined : eq(t.components.id, componentId));
}

async function gapsIn(
  { q, t }: Handle,
  { span, componentId }: RecordedQuery,
): Promise<(Interval & { monitorId: string })[]> {
  const rows = await q
    .select({
      monitorId: t.gaps.monitorId,
      startedAt: t.gaps.startedAt,
      endedAt: t.gaps.endedAt,
    })
    .from(t.gaps)
    .where(
      and(
        componentId === undefined ? undefined : eq(t.gaps.componentId, componentId),
        lt(t.gaps.startedAt, span.to),
        or(isNull(t.gaps.endedAt), gt(t.gaps.endedAt, span.from)),
      ),
    );
  return rows.map(({ monitorId, startedAt, endedAt }) => ({
    monitorId,
    from: startedAt,
    to: endedAt ?? Infinity,
  }));
}

interface MonitorLife {
  id: string;
  componentId: string;
  /** Its first conclusive check, from the ledger of transitions; null when that knows none. */
  since: Instant | null;
  /** It has said something conclusive. */
  concluded: boolean;
  /** Infinity while it is configured. */
  until: Instant;
}

async function monitorsOf(
  ctx: Context,
  h: Handle,
  { componentId }: RecordedQuery,
): Promise<MonitorLife[]> {
  const { q, t } = h;
  const rows = await q
    .select({
      id: t.monitors.id,
      componentId: t.monitors.componentId,
      state: t.monitors.state,
      lastResultAt: t.monitors.lastResultAt,
    })
    .from(t.monitors)
    .where(componentId === undefined ? undefined : eq(t.monitors.componentId, componentId));
  const configured = new Set(
    [...componentsOf(ctx.config()).values()].flatMap((c) => c.monitors.map((m) => m.id)),
  );
  const first = await firstSeen(ctx.db, h, rows);
  return rows.map((row) => ({
    id: row.id,
    componentId: row.componentId,
    since: first.get(pairOf(row.componentId, row.id)) ?? null,
    concluded: row.state !== 'unknown',
    until: configured.has(row.id) ? Infinity : (row.lastResultAt ?? -Infinity),
  }));
}

// The first transition of a monitor never changes, so it is asked for once.
const firstTransitions = new WeakMap<Database, Map<string, Instant>>();

// A monitor can move to another component: what it saw before says nothing of that one.
function pairOf(componentId: string, monitorId: string): string {
  return `${componentId} ${monitorId}`;
}

async function firstSeen(
  db: Database,
  { q, t }: Handle,
  monitors: readonly { id: string; componentId: string }[],
): Promise<ReadonlyMap<string, Instant>> {
  const known = firstTransitions.get(db) ?? new Map<string, Instant>();
  firstTransitions.set(db, known);
  const unknown = monitors.filter(({ id, componentId }) => !known.has(pairOf(componentId, id)));
  if (unknown.length === 0) return known;
  const { monitorId, componentId, at } = t.transitions;
  const rows = await q
    .select({ monitorId, componentId, at: min(at) })
    .from(t.transitions)
    .where(
      inArray(
        monitorId,
        unknown.map(({ id }) => id),
      ),
    )
    .groupBy(componentId, monitorId);
  for (const row of rows)
    if (row.at !== null) known.set(pairOf(row.componentId, row.monitorId), row.at);
  return known;
}
