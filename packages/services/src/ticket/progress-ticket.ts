import { TOLD_EVENTS, type ToldEvent } from '@upheld/domain/desk/report-events.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { z } from 'zod';
import type { Actor, Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { changeTicket } from './record-change.ts';
import { checkIncident } from './report-ticket.ts';
import { momentOf, textInput, ticketChange, type TicketChange } from './ticket-input.ts';
import type { TicketView } from './ticket-view.ts';

/** Steps of the work that some agreements start or stop a clock by. */
export const PROGRESS = ['work-started', 'root-cause-found', 'workaround-delivered'] as const;
export type Progress = (typeof PROGRESS)[number];

const progressInput = z.strictObject({
  ...ticketChange,
  step: z.enum(PROGRESS, `is no step; write one of ${PROGRESS.join(', ')}`),
  text: textInput,
});
const happenedInput = z.strictObject({
  ...ticketChange,
  event: z.enum(TOLD_EVENTS, `is no event; write one of ${TOLD_EVENTS.join(', ')}`),
  text: textInput,
});
const linkInput = z.strictObject({
  ...ticketChange,
  incidentId: idInput.nullable(),
  text: z.string().trim().max(10_000).default(''),
});

export interface ProgressTicket extends TicketChange {
  step: Progress;
  text: string;
}

export interface TellOfTicket extends TicketChange {
  event: ToldEvent;
  /** What shows it; kept as evidence. */
  text: string;
}

export interface LinkTicket extends TicketChange {
  /** Null takes the link away. */
  incidentId: string | null;
  text?: string | undefined;
}

/** Says how far the work has come. Throws DomainError: 'not-found'; 'conflict'; 'invalid-input'. */
export async function progressTicket(
  ctx: Context,
  actor: Actor,
  input: ProgressTicket,
): Promise<TicketView> {
  const given = parseInput(progressInput, input);
  return changeTicket(ctx, actor, given, (row, now) => ({
    entries: [{ kind: given.step, at: momentOf(row, given.at, now), text: given.text }],
    values: {},
    action: 'ticket.progress',
  }));
}

/**
 * Says that something happened from which an agreement counts an obligation: a complaint was received, a
 * leak was established. Throws DomainError: 'not-found'; 'conflict'; 'invalid-input'.
 */
export async function tellOfTicket(
  ctx: Context,
  actor: Actor,
  input: TellOfTicket,
): Promise<TicketView> {
  const given = parseInput(happenedInput, input);
  return changeTicket(ctx, actor, given, (row, now) => ({
    entries: [
      {
        kind: 'happened',
        at: momentOf(row, given.at, now),
        type: given.event,
        text: given.text,
      },
    ],
    values: {},
    action: 'ticket.happened',
  }));
}

/**
 * Says which incident a ticket is about: what the probes saw of it then starts the clocks that an agreement
 * starts by detection. Throws DomainError: 'not-found'; 'conflict'; 'invalid-input'.
 */
export async function linkTicket(
  ctx: Context,
  actor: Actor,
  input: LinkTicket,
): Promise<TicketView> {
  const given = parseInput(linkInput, input);
  return changeTicket(ctx, actor, given, async (row, now, h) => {
    if (row.incidentId === given.incidentId)
      throw new DomainError('conflict', `ticket ${row.number} is linked so already`);
    await checkIncident(h, given.incidentId);
    return {
      entries: [{ kind: 'linked', at: now, type: given.incidentId, text: given.text }],
      values: { incidentId: given.incidentId },
      action: 'ticket.link',
    };
  });
}
