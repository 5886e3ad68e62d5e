import { z } from 'zod';
import { CAUSES } from '../incident/incident.ts';
import { MAINTENANCE_KINDS } from '../maintenance/maintenance.ts';
import { control, notification, obligation } from './agreement-duties.ts';
import { attainment, tickets } from './agreement-tickets.ts';
import {
  amount,
  calendar,
  calendarName,
  channel,
  date,
  leadingAddress,
  localised,
  percentage,
  ruled,
  whole,
  word,
  zone,
} from './agreement-values.ts';
import { PERIOD_KINDS } from './facts.ts';

/*
 * An agreement file as a schema. Descriptions become the JSON Schema that editors complete from.
 * docs/agreements.md explains the language to people.
 */

const TREATMENTS = ['left-out', 'as-up', 'as-down'] as const;
const availability = z.strictObject({
  parts: z
    .record(
      word,
      z.strictObject({
        within: calendarName.optional().describe('The part of time it is about; absent: all.'),
        norm: percentage.optional(),
        ...ruled,
      }),
    )
    .describe('One figure for each part of time; none where the contract speaks of none.'),
  excluded: z
    .enum(TREATMENTS)
    .default('left-out')
    .describe('What excluded time does in the figure: on neither side of it, up, or down.'),
  maintenance: z.enum(TREATMENTS).default('left-out'),
  defaultPeriod: z.enum(PERIOD_KINDS).describe('The period when none is asked for.'),
  leading: z
    .union([z.literal('own-probes'), leadingAddress])
    .default('own-probes')
    .describe('Whose figures lead: our own, or those that are published at an address.'),
  ...ruled,
});

const kindRule = z.discriminatedUnion('judged', [
  z.strictObject({
    judged: z.literal('by-notice'),
    qualifies: z
      .enum(['in-time-work', 'in-time-window', 'announced-work', 'all-work'])
      .default('in-time-work')
      .describe('Which seconds are taken as maintenance.'),
    late: z
      .enum(['late', 'qualifies'])
      .default('late')
      .describe('The verdict on one that was announced late or never.'),
    ...ruled,
  }),
  z.strictObject({
    judged: z.literal('free'),
    verdict: z.enum(['not-required', 'emergency', 'shown-apart']),
    ...ruled,
  }),
  z.strictObject({ judged: z.literal('counts'), ...ruled }),
]);

const maintenance = z.strictObject({
  kinds: z.strictObject({
    [MAINTENANCE_KINDS[0]]: kindRule,
    [MAINTENANCE_KINDS[1]]: kindRule,
    [MAINTENANCE_KINDS[2]]: kindRule,
  }),
  notice: z
    .strictObject({
      term: amount.optional().describe('How long before; absent: any moment before it starts.'),
      whenTouching: calendarName
        .optional()
        .describe('The term holds for windows that touch this calendar, others need none.'),
      words: localised.describe('The rule in words, as an engineer reads it.'),
      channels: z.array(channel).min(1).optional().describe('By which of them it may be given.'),
      ...ruled,
    })
    .optional(),
  preferred: z.strictObject({ calendar: calendarName, ...ruled }).optional(),
  cap: z
    .strictObject({
      perMonth: whole,
      lateUsesTurn: z.boolean().default(false),
      ...ruled,
    })
    .optional(),
});

const compensation = z.strictObject({
  period: z.enum(PERIOD_KINDS),
  part: word,
  below: percentage.describe('Due when the availability is below it.'),
  allowedHours: z.string().regex(/^\d{1,9}(\.\d{1,9})?$/),
  yearHours: z.string().regex(/^\d{1,9}(\.\d{1,9})?$/),
  deducted: z.array(z.enum(CAUSES)).describe('Down time by these causes is taken off.'),
  gross: z.boolean().default(true).describe('Whether it is first part of the down time.'),
  ...ruled,
});

/** The rules: all that a reading or a customer's own contract may replace. */
export const termsSchema = z.strictObject({
  zone: zone.default('Europe/Amsterdam').describe('Of days, months and periods.'),
  severity: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        countsAsDown: z.boolean(),
        means: localised,
        ...ruled,
      }),
    )
    .min(1)
    .describe('The levels, worst first.'),
  causes: z
    .strictObject({ excluded: z.partialRecord(z.enum(CAUSES), z.strictObject(ruled)) })
    .describe('Causes whose down time is not counted.'),
  calendars: z.record(word, calendar).default({}),
  availability,
  maintenance,
  tickets: tickets.optional(),
  attainment: attainment.optional(),
  interruptions: z
    .strictObject({
      limitPerMonth: z.int().min(0).optional(),
      counted: z.enum(['incident', 'stretch']),
      ...ruled,
    })
    .optional(),
  performance: z.strictObject({ limitMs: z.int().min(1), ...ruled }).optional(),
  compensation: compensation.optional(),
  obligations: z.record(word, obligation).default({}),
  notifications: z.record(word, notification).default({}),
  controls: z.record(word, control).default({}),
});

const replaces = z
  .record(z.string(), z.json())
  .describe('Pieces of the agreement by their path, such as maintenance.notice.term.');

/** What changed later: one item of `versions`. */
export const versionSchema = z.strictObject({
  label: z.string().min(1),
  validFrom: date.describe('The first local day on which it holds.'),
  source: z.string().min(1).optional(),
  replaces,
});

const headSchema = z.strictObject({
  id: word,
  name: z.string().min(1),
  source: z.string().min(1).describe('The document that it puts into data.'),
  version: z.strictObject({
    label: z.string(),
    validFrom: date.optional(),
    changes: z.string().optional().describe('How changes are made known.'),
  }),
  components: z.union([
    z.literal('any'),
    z
      .array(
        z.strictObject({
          id: word,
          name: z.string().min(1),
          deployment: z.enum(['cloud', 'on-premise', 'external']).default('cloud'),
          environment: z.enum(['production', 'test', 'beta']).default('production'),
          essential: z
            .boolean()
            .optional()
            .describe('Whether it is one of the essential functions, where a contract parts them.'),
          usedBy: z
            .array(z.string().min(1))
            .min(1)
            .optional()
            .describe('The ids of the customers or components that use it; absent: all.'),
          note: z.string().optional(),
        }),
      )
      .min(1),
  ]),
  outside: z
    .array(z.strictObject({ name: z.string(), leading: leadingAddress.optional(), ...ruled }))
    .default([])
    .describe('What the contract says it does not cover.'),
  readings: z
    .record(
      z.string().regex(/^[A-Z]+\d+$/, 'write a short id such as S13'),
      z.strictObject({
        question: localised,
        clause: z.string().min(1),
        options: z
          .record(
            z.string(),
            z.strictObject({ means: localised.optional(), replaces: replaces.default({}) }),
          )
          .describe('The first option is the default.'),
      }),
    )
    .default({}),
  customers: z
    .record(z.string(), z.strictObject({ source: z.string().min(1), replaces }))
    .default({})
    .describe('What was agreed otherwise with one customer.'),
  versions: z
    .array(versionSchema)
    .default([])
    .describe('What changed later, each on top of the ones before it.'),
});

/** A whole agreement file: what it is, and its rules beside it. */
export const agreementSchema = z.strictObject({ ...headSchema.shape, ...termsSchema.shape });

/** The keys of the rules. */
export const TERM_KEYS: readonly string[] = Object.keys(termsSchema.shape);

export type AgreementDocument = z.output<typeof agreementSchema>;
export type Terms = z.output<typeof termsSchema>;
export type KindRule = z.output<typeof kindRule>;
