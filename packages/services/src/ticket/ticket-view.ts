import type { Handle } from '@upheld/db/database.ts';
import { and, desc, eq, gt, inArray, isNull, lt, max } from '@upheld/db/query.ts';
import type { DeskClock } from '@upheld/domain/desk/clocks.ts';
import type { Duty } from '@upheld/domain/desk/duties.ts';
import {
  ticketFacts,
  type SenderProof,
  type TicketEntry,
  type TicketSource,
  type TicketState,
} from '@upheld/domain/desk/ticket.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { PauseReason, TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Language, Localised } from '@upheld/domain/text.ts';
import { namesOf } from '../components.ts';
import type { Context } from '../context.ts';
import { doneByHand, dutiesUnder } from '../duty/duty-facts.ts';
import { clocksUnder } from './ticket-clocks.ts';
import {
  detectedAt,
  entriesOf,
  mailboxOf,
  recordOf,
  stateOf,
  ticketRow,
  waitsForOf,
  type RecordedEntry,
  type TicketRow,
} from './ticket-row.ts';
import { sentTo } from './tell-reporter.ts';

/** A ticket with all that is known of it now. */
export interface TicketView {
  id: string;
  number: number;
  component: { id: string; name: Localised };
  type: TicketKind;
  severity: string | null;
  title: string;
  reporter: string;
  reporterAddress: string | null;
  /** Of one that came by mail: whether it came from that address; null where nobody could tell. */
  senderProof: SenderProof | null;
  language: Language;
  source: TicketSource;
  incidentId: string | null;
  state: TicketState;
  /** What it waits for. */
  waitsFor: PauseReason | null;
  reportedAt: Instant;
  recordedAt: Instant;
  recordedBy: string;
  respondedAt: Instant | null;
  recoveredAt: Instant | null;
  closedAt: Instant | null;
  version: number;
  /** Both clocks under every agreement that it counts in, at the second of `at`. */
  clocks: readonly DeskClock[];
  duties: readonly Duty[];
  /** In the order in which it was recorded. */
  events: readonly TicketEntry[];
  /** The moment of the view. */
  at: Instant;
}

/** One ticket as it stands now. */
export async function ticketViewOf(
  h: Handle,
  ctx: Context,
  row: TicketRow,
  now: Instant,
): Promise<TicketView> {
  const [view] = await ticketViews(h, ctx, [row], now);
  if (!view) throw new Error('a ticket has no view');
  return view;
}

/** Tickets as they stand now, in the order given; a fixed number of queries for each 500 of them. */
export async function ticketViews(
  h: Handle,
  ctx: Context,
  rows: readonly TicketRow[],
  now: Instant,
): Promise<TicketView[]> {
  const entries = await entriesOf(
    h,
    rows.map(({ id }) => id),
  );
  const detected = await detectedAt(h, rows);
  const postmortems = await postmortemsOf(h, rows);
  const done = await doneByHand(h);
  const told = rows.flatMap((row) => (mailboxOf(row) === null ? [] : toldIn(entries.get(row.id))));
  const sent = await sentTo(h, told);
  const second = floorSecond(now);
  const views: TicketView[] = [];
  for (const row of rows) {
    const events = entries.get(row.id) ?? [];
    const record = recordOf(row, events, detected);
    const under = clocksUnder(ctx, row.componentId, (levels) =>
      ticketFacts(record, levels, { knownAt: second }),
    );
    const about = {
      subject: subjectOf(row),
      registeredAt: row.recordedAt,
      closedAt: row.closedAt,
      events,
      hasAddress: mailboxOf(row) !== null,
      sent,
      incidentId: row.incidentId,
      postmortemAt: row.incidentId === null ? null : (postmortems.get(row.incidentId) ?? null),
    };
    const waitsFor = waitsForOf(row, events);
    views.push({
      ...headOf(ctx, row),
      waitsFor,
      clocks: under.flatMap(({ clocks }) => clocks(second, waitsFor)),
      duties: dutiesUnder(under, about, done, second),
      events,
      at: second,
    });
  }
  return views;
}

/** What the reporter was told, where there is an address. */
function toldIn(events: readonly RecordedEntry[] = []) {
  return events.flatMap(({ id, kind, ticketId }) =>
    kind === 'reported' ? [] : [{ ticketId, eventId: id }],
  );
}

function headOf(ctx: Context, row: TicketRow) {
  const [component = { id: row.componentId, name: { nl: row.componentId, en: row.componentId } }] =
    namesOf(ctx.config(), [row.componentId]);
  return {
    id: row.id,
    number: row.number,
    component,
    type: row.type as TicketKind,
    severity: row.severity,
    title: row.title,
    reporter: row.reporter,
    reporterAddress: row.reporterAddress,
    senderProof: row.senderProof,
    language: row.language,
    source: row.source,
    incidentId: row.incidentId,
    state: stateOf(row),
    reportedAt: row.reportedAt,
    recordedAt: row.recordedAt,
    recordedBy: row.recordedBy,
    respondedAt: row.respondedAt,
    recoveredAt: row.recoveredAt,
    closedAt: row.closedAt,
    version: row.version,
  };
}

/** A ticket as its duties name it. */
function subjectOf(row: TicketRow) {
  const title = `#${row.number} ${row.title}`;
  return {
    kind: 'ticket' as const,
    id: row.id,
    title: { nl: title, en: title },
    componentIds: [row.componentId],
  };
}

/** When a postmortem was last published of the incidents of these tickets. */
async function postmortemsOf(
  { q, t }: Handle,
  rows: readonly TicketRow[],
): Promise<Map<string, Instant>> {
  const ids = [...new Set(rows.flatMap(({ incidentId }) => incidentId ?? []))];
  if (ids.length === 0) return new Map();
  const found = await q
    .select({ id: t.postmortems.incidentId, at: max(t.postmortems.recordedAt) })
    .from(t.postmortems)
    .where(and(inArray(t.postmortems.incidentId, ids), eq(t.postmortems.published, true)))
    .groupBy(t.postmortems.incidentId);
  return new Map(found.flatMap(({ id, at }) => (at === null ? [] : [[id, at]])));
}

/** One ticket by its id or number. Throws DomainError('not-found'). */
export async function readTicket(ctx: Context, id: string): Promise<TicketView> {
  const h = ctx.db.read;
  return ticketViewOf(h, ctx, await ticketRow(h, id), ctx.clock.now());
}

export interface TicketQuery {
  /** Only those that are not closed. */
  open?: boolean | undefined;
  componentId?: string | undefined;
  incidentId?: string | undefined;
  /** From 1 to 500; by default 50. */
  limit?: number | undefined;
  /** Only those with a lower number: to go on from. */
  before?: number | undefined;
}

/** Tickets, the latest number first. */
export async function listTickets(ctx: Context, query: TicketQuery = {}): Promise<TicketView[]> {
  const h = ctx.db.read;
  const { tickets: t } = h.t;
  const { open, componentId, incidentId, limit = 50, before } = query;
  const rows = await h.q
    .select()
    .from(t)
    .where(
      and(
        open === true ? isNull(t.closedAt) : undefined,
        componentId === undefined ? undefined : eq(t.componentId, componentId),
        incidentId === undefined ? undefined : eq(t.incidentId, incidentId),
        before === undefined ? undefined : lt(t.number, before),
        gt(t.number, 0),
      ),
    )
    .orderBy(desc(t.number))
    .limit(Math.min(500, Math.max(1, limit)));
  return ticketViews(h, ctx, rows, ctx.clock.now());
}
