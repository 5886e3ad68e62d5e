import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, isNull, or, gt } from '@upheld/db/query.ts';
import { byUrgency, dutyAt, type Duty } from '@upheld/domain/desk/duties.ts';
import { owedForIncident, type DutyIncident } from '@upheld/domain/desk/owed.ts';
import type { DeskClock } from '@upheld/domain/desk/clocks.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { readMerges } from '../read/merges.ts';
import { ticketViews, type TicketView } from '../ticket/ticket-view.ts';
import { doneByHand } from './duty-facts.ts';

/** For so long after the last report of it an incident or a ticket is looked at for duties. */
const LOOKED_BACK_MS = 400 * 86_400_000;

/** Every duty there is, of tickets and incidents, what is due first first; also those that are done. */
export async function readDuties(ctx: Context): Promise<Duty[]> {
  const now = ctx.clock.now();
  const tickets = await recentTickets(ctx, now);
  return dutiesOfAll(ctx, tickets, now);
}

async function dutiesOfAll(
  ctx: Context,
  tickets: readonly TicketView[],
  now: Instant,
): Promise<Duty[]> {
  const incidents = await incidentDuties(ctx, now);
  return [...tickets.flatMap(({ duties }) => duties), ...incidents].sort(byUrgency);
}

/**
 * Tickets that something may be asked for: all that are open, and of those that are closed the ones of which
 * something is recorded, or that have a level, from which an obligation is counted that outlives them.
 */
async function recentTickets(ctx: Context, now: Instant): Promise<TicketView[]> {
  const h = ctx.db.read;
  const { tickets: t, ticketEvents: e } = h.t;
  const since = now - LOOKED_BACK_MS;
  const levels = levelsThatOwe(ctx);
  const spoken = h.q
    .select({ id: e.ticketId })
    .from(e)
    .where(and(inArray(e.kind, OUTLIVES), gt(e.recordedAt, since)));
  const rows = await h.q
    .select()
    .from(t)
    .where(
      or(
        isNull(t.closedAt),
        inArray(t.id, spoken),
        levels.length === 0 ? undefined : and(inArray(t.severity, levels), gt(t.reportedAt, since)),
      ),
    )
    .orderBy(asc(t.number));
  return ticketViews(h, ctx, rows, now);
}

/** What sets off an obligation that a closing does not end. */
const OUTLIVES = ['happened', 'recategorised'] as const;

/** Levels of which a registered fault owes something. */
function levelsThatOwe(ctx: Context): string[] {
  const uses = [...componentsOf(ctx.config()).values()].flatMap(({ agreements }) => agreements);
  const found = [...new Set(uses.map(({ agreement }) => agreement))].flatMap((reference) =>
    Object.values(ctx.agreements().get(reference).document.obligations).flatMap(({ on }) =>
      on?.event === 'incident-registered' ? (on.levels ?? []) : [],
    ),
  );
  return [...new Set(found)];
}

/** The duties that incidents make under the agreements of their components. */
async function incidentDuties(ctx: Context, now: Instant): Promise<Duty[]> {
  const h = ctx.db.read;
  const done = await doneByHand(h);
  const components = componentsOf(ctx.config());
  const book = ctx.agreements();
  const second = floorSecond(now);
  return (await recentIncidents(h, now)).flatMap((incident) => {
    const agreements = new Set(
      incident.subject.componentIds.flatMap(
        (id) => components.get(id)?.agreements.map(({ agreement }) => agreement) ?? [],
      ),
    );
    return [...agreements].flatMap((reference) =>
      owedForIncident(rulesUnder(book.get(reference)), reference, incident).map((owed) =>
        dutyAt(owed, done.get(owed.key), second),
      ),
    );
  });
}

async function recentIncidents(h: Handle, now: Instant): Promise<DutyIncident[]> {
  const { q, t } = h;
  // What was recorded of a part is owed by the whole.
  const { rootOf, partsOf } = await readMerges(h);
  const rows = await q
    .select()
    .from(t.incidents)
    .where(and(gt(t.incidents.startedAt, now - LOOKED_BACK_MS), isNull(t.incidents.mergedIntoId)));
  const changes = await q
    .select({ change: t.incidentChanges })
    .from(t.incidentChanges)
    .innerJoin(t.incidents, eq(t.incidents.id, t.incidentChanges.incidentId))
    .where(gt(t.incidents.startedAt, now - LOOKED_BACK_MS))
    .orderBy(asc(t.incidentChanges.recordedAt), asc(t.incidentChanges.id));
  const said = Map.groupBy(
    changes.map(({ change }) => change),
    ({ incidentId }) => rootOf(incidentId),
  );
  // An incident of which neither severity nor cause was ever said sets off no duty.
  const spoken = rows.filter(({ id }) => said.has(id));
  const ids = spoken.flatMap(({ id }) => partsOf(id));
  if (ids.length === 0) return [];
  const updates = Map.groupBy(
    await q.select().from(t.incidentUpdates).where(inArray(t.incidentUpdates.incidentId, ids)),
    ({ incidentId }) => rootOf(incidentId),
  );
  const published = Map.groupBy(
    await q
      .select()
      .from(t.postmortems)
      .where(and(inArray(t.postmortems.incidentId, ids), eq(t.postmortems.published, true))),
    ({ incidentId }) => rootOf(incidentId),
  );
  const touched = Map.groupBy(
    await q
      .select()
      .from(t.incidentComponents)
      .where(inArray(t.incidentComponents.incidentId, ids)),
    ({ incidentId }) => rootOf(incidentId),
  );
  return spoken.map((row) => ({
    subject: {
      kind: 'incident' as const,
      id: row.id,
      title: { nl: row.titleNl, en: row.titleEn },
      componentIds: [
        ...new Set((touched.get(row.id) ?? []).map(({ componentId }) => componentId)),
      ].sort(),
    },
    noticedAt: row.noticedAt,
    changes: said.get(row.id) ?? [],
    updates: (updates.get(row.id) ?? [])
      .map(({ id, recordedAt }) => ({ id, at: recordedAt }))
      .sort((a, b) => a.at - b.at),
    postmortemAt: earliest((published.get(row.id) ?? []).map(({ recordedAt }) => recordedAt)),
  }));
}

function earliest(instants: readonly Instant[]): Instant | null {
  return instants.length === 0 ? null : Math.min(...instants);
}

/** Something with a moment that comes up on the desk. */
export type NextDue =
  | { kind: 'clock'; due: Instant; ticket: TicketView; clock: DeskClock }
  | { kind: 'duty'; due: Instant; duty: Duty };

/**
 * What is due next, of running clocks and of duties, the earliest first; what is late comes before. At most
 * `limit`. A clock of a ticket that waits for its customer stands still and is left out.
 */
export async function readDueNext(ctx: Context, limit = 10): Promise<NextDue[]> {
  const now = ctx.clock.now();
  const tickets = await recentTickets(ctx, now);
  const duties = await dutiesOfAll(ctx, tickets, now);
  const clocks = tickets.flatMap((ticket) =>
    ticket.closedAt !== null
      ? []
      : ticket.clocks.flatMap((clock): NextDue[] =>
          clock.left === null || clock.dueAt === null || clock.paused
            ? []
            : [{ kind: 'clock', due: clock.dueAt, ticket, clock }],
        ),
  );
  const owed = duties.flatMap((duty): NextDue[] =>
    duty.state === 'done' || duty.due === null ? [] : [{ kind: 'duty', due: duty.due, duty }],
  );
  return [...clocks, ...owed].sort((a, b) => a.due - b.due).slice(0, limit);
}
