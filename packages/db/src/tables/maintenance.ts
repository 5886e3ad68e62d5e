import { MAINTENANCE_KINDS } from '@upheld/domain/maintenance/maintenance.ts';
import type { Kit } from '../kit.ts';

export function maintenanceTables(k: Kit) {
  const maintenances = k.table(
    'maintenances',
    {
      id: k.id('id').primaryKey(),
      kind: k.oneOf('kind', MAINTENANCE_KINDS).notNull(),
      titleNl: k.text('title_nl').notNull(),
      titleEn: k.text('title_en').notNull(),
      /** Required for an emergency. */
      reason: k.text('reason'),
      /** The last announced window, copied here so that it can be asked for; announcements are the truth. */
      windowFrom: k.instant('window_from').notNull(),
      windowTo: k.instant('window_to').notNull(),
      cancelledAt: k.instant('cancelled_at'),
      workStartedAt: k.instant('work_started_at'),
      workEndedAt: k.instant('work_ended_at'),
      /** Of a recurring maintenance: the series, and the start that its rule gave this occurrence. */
      seriesId: k.id('series_id'),
      occurrenceAt: k.instant('occurrence_at'),
      createdAt: k.instant('created_at').notNull(),
      createdBy: k.text('created_by').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
      version: k.int('version').notNull(),
    },
    (t) => [
      k.index('maintenances_window').on(t.windowFrom),
      k.uniqueIndex('maintenances_occurrence').on(t.seriesId, t.occurrenceAt),
    ],
  );

  const maintenanceComponents = k.table(
    'maintenance_components',
    {
      maintenanceId: k
        .id('maintenance_id')
        .notNull()
        .references(() => maintenances.id),
      componentId: k.id('component_id').notNull(),
    },
    (t) => [k.primaryKey(t.maintenanceId, t.componentId)],
  );

  // Append-only, held by a trigger: the moment an announcement was made is evidence under a contract.
  const announcements = k.table(
    'announcements',
    {
      id: k.id('id').primaryKey(),
      maintenanceId: k
        .id('maintenance_id')
        .notNull()
        .references(() => maintenances.id),
      announcedAt: k.instant('announced_at').notNull(),
      windowFrom: k.instant('window_from').notNull(),
      windowTo: k.instant('window_to').notNull(),
      textNl: k.text('text_nl').notNull(),
      textEn: k.text('text_en').notNull(),
      announcedBy: k.text('announced_by').notNull(),
    },
    (t) => [k.index('announcements_maintenance').on(t.maintenanceId, t.announcedAt)],
  );

  // A maintenance that comes back by an RRULE (RFC 5545) in local wall time.
  const maintenanceSeries = k.table('maintenance_series', {
    id: k.id('id').primaryKey(),
    componentIds: k.json<string[]>('component_ids').notNull(),
    titleNl: k.text('title_nl').notNull(),
    titleEn: k.text('title_en').notNull(),
    textNl: k.text('text_nl').notNull(),
    textEn: k.text('text_en').notNull(),
    /** Without DTSTART, which `localStart` and `zone` give. */
    rrule: k.text('rrule').notNull(),
    zone: k.text('zone').notNull(),
    /** YYYY-MM-DDTHH:mm:ss on the wall clock of `zone`. */
    localStart: k.text('local_start').notNull(),
    durationSeconds: k.int('duration_seconds').notNull(),
    /** How long before an occurrence it is announced. */
    announceSeconds: k.int('announce_seconds').notNull(),
    createdAt: k.instant('created_at').notNull(),
    createdBy: k.text('created_by').notNull(),
    endedAt: k.instant('ended_at'),
    version: k.int('version').notNull(),
  });

  // An occurrence that will not be: said before it is announced.
  const seriesSkips = k.table(
    'series_skips',
    {
      seriesId: k
        .id('series_id')
        .notNull()
        .references(() => maintenanceSeries.id),
      /** The start that the rule gives it. */
      occurrenceAt: k.instant('occurrence_at').notNull(),
      reason: k.text('reason').notNull(),
      skippedAt: k.instant('skipped_at').notNull(),
      skippedBy: k.text('skipped_by').notNull(),
    },
    (t) => [k.primaryKey(t.seriesId, t.occurrenceAt)],
  );

  return { maintenanceSeries, seriesSkips, maintenances, maintenanceComponents, announcements };
}
