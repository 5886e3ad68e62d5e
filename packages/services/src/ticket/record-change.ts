import type { Handle } from '@upheld/db/database.ts';
import type { TicketMessage } from '@upheld/domain/notify/desk-messages.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { moment } from '../audit/moment.ts';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { transactUntilWon } from '../race.ts';
import { bumpRevision } from '../revision.ts';
import { tellingOf } from './asked-to-tell.ts';
import { tellReporter } from './tell-reporter.ts';
import {
  addEntry,
  entriesOf,
  openTicket,
  setTicket,
  ticketRow,
  waitsForOf,
  type NewEntry,
  type TicketRow,
} from './ticket-row.ts';
import type { TicketChange } from './ticket-input.ts';
import { ticketViewOf, type TicketView } from './ticket-view.ts';

/** What one verb does to a ticket. */
export interface Recorded {
  entries: readonly Omit<NewEntry, 'ticketId' | 'now'>[];
  values: Partial<Handle['t']['tickets']['$inferInsert']>;
  /** What the reporter is told of it, where they are: the words of the first entry. */
  tells?: TicketMessage;
  /** In the audit log. */
  action: `ticket.${string}`;
}

/**
 * Runs one verb on a ticket that is open: reads it, lets `decide` say what is recorded, writes that, tells
 * the reporter, and gives the ticket as it then stands.
 */
export async function changeTicket(
  ctx: Context,
  actor: Actor,
  { ticketId, expectedVersion }: TicketChange,
  decide: (row: TicketRow, now: Instant, h: Handle) => Recorded | Promise<Recorded>,
  find: typeof openTicket = openTicket,
): Promise<TicketView> {
  return transactUntilWon(ctx.db, async (h) => {
    const now = ctx.clock.now();
    const row = await find(h, ticketId, expectedVersion);
    const { entries, values, tells, action } = await decide(row, now, h);
    const added: string[] = [];
    for (const entry of entries)
      added.push(await addEntry(h, ctx.ids, actor, { ...entry, ticketId: row.id, now }));
    await setTicket(h, row, values);
    const changed = await ticketRow(h, row.id);
    await tell(h, ctx, changed, { message: tells, said: entries[0], eventId: added[0], now });
    await bumpRevision(h);
    await recordAudit(h, ctx, actor, {
      action,
      subject: row.id,
      before: auditOf(row),
      after: {
        ...auditOf(changed),
        said: entries.map(({ kind, at, type, severity, text }) => ({
          kind,
          at: moment(at),
          type: type ?? null,
          severity: severity ?? null,
          text,
        })),
      },
    });
    return ticketViewOf(h, ctx, changed, now);
  });
}

/** Mails the reporter what happened, where that is always said or an agreement asks for it. */
async function tell(
  h: Handle,
  ctx: Context,
  row: TicketRow,
  happened: {
    message: TicketMessage | undefined;
    said: Recorded['entries'][number] | undefined;
    eventId: string | undefined;
    now: Instant;
  },
): Promise<void> {
  const { message, said, eventId, now } = happened;
  if (!message || !said || eventId === undefined) return;
  if (tellingOf(ctx, row, message, now).to === null) return;
  const events = (await entriesOf(h, [row.id])).get(row.id) ?? [];
  const waitsFor = waitsForOf(row, events);
  await tellReporter(h, ctx, row, { event: message, eventId, text: said.text, waitsFor, now });
}

/** A ticket as the audit log keeps it. */
export function auditOf(row: TicketRow) {
  return {
    number: row.number,
    version: row.version,
    type: row.type,
    severity: row.severity,
    incidentId: row.incidentId,
    respondedAt: moment(row.respondedAt),
    pausedAt: moment(row.pausedAt),
    recoveredAt: moment(row.recoveredAt),
    closedAt: moment(row.closedAt),
  };
}
