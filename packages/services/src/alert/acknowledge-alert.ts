import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq, isNull } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { finishChange, setIncident } from '../incident/incident-row.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { after, type Place } from '../read/place.ts';
import { bumpRevision } from '../revision.ts';
import { instanceSecret } from '../secret.ts';
import { expectVersion, versionInput } from '../version.ts';
import { alertRow, setAlert, type AlertRow } from './alert-row.ts';
import { callAt } from './escalation.ts';
import { alertInToken } from './token.ts';

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

const acknowledgeInput = z.strictObject({ alertId: idInput, expectedVersion: versionInput });

export interface AcknowledgeAlert {
  alertId: string;
  expectedVersion?: number | undefined;
}

/**
 * Says that somebody is on it: nobody else is called, and the incident that it is about is acknowledged as
 * well. Who does it again changes nothing. Throws DomainError: 'not-found'; 'conflict' where it is over.
 */
export async function acknowledgeAlert(
  ctx: Context,
  actor: Actor,
  input: AcknowledgeAlert,
): Promise<AlertView> {
  const { alertId, expectedVersion } = parseInput(acknowledgeInput, input);
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await alertRow(h, alertId);
    if (row.acknowledgedAt !== null) return viewOf(ctx, row);
    expectVersion(row, expectedVersion);
    if (row.closedAt !== null)
      throw new DomainError('conflict', 'what this alert was about is over');
    await setAlert(h, row, { acknowledgedAt: now, acknowledgedBy: actor.name, nextStepAt: null });
    if (row.dedupeKey.startsWith('incident:'))
      await takeIncident(h, ctx, actor, { id: row.subjectId, now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'alert.acknowledge',
      subject: row.id,
      before: { acknowledgedAt: null },
      after: { acknowledgedAt: moment(now), about: row.dedupeKey },
    });
    return viewOf(ctx, await alertRow(h, alertId));
  });
}

/** Whoever is on the alert of an incident is on the incident. */
async function takeIncident(
  h: Handle,
  ctx: Context,
  actor: Actor,
  { id, now }: { id: string; now: Instant },
): Promise<void> {
  const [row] = await h.q.select().from(h.t.incidents).where(eq(h.t.incidents.id, id));
  if (!row || row.acknowledgedAt !== null) return;
  await setIncident(h, row, { acknowledgedAt: now, acknowledgedBy: actor.name, updatedAt: now });
  await finishChange(h, ctx, actor, {
    row,
    action: 'incident.acknowledge',
    after: { acknowledgedAt: moment(now) },
  });
}

/** The alert that the link in a call opens, and who was called; null for a link that is not ours. */
export async function alertByToken(
  ctx: Context,
  token: string,
): Promise<{ alert: AlertView; person: string } | null> {
  const found = alertInToken(await instanceSecret(ctx.db, ctx.ids), token);
  if (!found) return null;
  const { q, t } = ctx.db.read;
  const [row] = await q.select().from(t.alerts).where(eq(t.alerts.id, found.alertId));
  const person = ctx.config().onCall?.people.find(({ id }) => id === found.personId);
  return row && person ? { alert: viewOf(ctx, row), person: person.name } : null;
}

/**
 * Acknowledges an alert in the name of whoever was called. Throws DomainError: 'not-found' for a link that
 * is not ours, or of somebody who is not on call any more; 'conflict'.
 */
export async function acknowledgeByToken(
  ctx: Context,
  token: string,
  address: string,
): Promise<AlertView> {
  const found = await alertByToken(ctx, token);
  if (!found) throw new DomainError('not-found', 'this link does not belong to an alert');
  return acknowledgeAlert(ctx, { name: found.person, address }, { alertId: found.alert.id });
}

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
  return rows.map((row) => viewOf(ctx, row));
}

function viewOf(ctx: Context, row: AlertRow): AlertView {
  return {
    id: row.id,
    about: row.dedupeKey.startsWith('duty:') ? 'duty' : 'incident',
    subjectId: row.subjectId,
    title: { nl: row.titleNl, en: row.titleEn },
    state: stateOf(row),
    raisedAt: row.raisedAt,
    calls: row.step,
    next: nextOf(ctx, row),
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

function nextOf(ctx: Context, row: AlertRow): AlertView['next'] {
  if (row.nextStepAt === null) return null;
  const config = ctx.config();
  const escalation = config.onCall?.escalations.find(({ id }) => id === row.escalation);
  const call = escalation && callAt(config, escalation, row.step);
  if (!call) return null;
  const people = [...new Set(call.to.map(({ recipient }) => recipient.name))];
  return { at: row.nextStepAt, people };
}
