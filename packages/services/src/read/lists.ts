import { DomainError } from '@upheld/domain/errors.ts';
import { addLocalMonths, startOfDate } from '@upheld/domain/time/zoned.ts';
import type { MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import {
  and,
  desc,
  eq,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  type SQL,
} from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { incidentViews } from './incident-views.ts';
import { maintenanceViews } from './maintenance-views.ts';
import type { IncidentView, MaintenanceView } from './page-view.ts';
import { after, type Place } from './place.ts';

const MOST_ROWS = 500;

/** One incident; null when there is none with this id. */
export async function readIncident(ctx: Context, id: string): Promise<IncidentView | null> {
  const h = ctx.db.read;
  const rows = await h.q.select().from(h.t.incidents).where(eq(h.t.incidents.id, id));
  return (await incidentViews(h, rows))[0] ?? null;
}

/** One maintenance; null when there is none with this id. */
export async function readMaintenance(ctx: Context, id: string): Promise<MaintenanceView | null> {
  const now = ctx.clock.now();
  const h = ctx.db.read;
  const rows = await h.q.select().from(h.t.maintenances).where(eq(h.t.maintenances.id, id));
  return (await maintenanceViews(h, rows, now))[0] ?? null;
}

/**
 * Incidents by their start, newest first, without those that are part of another; `unresolved` leaves out
 * those that are over.
 */
export async function listIncidents(
  ctx: Context,
  options: { unresolved?: boolean | undefined; limit: number; after?: Place | undefined },
): Promise<IncidentView[]> {
  const h = ctx.db.read;
  const { incidents } = h.t;
  const rows = await h.q
    .select()
    .from(incidents)
    .where(
      and(
        isNull(incidents.mergedIntoId),
        options.unresolved === true ? isNull(incidents.resolvedAt) : undefined,
        after({ at: incidents.startedAt, id: incidents.id }, options.after),
      ),
    )
    .orderBy(desc(incidents.startedAt), desc(incidents.id))
    .limit(atMost(options.limit));
  return incidentViews(h, rows);
}

/** What a list of maintenances can be narrowed to. */
export type MaintenanceFilter = 'upcoming' | 'active' | Exclude<MaintenanceStatus, 'verifying'>;

/**
 * Maintenances by the start of their window, newest first; `upcoming` is `scheduled` and `active` is
 * `in_progress`, in the words of Statuspage's API.
 */
export async function listMaintenances(
  ctx: Context,
  options: { state?: MaintenanceFilter | undefined; limit: number; after?: Place | undefined },
): Promise<MaintenanceView[]> {
  const now = ctx.clock.now();
  const h = ctx.db.read;
  const { maintenances } = h.t;
  const rows = await h.q
    .select()
    .from(maintenances)
    .where(
      and(
        inState(h.t, options.state, now),
        after({ at: maintenances.windowFrom, id: maintenances.id }, options.after),
      ),
    )
    .orderBy(desc(maintenances.windowFrom), desc(maintenances.id))
    .limit(atMost(options.limit));
  return maintenanceViews(h, rows, now);
}

/** `maintenanceStatus` as a condition of the database; a test holds the two to each other. */
function inState(
  { maintenances: m }: Context['db']['read']['t'],
  state: MaintenanceFilter | undefined,
  now: number,
): SQL | undefined {
  const live = isNull(m.cancelledAt);
  const unbegun = and(live, isNull(m.workStartedAt), isNull(m.workEndedAt));
  switch (state) {
    case undefined:
      return undefined;
    case 'cancelled':
      return isNotNull(m.cancelledAt);
    case 'upcoming':
    case 'scheduled':
      return and(unbegun, gt(m.windowFrom, now));
    case 'active':
    case 'in_progress':
      return or(
        and(live, isNotNull(m.workStartedAt), isNull(m.workEndedAt)),
        and(unbegun, lte(m.windowFrom, now), gt(m.windowTo, now)),
      );
    case 'completed':
      return or(and(live, isNotNull(m.workEndedAt)), and(unbegun, lte(m.windowTo, now)));
  }
}

/**
 * Incidents and maintenances that touch a local month `YYYY-MM` of the page's zone, newest first. Throws
 * DomainError('invalid-input').
 */
export async function readMonth(
  ctx: Context,
  month: string,
): Promise<(IncidentView | MaintenanceView)[]> {
  const zone = ctx.config().timezone;
  const from = /^\d{4}-\d{2}$/.test(month) ? startOfDate(`${month}-01`, zone) : null;
  if (from === null)
    throw new DomainError('invalid-input', `"${month}" is no month; write one such as 2026-11`);
  const to = addLocalMonths(from, 1, zone);
  const now = ctx.clock.now();
  const h = ctx.db.read;
  const { incidents, maintenances } = h.t;
  const incidentRows = await h.q
    .select()
    .from(incidents)
    .where(
      and(
        isNull(incidents.mergedIntoId),
        lt(incidents.startedAt, to),
        or(isNull(incidents.resolvedAt), gte(incidents.resolvedAt, from)),
      ),
    );
  const maintenanceRows = await h.q
    .select()
    .from(maintenances)
    .where(and(lt(maintenances.windowFrom, to), gt(maintenances.windowTo, from)));
  const views = [
    ...(await incidentViews(h, incidentRows)),
    ...(await maintenanceViews(h, maintenanceRows, now)),
  ];
  return newestFirst(views);
}

/** By when it began, or is to begin; newest first. */
export function newestFirst<V extends IncidentView | MaintenanceView>(views: readonly V[]): V[] {
  const begin = (view: V): number => (view.type === 'incident' ? view.startedAt : view.from);
  return [...views].sort((a, b) => begin(b) - begin(a) || (a.id < b.id ? 1 : -1));
}

function atMost(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit), 0), MOST_ROWS);
}
