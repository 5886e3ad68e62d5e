import { DELIVERY_CHANNELS } from '@upheld/domain/notify/delivery.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { z } from 'zod';
import { duration, httpUrl, slug } from './values.ts';

/* Who is called, and what comes in from outside: parts of the schema of upheld.yaml. */

const person = z.strictObject({
  id: slug,
  name: z.string().min(1),
  language: z.enum(LANGUAGES).default('nl'),
  email: z.string().optional(),
  phone: z.string().optional().describe('In E.164 form, for text messages: +31612345678.'),
  webhook: z
    .strictObject({
      url: httpUrl,
      secret: z
        .string()
        .min(16)
        .describe('What calls are signed with, as Standard Webhooks say: at least 16 characters.'),
    })
    .optional(),
});

export const ALERT_KINDS = ['incident', 'duty'] as const;

const escalation = z.strictObject({
  id: slug,
  for: z
    .strictObject({
      kinds: z.array(z.enum(ALERT_KINDS)).min(1).optional(),
      components: z.array(slug).min(1).optional(),
      agreements: z.array(z.string()).min(1).optional(),
      severities: z.array(z.string()).min(1).optional(),
    })
    .prefault({})
    .describe('What it is for; what is left out stands for everything.'),
  steps: z
    .array(
      z.strictObject({
        people: z
          .array(slug)
          .min(1)
          .describe('Called together: people, and rosters, which stand for whoever has the turn.'),
        by: z
          .array(z.enum(DELIVERY_CHANNELS))
          .min(1)
          .optional()
          .describe('By default every way in which a person can be reached.'),
        wait: duration
          .default(600_000)
          .describe('How long they have to acknowledge before the next are called, such as 10m.'),
      }),
    )
    .min(1)
    .max(20),
  rounds: z.int().min(1).max(20).default(3).describe('How often the steps are gone through.'),
});

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const turns = z.int().min(1).max(52).optional();
const localMoment = z
  .string()
  .describe('Local time such as 2026-12-24 09:00, or an instant with its offset.');

const roster = z.strictObject({
  id: slug,
  zone: z.string().optional().describe('Of its local times; by default the timezone above.'),
  people: z.array(slug).min(1).describe('In the order in which they take turns.'),
  every: z
    .strictObject({ days: turns, weeks: turns })
    .default({ weeks: 1 })
    .describe('How long a turn is: days, or weeks.'),
  handover: z
    .strictObject({
      weekday: z.enum(WEEKDAYS).optional().describe('Of turns of weeks: monday, tuesday …'),
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a local time such as 09:00')
        .describe('The local time at which a turn begins, also where the clocks change.'),
    })
    .describe('When one hands over to the next.'),
  start: z.string().describe('The date on which the first of the people begins, as YYYY-MM-DD.'),
  overrides: z
    .array(z.strictObject({ from: localMoment, to: localMoment, person: slug }))
    .max(200)
    .default([])
    .describe('Who is on call in the place of whoever has the turn.'),
});

export const onCall = z
  .strictObject({
    people: z.array(person).min(1),
    rosters: z.array(roster).default([]).describe('People who take turns.'),
    escalations: z
      .array(escalation)
      .min(1)
      .describe('The first one that fits is followed until somebody acknowledges.'),
    gather: duration
      .default(60_000)
      .describe(
        'So long after a call nobody is called again by the same way: what comes meanwhile is one message.',
      ),
    textsAnHour: z
      .int()
      .min(1)
      .max(60)
      .default(10)
      .describe(
        'So many text messages to one person in an hour; one more says that it was the last.',
      ),
  })
  .describe('Who is called when something is down or comes due.');

export const incoming = z
  .strictObject({
    mail: z
      .strictObject({
        secret: z
          .string()
          .min(16)
          .describe('What the mail service signs its calls with: at least 16 characters.'),
        component: slug.describe('What a report is about until somebody says so.'),
      })
      .optional()
      .describe('Reports by mail, which a mail service posts to /api/incoming/mail.'),
  })
  .describe('What comes in from outside.');
