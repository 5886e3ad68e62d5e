import { DomainError } from '@upheld/domain/errors.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { changeTicket } from './record-change.ts';
import { momentOf, textInput, ticketChange, type TicketChange } from './ticket-input.ts';
import type { TicketView } from './ticket-view.ts';

const answerInput = z.strictObject({
  ...ticketChange,
  text: textInput,
  workStarted: z.boolean().default(false),
});
const updateInput = z.strictObject({ ...ticketChange, text: textInput });

export interface RespondToTicket extends TicketChange {
  /** What the reporter reads. */
  text: string;
  /** Whether the work on it has started: some agreements stop the response clock only then. */
  workStarted?: boolean | undefined;
}

export interface UpdateTicket extends TicketChange {
  text: string;
}

/**
 * Answers a report for the first time: that it was received, and which work has started. Mailed to the
 * reporter where there is an address. Throws DomainError: 'not-found'; 'conflict' when it was answered
 * before or is closed; 'invalid-input'.
 */
export async function respondToTicket(
  ctx: Context,
  actor: Actor,
  input: RespondToTicket,
): Promise<TicketView> {
  const given = parseInput(answerInput, input);
  return changeTicket(ctx, actor, given, (row, now) => {
    if (row.respondedAt !== null)
      throw new DomainError(
        'conflict',
        `ticket ${row.number} was answered before; post an update instead`,
      );
    const at = momentOf(row, given.at, now);
    return {
      entries: [
        { kind: 'responded', at, text: given.text },
        ...(given.workStarted ? [{ kind: 'work-started' as const, at, text: given.text }] : []),
      ],
      values: { respondedAt: at },
      tells: 'responded',
      action: 'ticket.respond',
    };
  });
}

/** Says how a report stands. Mailed to the reporter where there is an address. Throws as `respondToTicket`. */
export async function updateTicket(
  ctx: Context,
  actor: Actor,
  input: UpdateTicket,
): Promise<TicketView> {
  const given = parseInput(updateInput, input);
  return changeTicket(ctx, actor, given, (row, now) => ({
    entries: [{ kind: 'updated', at: momentOf(row, given.at, now), text: given.text }],
    values: {},
    tells: 'updated',
    action: 'ticket.update',
  }));
}
