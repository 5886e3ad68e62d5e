import { z } from 'zod';
import { REPORT_EVENTS } from '../desk/report-events.ts';
import { CAUSES } from '../incident/incident.ts';
import { amount, channel, localised, ruled } from './agreement-values.ts';

/* What an agreement obliges somebody to do or to tell, and what is checked how often. */

/** What happens to an incident of which an agreement can make a duty. */
export const INCIDENT_EVENTS = [
  'incident-registered',
  'severity-changed',
  'cause-established',
] as const;

export const obligation = z.strictObject({
  does: localised,
  when: z.string(),
  within: z
    .union([amount, z.literal('at-once'), z.literal('no-term')])
    .describe('How long after the event.'),
  to: z.string().optional(),
  on: z
    .strictObject({
      event: z.enum([...INCIDENT_EVENTS, ...REPORT_EVENTS]),
      levels: z.array(z.string()).min(1).optional().describe('Only of these levels.'),
      causes: z.array(z.enum(CAUSES)).min(1).optional().describe('Only of these causes.'),
    })
    .optional()
    .describe('What happens to an incident or a report, so that the product can keep the duty.'),
  owes: z.enum(['rca-report', 'notice']).optional().describe('What fulfils it.'),
  ...ruled,
});

/** What happens of which an agreement can ask that somebody is told, and of which the product knows. */
export const TOLD_OF = [
  'outage',
  'maintenance',
  'rca',
  'received',
  'progress',
  'recategorised',
  'restored',
] as const;
export type ToldOf = (typeof TOLD_OF)[number];

export const notification = z.strictObject({
  event: z.string(),
  on: z
    .array(z.enum(TOLD_OF))
    .min(1)
    .optional()
    .describe('What happens, so that the product can show who was told.'),
  audience: z.enum([
    'public',
    'subscribers',
    'customer',
    'key-users',
    'director',
    'on-call',
    'reporter',
  ]),
  channels: z.array(channel),
  ...ruled,
});
export const control = z.strictObject({ checks: localised, every: z.string(), ...ruled });

export type NotificationRule = z.output<typeof notification>;
export type ObligationRule = z.output<typeof obligation>;
