import {
  FAILURE_CAUSES,
  INCONCLUSIVE_CAUSES,
  type Evidence,
} from '@upheld/domain/monitor/outcome.ts';
import { CORRECTION_KINDS } from '@upheld/domain/correction/correction.ts';
import { GAP_REASONS, MONITOR_STATES } from '@upheld/domain/monitor/state.ts';
import { CAUSES, IMPACTS, INCIDENT_STATUSES } from '@upheld/domain/incident/incident.ts';
import { sql } from '../query.ts';
import type { Kit } from '../kit.ts';

/** Why a check did not succeed, as stored beside its evidence. */
const CHECK_CAUSES = ['slow', ...FAILURE_CAUSES, ...INCONCLUSIVE_CAUSES] as const;

/** Components, what the detector knows of their monitors, and what it found. */
export function monitoringTables(k: Kit) {
  // Components are configured in upheld.yaml; the row gives them a history that outlives it.
  const components = k.table('components', {
    id: k.id('id').primaryKey(),
    createdAt: k.instant('created_at').notNull(),
    updatedAt: k.instant('updated_at').notNull(),
    removedAt: k.instant('removed_at'),
    /** When the first conclusive check of it was made; null until then. */
    measuredSince: k.instant('measured_since'),
  });

  // What must survive a kill -9. A steady success is not written: see docs/adr on checks.
  const monitors = k.table('monitors', {
    id: k.id('id').primaryKey(),
    componentId: k
      .id('component_id')
      .notNull()
      .references(() => components.id),
    state: k.oneOf('state', MONITOR_STATES).notNull(),
    /** A streak that may become a transition: its state, its first check and its length. */
    pendingState: k.oneOf('pending_state', MONITOR_STATES),
    pendingSince: k.instant('pending_since'),
    pendingCount: k.int('pending_count').notNull(),
    lastResultAt: k.instant('last_result_at'),
    lastEvidence: k.json<Evidence>('last_evidence'),
    version: k.int('version').notNull(),
  });

  // The ledger: `at` is when it happened (the first failing or good check), `noticedAt` when we knew.
  const transitions = k.table(
    'transitions',
    {
      id: k.id('id').primaryKey(),
      monitorId: k.id('monitor_id').notNull(),
      componentId: k.id('component_id').notNull(),
      fromState: k.oneOf('from_state', MONITOR_STATES).notNull(),
      toState: k.oneOf('to_state', MONITOR_STATES).notNull(),
      at: k.instant('at').notNull(),
      noticedAt: k.instant('noticed_at').notNull(),
      cause: k.oneOf('cause', CHECK_CAUSES),
      evidence: k.json<Evidence>('evidence').notNull(),
    },
    (t) => [
      k.uniqueIndex('transitions_once').on(t.monitorId, t.at, t.toState),
      k.index('transitions_component').on(t.componentId, t.at),
    ],
  );

  const incidents = k.table(
    'incidents',
    {
      id: k.id('id').primaryKey(),
      titleNl: k.text('title_nl').notNull(),
      titleEn: k.text('title_en').notNull(),
      status: k.oneOf('status', INCIDENT_STATUSES).notNull(),
      impact: k.oneOf('impact', IMPACTS).notNull(),
      startedAt: k.instant('started_at').notNull(),
      noticedAt: k.instant('noticed_at').notNull(),
      resolvedAt: k.instant('resolved_at'),
      /** 'detector', or the name of the token or account that made it. */
      createdBy: k.text('created_by').notNull(),
      acknowledgedAt: k.instant('acknowledged_at'),
      acknowledgedBy: k.text('acknowledged_by'),
      /** The incident that this one turned out to be part of: what was recorded of it counts as of that one. */
      mergedIntoId: k.id('merged_into_id'),
      /** What is said of that one from then on also holds for what was recorded of this one. */
      mergedAt: k.instant('merged_at'),
      /** The incident that this one was split off. */
      splitFromId: k.id('split_from_id'),
      /** Set while a detector incident is open: at most one for a component, held by the index. */
      openForComponent: k.id('open_for_component'),
      updatedAt: k.instant('updated_at').notNull(),
      version: k.int('version').notNull(),
    },
    (t) => [
      k
        .uniqueIndex('incidents_one_open_for_component')
        .on(t.openForComponent)
        .where(sql`${t.openForComponent} is not null`),
      k.index('incidents_started').on(t.startedAt),
    ],
  );

  const incidentComponents = k.table(
    'incident_components',
    {
      incidentId: k
        .id('incident_id')
        .notNull()
        .references(() => incidents.id),
      componentId: k
        .id('component_id')
        .notNull()
        .references(() => components.id),
    },
    (t) => [k.primaryKey(t.incidentId, t.componentId)],
  );

  const incidentUpdates = k.table(
    'incident_updates',
    {
      id: k.id('id').primaryKey(),
      incidentId: k
        .id('incident_id')
        .notNull()
        .references(() => incidents.id),
      status: k.oneOf('status', INCIDENT_STATUSES).notNull(),
      bodyNl: k.text('body_nl').notNull(),
      bodyEn: k.text('body_en').notNull(),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
    },
    (t) => [k.index('incident_updates_incident').on(t.incidentId, t.recordedAt)],
  );

  // Append-only: what was said of severity and cause, effective from when, recorded when, by whom.
  const incidentChanges = k.table(
    'incident_changes',
    {
      id: k.id('id').primaryKey(),
      incidentId: k
        .id('incident_id')
        .notNull()
        .references(() => incidents.id),
      componentId: k.id('component_id').notNull(),
      /** The agreement whose scale `severity` is a level of; null on a change of cause. */
      agreement: k.text('agreement'),
      severity: k.text('severity'),
      cause: k.oneOf('cause', CAUSES),
      effectiveFrom: k.instant('effective_from').notNull(),
      reason: k.text('reason').notNull(),
      /** What shows it: an address, a document, words. */
      evidence: k.text('evidence'),
      /** Of a severity: it got worse or better from then on, or it was wrong from the start. */
      nature: k.oneOf('nature', ['development', 'correction']),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
    },
    (t) => [k.index('incident_changes_incident').on(t.incidentId, t.effectiveFrom)],
  );

  // Append-only: the last one is the postmortem, the ones before it are its history.
  const postmortems = k.table(
    'postmortems',
    {
      id: k.id('id').primaryKey(),
      incidentId: k
        .id('incident_id')
        .notNull()
        .references(() => incidents.id),
      bodyNl: k.text('body_nl').notNull(),
      bodyEn: k.text('body_en').notNull(),
      published: k.bool('published').notNull(),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
    },
    (t) => [k.index('postmortems_incident').on(t.incidentId, t.recordedAt)],
  );

  // One unbroken stretch in which a monitor found its component down or degraded.
  const outages = k.table(
    'outages',
    {
      id: k.id('id').primaryKey(),
      componentId: k
        .id('component_id')
        .notNull()
        .references(() => components.id),
      /** Null for an outage that was added by hand. */
      monitorId: k.id('monitor_id'),
      incidentId: k
        .id('incident_id')
        .notNull()
        .references(() => incidents.id),
      state: k.oneOf('state', MONITOR_STATES).notNull(),
      startedAt: k.instant('started_at').notNull(),
      endedAt: k.instant('ended_at'),
      noticedAt: k.instant('noticed_at').notNull(),
    },
    (t) => [
      k
        .uniqueIndex('outages_one_open_for_monitor')
        .on(t.monitorId)
        .where(sql`${t.endedAt} is null and ${t.monitorId} is not null`),
      k.index('outages_component').on(t.componentId, t.startedAt),
    ],
  );

  // Append-only: what a manager put right of an outage afterwards. The last of an outage and kind holds.
  const corrections = k.table(
    'corrections',
    {
      id: k.id('id').primaryKey(),
      outageId: k
        .id('outage_id')
        .notNull()
        .references(() => outages.id),
      kind: k.oneOf('kind', [...CORRECTION_KINDS, 'withdrawn']).notNull(),
      /** Of a wrong cause. */
      cause: k.oneOf('cause', CAUSES),
      /** Of a wrong severity: the agreement of whose scale it is a level. */
      agreement: k.text('agreement'),
      severity: k.text('severity'),
      /** Of an outage that was maintenance. */
      maintenanceId: k.id('maintenance_id'),
      reason: k.text('reason').notNull(),
      evidence: k.text('evidence').notNull(),
      /** Takes an earlier correction back. */
      withdraws: k.id('withdraws'),
      recordedAt: k.instant('recorded_at').notNull(),
      recordedBy: k.text('recorded_by').notNull(),
    },
    (t) => [k.index('corrections_outage').on(t.outageId, t.recordedAt)],
  );

  // Time in which a monitor could not say anything. Open (endedAt null) until the next conclusive check.
  const gaps = k.table(
    'gaps',
    {
      id: k.id('id').primaryKey(),
      componentId: k.id('component_id').notNull(),
      monitorId: k.id('monitor_id').notNull(),
      startedAt: k.instant('started_at').notNull(),
      endedAt: k.instant('ended_at'),
      reason: k.oneOf('reason', GAP_REASONS).notNull(),
      detail: k.text('detail').notNull(),
    },
    (t) => [
      k
        .uniqueIndex('gaps_one_open_for_monitor')
        .on(t.monitorId)
        .where(sql`${t.endedAt} is null`),
      k.index('gaps_component').on(t.componentId, t.startedAt),
    ],
  );

  // Five minutes of checks of one monitor in one row: what is kept of successes.
  const checkRollups = k.table(
    'check_rollups',
    {
      monitorId: k.id('monitor_id').notNull(),
      bucketAt: k.instant('bucket_at').notNull(),
      ok: k.int('ok').notNull(),
      degraded: k.int('degraded').notNull(),
      failed: k.int('failed').notNull(),
      inconclusive: k.int('inconclusive').notNull(),
      latencySumMs: k.int('latency_sum_ms').notNull(),
      latencyMaxMs: k.int('latency_max_ms').notNull(),
    },
    (t) => [k.primaryKey(t.bucketAt, t.monitorId)],
  );

  return {
    components,
    monitors,
    transitions,
    incidents,
    incidentComponents,
    incidentUpdates,
    incidentChanges,
    outages,
    postmortems,
    corrections,
    gaps,
    checkRollups,
  };
}
