import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { maintenanceStatus } from '@upheld/domain/maintenance/status.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { asc, inArray } from '@upheld/db/query.ts';
import type { MaintenanceView } from './page-view.ts';

type MaintenanceRow = Tables['maintenances']['$inferSelect'];

/**
 * Maintenances with their components and announcements, in the order given: two queries for any number.
 * The status is that of `now`. The newest announcement of a cancelled one is its cancellation.
 */
export async function maintenanceViews(
  { q, t }: Handle,
  rows: readonly MaintenanceRow[],
  now: Instant,
): Promise<MaintenanceView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const components = Map.groupBy(
    await q
      .select()
      .from(t.maintenanceComponents)
      .where(inArray(t.maintenanceComponents.maintenanceId, ids)),
    (row) => row.maintenanceId,
  );
  const announcements = Map.groupBy(
    await q
      .select()
      .from(t.announcements)
      .where(inArray(t.announcements.maintenanceId, ids))
      .orderBy(asc(t.announcements.announcedAt), asc(t.announcements.id)),
    (row) => row.maintenanceId,
  );
  return rows.map((row) => ({
    type: 'maintenance',
    id: row.id,
    title: { nl: row.titleNl, en: row.titleEn },
    kind: row.kind,
    status: maintenanceStatus(row, now),
    from: row.windowFrom,
    to: row.windowTo,
    updatedAt: row.updatedAt,
    createdAt: row.createdAt,
    cancelledAt: row.cancelledAt,
    version: row.version,
    componentIds: (components.get(row.id) ?? []).map(({ componentId }) => componentId).sort(),
    announcements: (announcements.get(row.id) ?? [])
      .map((one) => ({
        id: one.id,
        body: { nl: one.textNl, en: one.textEn },
        at: one.announcedAt,
        from: one.windowFrom,
        to: one.windowTo,
      }))
      .reverse(),
  }));
}
