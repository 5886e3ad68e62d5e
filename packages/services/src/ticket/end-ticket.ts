import { DomainError } from '@upheld/domain/errors.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { expectVersion } from '../version.ts';
import { changeTicket } from './record-change.ts';
import { momentOf, textInput, ticketChange, type TicketChange } from './ticket-input.ts';
import { ticketRow } from './ticket-row.ts';
import type { TicketView } from './ticket-view.ts';

const endInput = z.strictObject({ ...ticketChange, text: textInput });

export interface EndTicket extends TicketChange {
  /** What was done; the reporter reads it, of a reopening where an agreement asks for a mail. */
  text: string;
}

/**
 * Says that what was reported is solved: the recovery clocks stop. Throws DomainError: 'not-found';
 * 'conflict' when it was before or is closed; 'invalid-input'.
 */
export async function recoverTicket(
  ctx: Context,
  actor: Actor,
  input: EndTicket,
): Promise<TicketView> {
  const given = parseInput(endInput, input);
  return changeTicket(ctx, actor, given, (row, now) => {
    if (row.recoveredAt !== null)
      throw new DomainError('conflict', `ticket ${row.number} was recovered before`);
    const after = row.pausedAt === null ? null : { at: row.pausedAt, what: 'it began to wait' };
    const at = momentOf(row, given.at, now, after);
    return {
      entries: [{ kind: 'recovered', at, text: given.text }],
      values: { recoveredAt: at, pausedAt: null },
      tells: 'recovered',
      action: 'ticket.recover',
    };
  });
}

/**
 * Takes a recovery or a closing back: it was not solved, so its clocks never stopped. Throws DomainError:
 * 'not-found'; 'conflict' when it is open; 'invalid-input'.
 */
export async function reopenTicket(
  ctx: Context,
  actor: Actor,
  input: EndTicket,
): Promise<TicketView> {
  const given = parseInput(endInput, input);
  return changeTicket(
    ctx,
    actor,
    given,
    (row, now) => ({
      entries: [{ kind: 'reopened', at: momentOf(row, given.at, now), text: given.text }],
      values: { recoveredAt: null, closedAt: null, pausedAt: null },
      tells: 'reopened',
      action: 'ticket.reopen',
    }),
    endedTicket,
  );
}

async function endedTicket(
  h: Parameters<typeof ticketRow>[0],
  id: string,
  expectedVersion: number | undefined,
) {
  const row = await ticketRow(h, id);
  expectVersion(row, expectedVersion);
  if (row.recoveredAt === null && row.closedAt === null)
    throw new DomainError('conflict', `ticket ${row.number} is open`);
  return row;
}

/** Closes a ticket: nothing more is to be done. Throws DomainError: 'not-found'; 'conflict'; 'invalid-input'. */
export async function closeTicket(
  ctx: Context,
  actor: Actor,
  input: EndTicket,
): Promise<TicketView> {
  const given = parseInput(endInput, input);
  return changeTicket(ctx, actor, given, (row, now) => {
    const at = momentOf(row, given.at, now, {
      at: row.recoveredAt ?? row.pausedAt ?? row.reportedAt,
      what: 'what was recorded before it',
    });
    // What is closed without having been solved stops its clocks as well: there is nothing left to solve.
    const solved = row.recoveredAt === null;
    return {
      entries: [
        { kind: 'closed', at, text: given.text },
        ...(solved ? [{ kind: 'recovered' as const, at, text: given.text }] : []),
      ],
      values: { closedAt: at, recoveredAt: row.recoveredAt ?? at, pausedAt: null },
      tells: 'closed',
      action: 'ticket.close',
    };
  });
}
