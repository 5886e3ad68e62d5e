import { occurrencesBetween } from '@upheld/domain/maintenance/recurrence.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Interval } from '@upheld/domain/time/interval.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { and, asc, eq, gt, inArray, isNull, lt } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { announcedAmong, runningSeries, skipsOf, type SeriesRow } from './series-view.ts';

/**
 * A window of other maintenance that was not called off, announced or of a series that will be; or one of a
 * series that was skipped.
 */
export interface CalendarWindow extends Interval {
  /** Of the maintenance, or of the series while nothing is announced. */
  id: string;
  title: Localised;
  state: 'announced' | 'coming' | 'skipped';
  /** Why it was skipped. */
  reason: string | null;
}

/** Every window of some components that has a moment in a span, by its start. */
export async function windowsIn(
  ctx: Context,
  componentIds: readonly string[],
  span: Interval,
): Promise<CalendarWindow[]> {
  const [announced, coming] = await Promise.all([
    announcedIn(ctx, componentIds, span),
    comingIn(ctx, componentIds, span),
  ]);
  return [...announced, ...coming].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}

async function announcedIn(
  ctx: Context,
  componentIds: readonly string[],
  span: Interval,
): Promise<CalendarWindow[]> {
  const { q, t } = ctx.db.read;
  const m = t.maintenances;
  const rows = await q
    .selectDistinct({
      id: m.id,
      nl: m.titleNl,
      en: m.titleEn,
      from: m.windowFrom,
      to: m.windowTo,
    })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(
      and(
        isNull(m.cancelledAt),
        lt(m.windowFrom, span.to),
        gt(m.windowTo, span.from),
        inArray(t.maintenanceComponents.componentId, [...componentIds]),
      ),
    )
    .orderBy(asc(m.windowFrom), asc(m.id));
  return rows.map(({ id, nl, en, from, to }) => ({
    id,
    title: { nl, en },
    from,
    to,
    state: 'announced' as const,
    reason: null,
  }));
}

/** Of the series that go on: what is not announced yet, and what was skipped. */
async function comingIn(
  ctx: Context,
  componentIds: readonly string[],
  span: Interval,
): Promise<CalendarWindow[]> {
  const now = ctx.clock.now();
  const wanted = new Set(componentIds);
  const series = (await runningSeries(ctx.db.read)).filter((row) =>
    row.componentIds.some((id) => wanted.has(id)),
  );
  const found = await Promise.all(series.map((row) => occurrencesIn(ctx, row, span, now)));
  return found.flat();
}

async function occurrencesIn(
  ctx: Context,
  row: SeriesRow,
  span: Interval,
  now: Instant,
): Promise<CalendarWindow[]> {
  const length = row.durationSeconds * 1000;
  const starts = occurrencesBetween(row, Math.max(span.from - length, now) + 1, span.to);
  const announced = await announcedAmong(ctx.db.read, row.id, starts);
  const skips = await skipsOf(ctx.db.read, row.id, starts);
  return starts
    .filter((from) => !announced.has(from))
    .map((from) => {
      const skip = skips.get(from);
      return {
        id: row.id,
        title: { nl: row.titleNl, en: row.titleEn },
        from,
        to: from + length,
        state: skip ? ('skipped' as const) : ('coming' as const),
        reason: skip?.reason ?? null,
      };
    });
}
