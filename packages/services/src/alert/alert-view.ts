import type { Handle } from '@upheld/db/database.ts';
import { and, asc, desc, inArray, isNull } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import type { Context } from '../context.ts';
import { readRosters, type Rosters } from '../on-call/rosters.ts';
import { after, type Place } from '../read/place.ts';
import { aboutOf, type AlertRow } from './alert-row.ts';
import { callAt } from './escalation.ts';

export const ALERT_STATES = ['calling', 'unanswered', 'acknowledged', 'over'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** An alert as it stands. */
export interface AlertView {
  id: string;
  about: 'incident' | 'duty';
  /** The incident, or the ticket or incident that the duty is about. */
  subjectId: string;
  title: Localised;
  state: AlertState;
  raisedAt: Instant;
  /** How many calls were made. */
  calls: number;
  /** Who is called next, and when; null where nobody is. */
  next: { at: Instant; people: readonly string[] } | null;
  acknowledgedAt: Instant | null;
  acknowledgedBy: string | null;
  closedAt: Instant | null;
  version: number;
}

/** Whether somebody is still to take it. */
export const isUntaken = ({ state }: Pick<AlertView, 'state'>): boolean =>
  state === 'calling' || state === 'unanswered';

export interface ListAlerts {
  open?: boolean | undefined;
  limit?: number | undefined;
  /** Only those that come after this place. */
  after?: Place | undefined;
}

/** Alerts, the latest first; with `open` only those that nobody has taken and that are not over. */
export async function listAlerts(
  ctx: Context,
  { open, limit = 50, after: place }: ListAlerts = {},
): Promise<AlertView[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select()
    .from(t.alerts)
    .where(
      and(
        open === true ? and(isNull(t.alerts.acknowledgedAt), isNull(t.alerts.closedAt)) : undefined,
        after({ at: t.alerts.raisedAt, id: t.alerts.id }, place),
      ),
    )
    .orderBy(desc(t.alerts.raisedAt), desc(t.alerts.id))
    .limit(Math.min(500, Math.max(1, limit)));
  return viewsOf(ctx, ctx.db.read, rows);
}

/** Those of these alerts that there are, the first raised first. */
export async function alertsById(ctx: Context, ids: readonly string[]): Promise<AlertView[]> {
  const { q, t } = ctx.db.read;
  const rows = await q
    .select()
    .from(t.alerts)
    .where(inArray(t.alerts.id, [...ids]))
    .orderBy(asc(t.alerts.raisedAt), asc(t.alerts.id));
  return viewsOf(ctx, ctx.db.read, rows);
}

/** Alerts as they stand, with who is called next for each. */
export async function viewsOf(
  ctx: Context,
  h: Handle,
  rows: readonly AlertRow[],
): Promise<AlertView[]> {
  const rosters = await readRosters(h, ctx.config(), ctx.clock.now());
  return rows.map((row) => viewOf(ctx, rosters, row));
}

function viewOf(ctx: Context, rosters: Rosters, row: AlertRow): AlertView {
  return {
    id: row.id,
    about: aboutOf(row),
    subjectId: row.subjectId,
    title: { nl: row.titleNl, en: row.titleEn },
    state: stateOf(row),
    raisedAt: row.raisedAt,
    calls: row.step,
    next: nextOf(ctx, rosters, row),
    acknowledgedAt: row.acknowledgedAt,
    acknowledgedBy: row.acknowledgedBy,
    closedAt: row.closedAt,
    version: row.version,
  };
}

function stateOf(row: AlertRow): AlertState {
  if (row.closedAt !== null) return 'over';
  if (row.acknowledgedAt !== null) return 'acknowledged';
  return row.nextStepAt === null ? 'unanswered' : 'calling';
}

function nextOf(ctx: Context, rosters: Rosters, row: AlertRow): AlertView['next'] {
  if (row.nextStepAt === null) return null;
  const config = ctx.config();
  const escalation = config.onCall?.escalations.find(({ id }) => id === row.escalation);
  const at = row.nextStepAt;
  const call = escalation && callAt(config, rosters, escalation, { n: row.step, at });
  if (!call) return null;
  const people = [...new Set(call.to.map(({ recipient }) => recipient.name))];
  return { at, people };
}
