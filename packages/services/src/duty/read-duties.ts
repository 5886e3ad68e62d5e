import { and, asc, inArray, isNull, or, gt } from '@upheld/db/query.ts';
import { byUrgency, type Duty } from '@upheld/domain/desk/duties.ts';
import type { DeskClock } from '@upheld/domain/desk/clocks.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { ticketViews, type TicketView } from '../ticket/ticket-view.ts';
import { incidentDuties } from './incident-duties.ts';

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
  const incidents = await incidentDuties(ctx, now - LOOKED_BACK_MS, now);
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
