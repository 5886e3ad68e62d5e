import type { Handle } from '@upheld/db/database.ts';
import { ceilSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { asc, eq } from '@upheld/db/query.ts';

/** A window and when it was announced, in whole seconds. */
export interface AnnouncedWindow {
  at: Instant;
  from: Instant;
  to: Instant;
}

/**
 * The windows that count as announced, in order of announcement. The moment is taken to the end of its
 * second: a notice term is never met by rounding. Of a cancelled maintenance the last row is the
 * cancellation itself, which announces no window.
 */
export function countingWindows(
  rows: readonly { announcedAt: Instant; windowFrom: Instant; windowTo: Instant }[],
  cancelledAt: Instant | null,
): AnnouncedWindow[] {
  return (cancelledAt === null ? rows : rows.slice(0, -1)).map((row) => ({
    at: ceilSecond(row.announcedAt),
    from: row.windowFrom,
    to: row.windowTo,
  }));
}

/** The windows of one maintenance that count as announced. */
export async function announcementsOf(
  { q, t }: Handle,
  maintenance: { id: string; cancelledAt: Instant | null },
): Promise<AnnouncedWindow[]> {
  const rows = await q
    .select()
    .from(t.announcements)
    .where(eq(t.announcements.maintenanceId, maintenance.id))
    .orderBy(asc(t.announcements.announcedAt), asc(t.announcements.id));
  return countingWindows(rows, maintenance.cancelledAt);
}

/** When the last announcement of a maintenance was made; null when there is none. */
export async function lastAnnouncedAt({ q, t }: Handle, id: string): Promise<Instant | null> {
  const rows = await q
    .select({ at: t.announcements.announcedAt })
    .from(t.announcements)
    .where(eq(t.announcements.maintenanceId, id));
  return rows.reduce<Instant | null>((last, { at }) => Math.max(last ?? at, at), null);
}
