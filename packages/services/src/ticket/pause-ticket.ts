import { waits } from '@upheld/domain/desk/ticket.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { PAUSE_REASONS, type PauseReason } from '@upheld/domain/sla/facts.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { changeTicket } from './record-change.ts';
import { momentOf, textInput, ticketChange, type TicketChange } from './ticket-input.ts';
import { entriesOf } from './ticket-row.ts';
import type { TicketView } from './ticket-view.ts';

const pauseInput = z.strictObject({
  ...ticketChange,
  reason: z.enum(PAUSE_REASONS, `is no reason; write one of ${PAUSE_REASONS.join(', ')}`),
  text: textInput,
});
const resumeInput = z.strictObject({ ...ticketChange, text: textInput });

export interface PauseTicket extends TicketChange {
  /** Which of them stop a clock is up to each agreement. */
  reason: PauseReason;
  /** What shows it; kept as evidence, and read by the reporter where an agreement asks for a mail. */
  text: string;
}

export interface ResumeTicket extends TicketChange {
  text: string;
}

/**
 * Says that a ticket waits, and for what. Its clocks stand still where an agreement names that reason.
 * Throws DomainError: 'not-found'; 'conflict' when it waits already, is recovered or closed; 'invalid-input'.
 */
export async function pauseTicket(
  ctx: Context,
  actor: Actor,
  input: PauseTicket,
): Promise<TicketView> {
  const given = parseInput(pauseInput, input);
  return changeTicket(ctx, actor, given, async (row, now, h) => {
    if (row.pausedAt !== null)
      throw new DomainError('conflict', `ticket ${row.number} waits already; resume it first`);
    if (row.recoveredAt !== null)
      throw new DomainError('conflict', `ticket ${row.number} is recovered: nothing runs`);
    const before = waits((await entriesOf(h, [row.id])).get(row.id) ?? []).at(-1)?.to ?? null;
    const after = before === null ? null : { at: before, what: 'the end of the wait before it' };
    const at = momentOf(row, given.at, now, after);
    return {
      entries: [{ kind: 'paused', at, type: given.reason, text: given.text }],
      values: { pausedAt: at },
      tells: 'paused',
      action: 'ticket.pause',
    };
  });
}

/** Says that what a ticket waited for is there. Throws DomainError: 'not-found'; 'conflict'; 'invalid-input'. */
export async function resumeTicket(
  ctx: Context,
  actor: Actor,
  input: ResumeTicket,
): Promise<TicketView> {
  const given = parseInput(resumeInput, input);
  return changeTicket(ctx, actor, given, (row, now) => {
    if (row.pausedAt === null)
      throw new DomainError('conflict', `ticket ${row.number} waits for nothing`);
    const at = momentOf(row, given.at, now, { at: row.pausedAt, what: 'it began to wait' });
    return {
      entries: [{ kind: 'resumed', at, text: given.text }],
      values: { pausedAt: null },
      tells: 'resumed',
      action: 'ticket.resume',
    };
  });
}
