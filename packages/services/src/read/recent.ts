import type { Instant } from '@upheld/domain/ports.ts';
import { and, desc, gt, gte, inArray, isNull, min, or } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { incidentViews } from './incident-views.ts';
import { maintenanceViews } from './maintenance-views.ts';
import type { IncidentView, MaintenanceView } from './page-view.ts';

/** What a calendar or a feed is made of. */
export interface RecentQuery {
  /** What touches none of these is left out. */
  componentIds: readonly string[];
  /** What was over before is left out. */
  since: Instant;
  limit: number;
}

/** Maintenances of some components that were not over at a moment, latest window first. */
export async function recentMaintenances(
  ctx: Context,
  { componentIds, since, limit }: RecentQuery,
): Promise<MaintenanceView[]> {
  if (componentIds.length === 0) return [];
  const h = ctx.db.read;
  const { maintenances: m, maintenanceComponents: part } = h.t;
  const touching = h.q
    .select({ id: part.maintenanceId })
    .from(part)
    .where(inArray(part.componentId, [...componentIds]));
  const rows = await h.q
    .select()
    .from(m)
    .where(and(inArray(m.id, touching), or(gt(m.windowTo, since), gt(m.workEndedAt, since))))
    .orderBy(desc(m.windowFrom), desc(m.id))
    .limit(limit);
  return maintenanceViews(h, rows, ctx.clock.now());
}

/** Incidents of some components that were not over at a moment, latest start first. */
export async function recentIncidents(
  ctx: Context,
  { componentIds, since, limit }: RecentQuery,
): Promise<IncidentView[]> {
  if (componentIds.length === 0) return [];
  const h = ctx.db.read;
  const { incidents, incidentComponents: part } = h.t;
  const touching = h.q
    .select({ id: part.incidentId })
    .from(part)
    .where(inArray(part.componentId, [...componentIds]));
  const rows = await h.q
    .select()
    .from(incidents)
    .where(
      and(
        inArray(incidents.id, touching),
        // What was merged into another is told of there.
        isNull(incidents.mergedIntoId),
        or(isNull(incidents.resolvedAt), gte(incidents.resolvedAt, since)),
      ),
    )
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(limit);
  return incidentViews(h, rows);
}

/** When the first of some components was configured; null where none ever was. */
export async function firstConfigured(
  { db }: Context,
  componentIds: readonly string[],
): Promise<Instant | null> {
  if (componentIds.length === 0) return null;
  const { q, t } = db.read;
  const [row] = await q
    .select({ at: min(t.components.createdAt) })
    .from(t.components)
    .where(inArray(t.components.id, [...componentIds]));
  return row?.at ?? null;
}
