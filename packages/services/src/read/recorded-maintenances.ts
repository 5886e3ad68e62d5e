import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, gt, isNotNull, isNull, lt, or, type SQL } from '@upheld/db/query.ts';
import { countingWindows } from '../maintenance/announcements.ts';
import type { MaintenanceRow, RecordedQuery } from './recorded-types.ts';

/** Maintenances whose last window or work touches the stretch, by component. */
export function maintenancesIn(
  h: Handle,
  { span, componentId }: Pick<RecordedQuery, 'span' | 'componentId'>,
): ReturnType<typeof maintenancesWhere> {
  const m = h.t.maintenances;
  return maintenancesWhere(
    h,
    componentId,
    and(
      or(lt(m.windowFrom, span.to), lt(m.workStartedAt, span.to)),
      or(
        gt(m.windowTo, span.from),
        gt(m.workEndedAt, span.from),
        and(isNotNull(m.workStartedAt), isNull(m.workEndedAt)),
      ),
    ),
  );
}

/** Maintenances of which something is so, by component; those of one component, or of all. */
export async function maintenancesWhere(
  { q, t }: Handle,
  componentId: string | undefined,
  which: SQL | undefined,
): Promise<Map<string, MaintenanceRow[]>> {
  const m = t.maintenances;
  const wanted = and(
    componentId === undefined ? undefined : eq(t.maintenanceComponents.componentId, componentId),
    which,
  );
  const rows = await q
    .select({ componentId: t.maintenanceComponents.componentId, maintenance: m })
    .from(m)
    .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
    .where(wanted)
    .orderBy(asc(m.windowFrom), asc(m.id));
  const said = Map.groupBy(
    rows.length === 0
      ? []
      : await q
          .selectDistinct({ announcement: t.announcements })
          .from(t.announcements)
          .innerJoin(m, eq(m.id, t.announcements.maintenanceId))
          .innerJoin(t.maintenanceComponents, eq(t.maintenanceComponents.maintenanceId, m.id))
          .where(wanted)
          .orderBy(asc(t.announcements.announcedAt), asc(t.announcements.id)),
    (row) => row.announcement.maintenanceId,
  );
  const found = new Map<string, MaintenanceRow[]>();
  for (const { componentId: id, maintenance } of rows) {
    const announcements = countingWindows(
      (said.get(maintenance.id) ?? []).map((row) => row.announcement),
      maintenance.cancelledAt,
    );
    const list = found.get(id);
    if (list) list.push({ ...maintenance, announcements });
    else found.set(id, [{ ...maintenance, announcements }]);
  }
  return found;
}
