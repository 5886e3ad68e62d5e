import { z } from 'zod';
import { amount, calendarName, percentage, ruled, word } from './agreement-values.ts';
import { PAUSE_REASONS, TICKET_EVENTS, TICKET_KINDS } from './facts.ts';

/* What an agreement says of reports: their clocks, and the share of them that must be in time. */

const event = z.enum(TICKET_EVENTS);
const start = z.union([
  z.strictObject({ earliest: z.array(event).min(1) }),
  z.strictObject({
    preferred: z.array(event).min(1),
    else: z.literal('own-stop').optional(),
  }),
]);
const clockRule = z.strictObject({
  kinds: z.array(z.enum(TICKET_KINDS)).min(1).optional(),
  levels: z.array(z.string()).min(1).optional(),
  start,
  stop: z.strictObject({ earliest: z.array(event).min(1) }),
  calendar: calendarName.optional(),
  pauses: z.array(z.enum(PAUSE_REASONS)).optional(),
  target: amount.optional().describe('The target of every level.'),
  targets: z.record(z.string(), amount).optional().describe('The target of each level.'),
  halfTimeUpdate: z.boolean().default(false),
  ...ruled,
});
const clock = z
  .record(word, clockRule)
  .describe('The first rule that fits the kind and level of a ticket is the one that holds.');
export const tickets = z.strictObject({
  calendar: calendarName.describe('For clocks that name no other, and those without a target.'),
  workingDays: z
    .enum(['day-fraction', 'same-clock-time', 'end-of-day'])
    .default('day-fraction')
    .describe('How a term of working days is counted.'),
  recategorised: z.enum(['keeps-start', 'restarts']).default('keeps-start'),
  pauses: z.array(z.enum(PAUSE_REASONS)).default([]),
  response: clock,
  recovery: clock,
});

export const attainment = z.strictObject({
  kinds: z.array(z.enum(TICKET_KINDS)).min(1),
  counted: event.describe('The event that decides whether a ticket belongs to the period.'),
  groups: z.record(
    word,
    z.strictObject({ levels: z.array(z.string()).min(1), norm: percentage, ...ruled }),
  ),
});

export type ClockRule = z.output<typeof clockRule>;
