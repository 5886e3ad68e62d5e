import { z } from '@hono/zod-openapi';
import { TEMPLATE_KINDS } from '@upheld/services/template/shipped.ts';
import {
  announced,
  id,
  incidentStatus,
  instantIn,
  instantOut,
  localised,
  maintenanceKind,
  maintenanceStatus,
  verdict,
} from './schemas.ts';

/* Planning maintenance, what comes back, and the texts that engineers start from. */

const window = z.strictObject({ from: instantOut, to: instantOut });
const some = z.string().trim().min(1);
const text = z.strictObject({ nl: some.max(10_000), en: some.max(10_000) });
const title = z.strictObject({ nl: some.max(200), en: some.max(200) });
const blanks = 'With {component}, {from} and {to} where they are to be filled in.';
const figureVerdict = z.enum(['met', 'missed', 'not-proven', 'no-norm', 'no-data']);

const figure = z
  .strictObject({
    part: z.string(),
    norm: z.string().nullable(),
    countedSeconds: z.int().meta({ description: 'Of the window, when all of it is down.' }),
    budgetBefore: z.int().nullable().meta({ description: 'Seconds still allowed, without it.' }),
    budgetAfter: z.int().nullable().meta({ description: 'The same with it; may be negative.' }),
    percentBefore: z.string().nullable(),
    percentAfter: z.string().nullable(),
    verdictBefore: figureVerdict,
    verdictAfter: figureVerdict,
  })
  .openapi('PlannedFigure');

export const plan = z
  .strictObject({
    at: instantOut.meta({ description: 'The moment for which it is true.' }),
    from: instantOut,
    to: instantOut,
    kind: maintenanceKind,
    componentIds: z.array(z.string()),
    verdicts: z.array(
      z
        .strictObject({
          ...verdict.shape,
          agreementName: z.string(),
          noticeNeeded: z.boolean(),
          turn: z
            .strictObject({ month: z.string(), nth: z.int(), perMonth: z.int() })
            .nullable()
            .meta({ description: 'Which one of its month it is, where a contract limits them.' }),
          period: window.meta({ description: 'What the figures are of.' }),
          figures: z.array(figure),
        })
        .openapi('PlannedVerdict'),
    ),
    overlaps: z.array(
      z.strictObject({
        id: z.string(),
        title: localised,
        from: instantOut,
        to: instantOut,
        componentIds: z.array(z.string()),
      }),
    ),
    nextWindowForAll: window.nullable().meta({
      description:
        'The earliest window of this length, not before the one asked for nor before now, that suits every agreement and leaves a quarter of an hour to announce it.',
    }),
  })
  .openapi('MaintenancePlan');

export const emergency = z
  .strictObject({
    to: instantIn.meta({ description: 'Until when it is expected to take; it begins now.' }),
    title: title.optional(),
    text,
    reason: some.max(10_000).meta({ description: 'Why it could not wait; kept as evidence.' }),
  })
  .openapi('NewEmergency');

export const declared = z
  .strictObject({
    ...announced.shape,
    replacedId: z.string().meta({ description: 'The maintenance that it replaces.' }),
  })
  .openapi('DeclaredEmergency');

const recurrence = {
  rrule: some.max(500).meta({
    description: 'RFC 5545 without DTSTART and without times of day.',
    example: 'FREQ=MONTHLY;BYDAY=1SU',
  }),
  localStart: some.max(19).meta({
    description: 'The first start, on the wall clock of the page; it stays the same across DST.',
    example: '2026-12-06T02:00',
  }),
  durationSeconds: z.int().min(60),
};

export const newSeries = z
  .strictObject({
    componentIds: z.array(id).min(1).max(1000),
    title: title.optional(),
    text: text.meta({ description: blanks }),
    ...recurrence,
    announceSeconds: z
      .int()
      .min(60)
      .meta({ description: 'How long before its start each occurrence is announced.' }),
  })
  .openapi('NewMaintenanceSeries');

export const askedSeries = z.strictObject(recurrence).openapi('AskedMaintenanceSeries');
export const windows = z.strictObject({ windows: z.array(window) }).openapi('SeriesWindows');

export const series = z
  .strictObject({
    id: z.string(),
    componentIds: z.array(z.string()),
    title: localised,
    text: localised,
    rrule: z.string(),
    zone: z.string(),
    localStart: z.string(),
    durationSeconds: z.int(),
    announceSeconds: z.int(),
    createdAt: instantOut,
    createdBy: z.string(),
    endedAt: instantOut.nullable(),
    version: z.int(),
    next: z.array(
      z.strictObject({
        from: instantOut,
        to: instantOut,
        announceAt: instantOut,
        maintenance: z
          .strictObject({ id: z.string(), status: maintenanceStatus })
          .nullable()
          .meta({ description: 'null: it is not announced yet.' }),
        skipped: z
          .strictObject({ reason: z.string(), at: instantOut, by: z.string() })
          .nullable()
          .meta({ description: 'Why it will not be; null: it will.' }),
      }),
    ),
  })
  .openapi('MaintenanceSeries');
export const skip = z
  .strictObject({
    occurrenceAt: instantIn.meta({ description: 'The start that the rule gives it.' }),
    reason: some.max(10_000).meta({ description: 'Why; kept as evidence.' }),
  })
  .openapi('SkippedOccurrence');
export const seriesList = z
  .strictObject({ series: z.array(series) })
  .openapi('MaintenanceSeriesList');

const templateFields = {
  kind: z.enum(TEMPLATE_KINDS),
  name: some.max(80),
  status: incidentStatus.nullable().meta({ description: 'Of an incident update.' }),
};
export const newTemplate = z
  .strictObject({
    ...templateFields,
    status: templateFields.status.default(null),
    title,
    body: text.meta({ description: blanks }),
  })
  .openapi('NewTemplate');
export const template = z
  .strictObject({
    id: z.string(),
    ...templateFields,
    title: localised,
    body: localised,
    updatedAt: instantOut.nullable().meta({ description: 'null: it is as it came.' }),
    updatedBy: z.string().nullable(),
    version: z.int(),
  })
  .openapi('Template');
export const templateList = z
  .strictObject({ templates: z.array(template) })
  .openapi('TemplateList');
export const templateQuery = z.strictObject({ kind: z.enum(TEMPLATE_KINDS).optional() });
