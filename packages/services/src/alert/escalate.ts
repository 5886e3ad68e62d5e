import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, isNull, lte } from '@upheld/db/query.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { enqueueTo } from '../outbox/enqueue.ts';
import { transactUntilWon } from '../race.ts';
import { setAlert, type AlertRow } from './alert-row.ts';
import { callAt } from './escalation.ts';

const HOUR = 3_600_000;
/** A call that could not be made in this time is not made any more: the next ones were. */
const WORTH_CALLING_MS = HOUR;
const MOST_AT_ONCE = 50;

/**
 * Calls whoever is next for every alert whose moment has come. The step and the calls are one transaction,
 * so that a process which dies here has done both or neither; a call has the alert and the step in its key.
 * Gives how many steps were taken.
 */
export async function escalate(ctx: Context): Promise<number> {
  const { q, t } = ctx.db.read;
  const due = await q
    .select({ id: t.alerts.id })
    .from(t.alerts)
    .where(
      and(
        lte(t.alerts.nextStepAt, ctx.clock.now()),
        isNull(t.alerts.acknowledgedAt),
        isNull(t.alerts.closedAt),
      ),
    )
    .orderBy(asc(t.alerts.id))
    .limit(MOST_AT_ONCE);
  let taken = 0;
  for (const { id } of due) if (await step(ctx, id)) taken += 1;
  return taken;
}

/** One step of one alert; false when somebody acknowledged it meanwhile, or another took the step. */
function step(ctx: Context, id: string): Promise<boolean> {
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const [row] = await h.q.select().from(h.t.alerts).where(eq(h.t.alerts.id, id));
    if (!row || !mayCall(row, now) || (await isAcknowledged(h, row))) return false;
    const config = ctx.config();
    const escalation = config.onCall?.escalations.find((one) => one.id === row.escalation);
    const call = escalation ? callAt(config, escalation, row.step) : null;
    if (!call) {
      await setAlert(h, row, { nextStepAt: null });
      ctx.log.error(
        { alertId: id, title: row.titleEn },
        'nobody took an alert, and nobody is left to call',
      );
      return false;
    }
    await setAlert(h, row, { step: row.step + 1, nextStepAt: now + call.waitMs });
    await enqueueTo(
      h,
      { ids: ctx.ids, now },
      {
        subjectId: row.id,
        content: {
          kind: 'alert',
          alertId: row.id,
          about: row.dedupeKey.startsWith('duty:') ? 'duty' : 'incident',
          title: { nl: row.titleNl, en: row.titleEn },
          components: namesOf(config, await componentIdsOf(h, row.subjectId)),
          raisedAt: row.raisedAt,
          step: row.step,
        },
        to: call.to,
        dedupe: `alert:${row.id}:${row.step}`,
        expiresAt: now + WORTH_CALLING_MS,
      },
    );
    return true;
  });
}

function mayCall(row: AlertRow, now: Instant): boolean {
  return (
    row.acknowledgedAt === null &&
    row.closedAt === null &&
    row.nextStepAt !== null &&
    row.nextStepAt <= now
  );
}

async function isAcknowledged({ q, t }: Handle, row: AlertRow): Promise<boolean> {
  if (!row.dedupeKey.startsWith('incident:')) return false;
  const [incident] = await q.select().from(t.incidents).where(eq(t.incidents.id, row.subjectId));
  return incident ? incident.acknowledgedAt !== null || incident.resolvedAt !== null : false;
}

/** Of an incident or of a ticket. */
async function componentIdsOf({ q, t }: Handle, subjectId: string): Promise<string[]> {
  const ofIncident = await q
    .select({ id: t.incidentComponents.componentId })
    .from(t.incidentComponents)
    .where(inArray(t.incidentComponents.incidentId, [subjectId]));
  const ofTicket = await q
    .select({ id: t.tickets.componentId })
    .from(t.tickets)
    .where(eq(t.tickets.id, subjectId));
  return [...ofIncident, ...ofTicket].map(({ id }) => id).sort();
}
