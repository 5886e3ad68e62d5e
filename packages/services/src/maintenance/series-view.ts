import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, isNull } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import { nextOccurrences, type Recurrence } from '@upheld/domain/maintenance/recurrence.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import type { Context } from '../context.ts';

export const MOST_SHOWN = 50;

export interface CreateSeries {
  componentIds: readonly string[];
  /** By default that it is planned maintenance, in words. */
  title?: Localised | undefined;
  /** Blanks are filled for each occurrence. */
  text: Localised;
  /** RFC 5545, without DTSTART: such as `FREQ=MONTHLY;BYDAY=1SU`. */
  rrule: string;
  /** The first start, `YYYY-MM-DDTHH:mm` on the wall clock of the page's zone. */
  localStart: string;
  durationSeconds: number;
  /** How long before its start each occurrence is announced. */
  announceSeconds: number;
}

/** An occurrence that is to come; its maintenance where it was announced. */
export interface Occurrence {
  from: Instant;
  to: Instant;
  announceAt: Instant;
  maintenance: { id: string; status: MaintenanceStatus } | null;
  /** Why it will not be; null where it will. */
  skipped: Skip | null;
}

/** That an occurrence will not be, said before it was announced. */
export interface Skip {
  reason: string;
  at: Instant;
  by: string;
}

export interface SeriesView extends CreateSeries, Recurrence {
  id: string;
  title: Localised;
  createdAt: Instant;
  createdBy: string;
  endedAt: Instant | null;
  version: number;
  /** The next ones, in their order; none of a series that was ended. */
  next: Occurrence[];
}

export type SeriesRow = Handle['t']['maintenanceSeries']['$inferSelect'];

/** One series with its next occurrences. Throws DomainError('not-found'). */
export async function readSeries(ctx: Context, id: string, shown = 6): Promise<SeriesView> {
  const h = ctx.db.read;
  return viewOf(h, await seriesRow(h, id), ctx.clock.now(), shown);
}

/** All series: those that go on first, then those that were ended; each by when it was started. */
export async function listSeries(ctx: Context, shown = 3): Promise<SeriesView[]> {
  const h = ctx.db.read;
  const { maintenanceSeries } = h.t;
  const rows = await h.q
    .select()
    .from(maintenanceSeries)
    .orderBy(asc(maintenanceSeries.createdAt), asc(maintenanceSeries.id));
  const now = ctx.clock.now();
  const views = await Promise.all(rows.map((row) => viewOf(h, row, now, shown)));
  return [...views.filter((v) => v.endedAt === null), ...views.filter((v) => v.endedAt !== null)];
}

/** The series that go on. */
export function runningSeries({ q, t }: Handle): Promise<SeriesRow[]> {
  return q.select().from(t.maintenanceSeries).where(isNull(t.maintenanceSeries.endedAt));
}

/** The series with this id; throws DomainError('not-found'). */
export async function seriesRow({ q, t }: Handle, id: string): Promise<SeriesRow> {
  const [row] = await q.select().from(t.maintenanceSeries).where(eq(t.maintenanceSeries.id, id));
  if (!row) throw new DomainError('not-found', `there is no series "${id}"`);
  return row;
}

async function viewOf(h: Handle, row: SeriesRow, now: Instant, shown: number): Promise<SeriesView> {
  const starts = row.endedAt === null ? nextOccurrences(row, now, Math.min(shown, MOST_SHOWN)) : [];
  const known = await announcedAmong(h, row.id, starts);
  const skips = await skipsOf(h, row.id, starts);
  return {
    id: row.id,
    componentIds: row.componentIds,
    title: { nl: row.titleNl, en: row.titleEn },
    text: { nl: row.textNl, en: row.textEn },
    rrule: row.rrule,
    zone: row.zone,
    localStart: row.localStart,
    durationSeconds: row.durationSeconds,
    announceSeconds: row.announceSeconds,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    endedAt: row.endedAt,
    version: row.version,
    next: starts.map((from) => ({
      from,
      to: from + row.durationSeconds * 1000,
      announceAt: Math.max(row.createdAt, from - row.announceSeconds * 1000),
      maintenance: announcedOf(known.get(from), now),
      skipped: skips.get(from) ?? null,
    })),
  };
}

type AnnouncedRow = Handle['t']['maintenances']['$inferSelect'];

function announcedOf(row: AnnouncedRow | undefined, now: Instant): Occurrence['maintenance'] {
  return row ? { id: row.id, status: maintenanceStatus(row, now) } : null;
}

/** The maintenances of those of some occurrences that were announced, by the start that the rule gives them. */
export async function announcedAmong(
  { q, t }: Handle,
  seriesId: string,
  starts: readonly Instant[],
): Promise<Map<Instant, AnnouncedRow>> {
  if (starts.length === 0) return new Map();
  const m = t.maintenances;
  const rows = await q
    .select()
    .from(m)
    .where(and(eq(m.seriesId, seriesId), inArray(m.occurrenceAt, [...starts])));
  return new Map(
    rows.flatMap((row) => (row.occurrenceAt === null ? [] : [[row.occurrenceAt, row] as const])),
  );
}

/** Those of some occurrences that will not be, by the start that the rule gives them. */
export async function skipsOf(
  { q, t }: Handle,
  seriesId: string,
  starts: readonly Instant[],
): Promise<Map<Instant, Skip>> {
  if (starts.length === 0) return new Map();
  const s = t.seriesSkips;
  const rows = await q
    .select()
    .from(s)
    .where(and(eq(s.seriesId, seriesId), inArray(s.occurrenceAt, [...starts])));
  return new Map(
    rows.map(({ occurrenceAt, reason, skippedAt: at, skippedBy: by }) => [
      occurrenceAt,
      { reason, at, by },
    ]),
  );
}
