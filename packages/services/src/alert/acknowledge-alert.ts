import type { Handle } from '@upheld/db/database.ts';
import { eq } from '@upheld/db/query.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { finishChange, setIncident } from '../incident/incident-row.ts';
import { idInput, parseInput } from '../input.ts';
import { transactUntilWon } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { expectVersion, versionInput } from '../version.ts';
import { aboutOf, alertRow, setAlert } from './alert-row.ts';
import { viewsOf, type AlertView } from './alert-view.ts';

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
    if (row.acknowledgedAt !== null) return viewOf(ctx, h, alertId);
    expectVersion(row, expectedVersion);
    if (row.closedAt !== null)
      throw new DomainError('conflict', 'what this alert was about is over');
    await setAlert(h, row, { acknowledgedAt: now, acknowledgedBy: actor.name, nextStepAt: null });
    if (aboutOf(row) === 'incident') await takeIncident(h, ctx, actor, { id: row.subjectId, now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action: 'alert.acknowledge',
      subject: row.id,
      before: { acknowledgedAt: null },
      after: { acknowledgedAt: moment(now), about: row.dedupeKey },
    });
    return viewOf(ctx, h, alertId);
  });
}

/** The same for one of several: what is over meanwhile needs nobody, and the others are taken all the same. */
export async function acknowledgeUnlessOver(
  ctx: Context,
  actor: Actor,
  alertId: string,
): Promise<void> {
  try {
    await acknowledgeAlert(ctx, actor, { alertId });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error;
  }
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

async function viewOf(ctx: Context, h: Handle, alertId: string): Promise<AlertView> {
  const [view] = await viewsOf(ctx, h, [await alertRow(h, alertId)]);
  if (!view) throw new Error(`the alert ${alertId} has gone`);
  return view;
}
