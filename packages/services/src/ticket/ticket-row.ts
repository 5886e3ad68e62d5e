import type { Handle } from '@upheld/db/database.ts';
import { and, asc, eq, inArray, sql } from '@upheld/db/query.ts';
import {
  waits,
  type SenderProof,
  type TicketEntry,
  type TicketEventKind,
  type TicketRecord,
  type TicketState,
} from '@upheld/domain/desk/ticket.ts';
import type { PauseReason } from '@upheld/domain/sla/facts.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import type { Ids, Instant } from '@upheld/domain/ports.ts';
import type { Actor } from '../context.ts';
import { won } from '../race.ts';
import { expectVersion } from '../version.ts';

export type TicketRow = Handle['t']['tickets']['$inferSelect'];

const NUMBER = 'ticket-number';

/** The next number that people know a ticket by: 1, 2, 3 … In the transaction that makes the ticket. */
export async function nextNumber({ q, t }: Handle): Promise<number> {
  const [row] = await q
    .insert(t.settings)
    .values({ key: NUMBER, value: '1' })
    .onConflictDoUpdate({
      target: t.settings.key,
      set: { value: sql`cast(cast(${t.settings.value} as integer) + 1 as text)` },
    })
    .returning();
  return Number(row?.value ?? 1);
}

/** The ticket with this id or number; throws DomainError('not-found'). */
export async function ticketRow({ q, t }: Handle, id: string): Promise<TicketRow> {
  const number = /^#?(\d{1,9})$/.exec(id)?.[1];
  const [row] = await q
    .select()
    .from(t.tickets)
    .where(number === undefined ? eq(t.tickets.id, id) : eq(t.tickets.number, Number(number)));
  if (!row) throw new DomainError('not-found', `there is no ticket "${id}"`);
  return row;
}

/**
 * The same for whoever wants to change it. Throws DomainError: 'not-found'; 'conflict' when it is closed,
 * or was changed since the version that the caller read.
 */
export async function openTicket(
  h: Handle,
  id: string,
  expectedVersion: number | undefined,
): Promise<TicketRow> {
  const row = await ticketRow(h, id);
  expectVersion(row, expectedVersion);
  if (row.closedAt !== null)
    throw new DomainError('conflict', `ticket ${row.number} is closed; reopen it first`);
  return row;
}

/**
 * Where mail to the reporter goes; null where no address is known, and where the mail that it came by was
 * forged: whoever the address belongs to never wrote to us.
 */
export function mailboxOf({
  reporterAddress,
  senderProof,
}: Pick<TicketRow, 'reporterAddress' | 'senderProof'>): string | null {
  return senderProof === 'refuted' ? null : reporterAddress;
}

/** How a ticket stands. */
export function stateOf(
  row: Pick<TicketRow, 'closedAt' | 'recoveredAt' | 'pausedAt'>,
): TicketState {
  if (row.closedAt !== null) return 'closed';
  if (row.recoveredAt !== null) return 'recovered';
  return row.pausedAt === null ? 'open' : 'waiting';
}

/** Changes a ticket unless somebody else did since it was read; see `transactUntilWon`. */
export async function setTicket(
  { q, t }: Handle,
  row: TicketRow,
  values: Partial<Handle['t']['tickets']['$inferInsert']>,
): Promise<void> {
  won(
    await q
      .update(t.tickets)
      .set({ ...values, version: row.version + 1 })
      .where(and(eq(t.tickets.id, row.id), eq(t.tickets.version, row.version)))
      .returning({ id: t.tickets.id }),
  );
}

export interface NewEntry {
  ticketId: string;
  kind: TicketEventKind;
  at: Instant;
  type?: string | null;
  severity?: string | null;
  text: string;
  messageId?: string | null;
  senderProof?: SenderProof | null;
  now: Instant;
}

/** Adds to the record of a ticket, and gives the id of what was added. */
export async function addEntry(
  { q, t }: Handle,
  ids: Ids,
  actor: Pick<Actor, 'name'>,
  entry: NewEntry,
): Promise<string> {
  const { now, ...rest } = entry;
  const { type = null, severity = null, messageId = null, senderProof = null } = rest;
  const id = ids.next();
  await q.insert(t.ticketEvents).values({
    ...rest,
    id,
    type,
    severity,
    messageId,
    senderProof,
    recordedAt: now,
    recordedBy: actor.name,
  });
  return id;
}

/** An entry of one ticket. */
export type RecordedEntry = TicketEntry & { ticketId: string };

/** The records of tickets, in the order in which they were made. */
export async function entriesOf(
  { q, t }: Handle,
  ticketIds: readonly string[],
): Promise<Map<string, RecordedEntry[]>> {
  const found = new Map<string, RecordedEntry[]>(ticketIds.map((id) => [id, []]));
  for (let at = 0; at < ticketIds.length; at += 500) {
    const rows = await q
      .select()
      .from(t.ticketEvents)
      .where(inArray(t.ticketEvents.ticketId, ticketIds.slice(at, at + 500)))
      .orderBy(asc(t.ticketEvents.recordedAt), asc(t.ticketEvents.id));
    for (const row of rows) found.get(row.ticketId)?.push(row);
  }
  return found;
}

/** When the probes saw the incidents that these tickets are about, by the id of the incident. */
export async function detectedAt(
  { q, t }: Handle,
  rows: readonly TicketRow[],
): Promise<Map<string, Instant>> {
  const ids = [...new Set(rows.flatMap(({ incidentId }) => incidentId ?? []))];
  if (ids.length === 0) return new Map();
  const found = await q
    .select({ id: t.incidents.id, at: t.incidents.noticedAt, by: t.incidents.createdBy })
    .from(t.incidents)
    .where(inArray(t.incidents.id, ids));
  return new Map(found.flatMap(({ id, at, by }) => (by === 'detector' ? [[id, at]] : [])));
}

/** What the clocks of a ticket are worked out from. */
export function recordOf(
  row: TicketRow,
  events: readonly TicketEntry[],
  detected: ReadonlyMap<string, Instant>,
): TicketRecord {
  const { id, reportedAt, recordedAt, incidentId } = row;
  return {
    id,
    reportedAt,
    recordedAt,
    detectedAt: incidentId === null ? null : (detected.get(incidentId) ?? null),
    events,
  };
}

/** What a ticket waits for now; null where it does not. */
export function waitsForOf(
  { pausedAt }: Pick<TicketRow, 'pausedAt'>,
  events: readonly TicketEntry[],
): PauseReason | null {
  return pausedAt === null ? null : (waits(events).at(-1)?.reason ?? null);
}
