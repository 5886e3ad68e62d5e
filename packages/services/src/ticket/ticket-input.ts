import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { TICKET_KINDS, type TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { z } from 'zod';
import { knownComponent } from '../components.ts';
import type { Context } from '../context.ts';
import { grade } from '../incident/scales.ts';
import { idInput, invalidInput, secondInput } from '../input.ts';
import { versionInput } from '../version.ts';
import type { TicketRow } from './ticket-row.ts';

const LONGEST_TEXT = 10_000;

export const textInput = z
  .string('is missing; say it in words')
  .trim()
  .min(1, 'is empty; say it in words')
  .max(LONGEST_TEXT, `is too long; write at most ${LONGEST_TEXT} characters`);

export const typeInput = z.enum(
  TICKET_KINDS,
  `is no type; write one of ${TICKET_KINDS.join(', ')}`,
);

/** What every change of a ticket is given. */
export const ticketChange = {
  ticketId: idInput,
  at: secondInput.optional(),
  expectedVersion: versionInput,
};

export interface TicketChange {
  /** Its id, or its number. */
  ticketId: string;
  /** When it was, where that is earlier than now: both are kept. */
  at?: Instant | undefined;
  /** The version that the caller has read. */
  expectedVersion?: number | undefined;
}

/** The moment asked for: not before the report nor before what it must follow, and not in the future. */
export function momentOf(
  row: Pick<TicketRow, 'reportedAt'>,
  at: Instant | undefined,
  now: Instant,
  after: { at: Instant; what: string } | null = null,
): Instant {
  if (at === undefined) return now;
  if (at > now)
    throw invalidInput([{ path: 'at', message: 'is in the future; leave it out for now' }]);
  // What was typed is on whole seconds, what it is compared with is not.
  if (at < Math.floor(row.reportedAt / 1000) * 1000)
    throw invalidInput([{ path: 'at', message: 'is before the report' }]);
  if (after && at < Math.floor(after.at / 1000) * 1000)
    throw invalidInput([{ path: 'at', message: `is before ${after.what}` }]);
  return Math.max(at, row.reportedAt, after?.at ?? at);
}

/** The level for a type: a question has none, and what is a fault has one of the component's agreements. */
export function checkLevel(
  ctx: Context,
  componentId: string,
  type: TicketKind,
  severity: string | undefined,
): string | null {
  const component = knownComponent(ctx.config(), componentId);
  if (type === 'question') {
    if (severity === undefined) return null;
    throw invalidInput([
      { path: 'severity', message: 'is not for a question; leave it out, or choose another type' },
    ]);
  }
  if (severity !== undefined) {
    grade(ctx, [component], severity);
    return severity;
  }
  const levels = component.agreements.flatMap((use) =>
    ctx
      .agreements()
      .get(use.agreement)
      .severityLevels.map(({ id }) => id),
  );
  throw invalidInput([
    {
      path: 'severity',
      message: `is missing; only a question has none; write one of ${[...new Set(levels)].join(', ')}`,
    },
  ]);
}

/** The levels of an agreement's scale. */
export function levelsOf(agreement: Agreement): string[] {
  return agreement.severityLevels.map(({ id }) => id);
}
