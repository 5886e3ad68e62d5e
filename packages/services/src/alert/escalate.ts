import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { and, asc, inArray, isNull, lte } from '@upheld/db/query.ts';
import type { AlertAbout } from '@upheld/domain/notify/desk-messages.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { readRosters } from '../on-call/rosters.ts';
import { transactUntilWon } from '../race.ts';
import { aboutOf, setAlert, stillOpen, type AlertRow } from './alert-row.ts';
import { callAt, type Call } from './escalation.ts';
import { makeCalls, wayKey, waysBefore, type Planned, type WayBefore } from './make-calls.ts';

/** A bound on one transaction; a storm of more goes on at the next turn. */
const MOST_AT_ONCE = 500;

/**
 * Calls whoever is next for every alert whose moment has come. What is for the same person by the same way is
 * one call, and so is what comes within a short time of a call: that waits and goes together, but the first
 * goes at once. All steps and calls of a turn are one transaction, so that a process which dies here has done
 * all or nothing. Gives how many calls were made.
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
  if (due.length === 0) return 0;
  const { calls, untaken } = await transactUntilWon(ctx.db, (h) =>
    turn(
      h,
      ctx,
      due.map(({ id }) => id),
    ),
  );
  for (const { id, titleEn } of untaken)
    ctx.log.error(
      { alertId: id, title: titleEn },
      'nobody took an alert, and nobody is left to call',
    );
  return calls;
}

/** What a turn did: how many calls it made, and the alerts for which nobody is left to call. */
interface Turn {
  calls: number;
  untaken: AlertRow[];
}

async function turn(h: Handle, ctx: Context, ids: readonly string[]): Promise<Turn> {
  const now = ctx.clock.now();
  const config = ctx.config();
  const rows = (await stillOpen(h, ids)).filter(
    ({ nextStepAt }) => nextStepAt !== null && nextStepAt <= now,
  );
  const steps = await stepsOf(h, config, rows, now);
  const ways = await waysBefore(
    h,
    steps.flatMap(({ call }) => call?.to ?? []),
  );
  const untaken: AlertRow[] = [];
  const taken: { row: AlertRow; call: Call }[] = [];
  for (const { row, call } of steps) {
    const free = call && freeFrom(call, ways, { row, gather: config.onCall?.gather ?? 0, now });
    if (!call) {
      await setAlert(h, row, { nextStepAt: null });
      untaken.push(row);
    } else if (free !== null && free > now) {
      await setAlert(h, row, { nextStepAt: free });
    } else {
      await setAlert(h, row, { step: row.step + 1, nextStepAt: now + call.waitMs });
      taken.push({ row, call });
    }
  }
  const most = config.onCall?.textsAnHour ?? Infinity;
  const planned = await gathered(h, config, taken);
  return { calls: await makeCalls(h, { ids: ctx.ids, now, most }, planned, ways), untaken };
}

async function stepsOf(h: Handle, config: Config, rows: readonly AlertRow[], now: Instant) {
  const rosters = await readRosters(h, config, now);
  return rows.map((row) => {
    const escalation = config.onCall?.escalations.find(({ id }) => id === row.escalation);
    const call = escalation ? callAt(config, rosters, escalation, { n: row.step, at: now }) : null;
    return { row, call };
  });
}

/**
 * From when everybody whom it would call can be called: so long after the last call of each. It waits once:
 * two who are called for other things in turns are never both free.
 */
function freeFrom(
  call: Call,
  ways: ReadonlyMap<string, WayBefore>,
  { row, gather, now }: { row: AlertRow; gather: number; now: Instant },
): Instant {
  const made = call.to.map((way) => (ways.get(wayKey(way))?.calls ?? []).map((one) => one.madeAt));
  const waited = made.flat().some((at) => at + gather === row.nextStepAt);
  if (waited) return now;
  // A clock that was put back must not keep anybody waiting.
  const last = made.flatMap(([at]) => (at === undefined || at > now ? [] : [at + gather]));
  return Math.max(now, ...last);
}

/** What each person is to be told by each way. */
async function gathered(
  h: Handle,
  config: Config,
  taken: readonly { row: AlertRow; call: Call }[],
): Promise<Planned[]> {
  const touched = await componentIdsOf(
    h,
    taken.map(({ row }) => row.subjectId),
  );
  const planned = new Map<string, Planned & { about: AlertAbout[] }>();
  for (const { row, call } of taken)
    for (const way of call.to) {
      const key = wayKey(way);
      const known = planned.get(key) ?? { way, about: [] };
      planned.set(key, known);
      known.about.push(factsOf(config, row, touched.get(row.subjectId) ?? []));
    }
  return [...planned.values()];
}

function factsOf(config: Config, row: AlertRow, componentIds: readonly string[]): AlertAbout {
  return {
    alertId: row.id,
    about: aboutOf(row),
    title: { nl: row.titleNl, en: row.titleEn },
    components: namesOf(config, componentIds),
    raisedAt: row.raisedAt,
    step: row.step,
  };
}

/** Of incidents and of tickets, by their ids. */
async function componentIdsOf(
  { q, t }: Handle,
  subjectIds: readonly string[],
): Promise<Map<string, string[]>> {
  const ofIncidents = await q
    .select({ of: t.incidentComponents.incidentId, id: t.incidentComponents.componentId })
    .from(t.incidentComponents)
    .where(inArray(t.incidentComponents.incidentId, [...subjectIds]));
  const ofTickets = await q
    .select({ of: t.tickets.id, id: t.tickets.componentId })
    .from(t.tickets)
    .where(inArray(t.tickets.id, [...subjectIds]));
  const found = Map.groupBy([...ofIncidents, ...ofTickets], ({ of }) => of);
  return new Map([...found].map(([of, rows]) => [of, rows.map(({ id }) => id).sort()]));
}
