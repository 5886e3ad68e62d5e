import type { DeskClock } from '@upheld/domain/desk/clocks.ts';
import { ticketFacts } from '@upheld/domain/desk/ticket.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { TicketKind } from '@upheld/domain/sla/facts.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { changeTicket } from './record-change.ts';
import { clocksUnder } from './ticket-clocks.ts';
import {
  checkLevel,
  momentOf,
  textInput,
  ticketChange,
  typeInput,
  type TicketChange,
} from './ticket-input.ts';
import { detectedAt, entriesOf, openTicket, recordOf, waitsForOf } from './ticket-row.ts';
import type { TicketView } from './ticket-view.ts';

const placed = { type: typeInput, severity: idInput.optional() };
const recategoriseInput = z.strictObject({ ...ticketChange, ...placed, text: textInput });
const previewInput = z.strictObject({ ...ticketChange, ...placed });

export interface Recategorise extends TicketChange {
  type: TicketKind;
  severity?: string | undefined;
}

export interface RecategoriseTicket extends Recategorise {
  /** Why; the reporter reads it. */
  text: string;
}

/**
 * Places a report in another type or at another level. The targets are those of the new place; whether the
 * clocks start anew is up to each agreement. The reporter is told where there is an address. Throws
 * DomainError: 'not-found'; 'conflict' when nothing would change or it is closed; 'invalid-input'.
 */
export async function recategoriseTicket(
  ctx: Context,
  actor: Actor,
  input: RecategoriseTicket,
): Promise<TicketView> {
  const given = parseInput(recategoriseInput, input);
  return changeTicket(ctx, actor, given, (row, now) => {
    const severity = checkLevel(ctx, row.componentId, given.type, given.severity);
    if (row.type === given.type && row.severity === severity)
      throw new DomainError('conflict', `ticket ${row.number} is placed there already`);
    const at = momentOf(row, given.at, now);
    return {
      entries: [{ kind: 'recategorised', at, type: given.type, severity, text: given.text }],
      values: { type: given.type, severity },
      tells: 'recategorised',
      action: 'ticket.recategorise',
    };
  });
}

/** The clocks of a ticket as they stand, and as they would stand in another place; stores nothing. */
export async function previewRecategorisation(
  ctx: Context,
  input: Recategorise,
): Promise<{ now: readonly DeskClock[]; then: readonly DeskClock[] }> {
  const given = parseInput(previewInput, input);
  const h = ctx.db.read;
  const now = ctx.clock.now();
  const row = await openTicket(h, given.ticketId, given.expectedVersion);
  const severity = checkLevel(ctx, row.componentId, given.type, given.severity);
  const events = (await entriesOf(h, [row.id])).get(row.id) ?? [];
  const detected = await detectedAt(h, [row]);
  const change = {
    id: 'preview',
    ticketId: row.id,
    kind: 'recategorised' as const,
    at: momentOf(row, given.at, now),
    type: given.type,
    severity,
    text: '',
    recordedAt: floorSecond(now),
    recordedBy: '',
  };
  const clocks = (all: typeof events): DeskClock[] =>
    clocksUnder(ctx, row.componentId, (levels) =>
      ticketFacts(recordOf(row, all, detected), levels, { knownAt: floorSecond(now) }),
    ).flatMap(({ clocks: found }) => found(floorSecond(now), waitsForOf(row, all)));
  return { now: clocks(events), then: clocks([...events, change]) };
}
