import { z } from '@hono/zod-openapi';
import { CAUSES, IMPACTS, INCIDENT_STATUSES } from '@upheld/domain/incident/incident.ts';
import { MAINTENANCE_KINDS, MAINTENANCE_STATUSES } from '@upheld/domain/maintenance/maintenance.ts';
import { CHANNELS } from '@upheld/domain/notify/delivery.ts';
import { REMINDERS } from '@upheld/domain/notify/reminders.ts';
import { COMPONENT_STATES } from '@upheld/domain/page/states.ts';
import { MAINTENANCE_VERDICTS } from '@upheld/domain/sla/statement-types.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { glossary, TERMS } from '@upheld/domain/terms.ts';
import { LANGUAGES } from '@upheld/domain/text.ts';
import { OVERALL_STATES } from '@upheld/services/read/page-view.ts';

/** What goes out and what comes in, as the OpenAPI document tells it. Unknown keys are refused. */

const EXAMPLE = '2026-12-01T22:00:00+01:00';

/** An instant in a request: ISO 8601 with `Z` or an offset; read as epoch milliseconds. */
export const instantIn = z.iso
  .datetime({ offset: true, error: `must be a moment with an offset, such as ${EXAMPLE}` })
  .transform((text): Instant => Date.parse(text))
  .openapi({ type: 'string', format: 'date-time', example: EXAMPLE });

/** An instant in an answer. */
export const instantOut = z.iso.datetime();

export const some = z.string().trim().min(1);
export const id = z.string().min(1).max(200);
export const ids = z.array(id);
export const MOST_COMPONENTS = 1000;

/** Closed sets with what people see of them on the page, in mail and in text messages. */
export const incidentStatus = z
  .enum(INCIDENT_STATUSES)
  .meta({ description: glossary(TERMS.en.incidentStatus) });
export const cause = z.enum(CAUSES).meta({ description: glossary(TERMS.en.cause) });
export const maintenanceStatus = z
  .enum(MAINTENANCE_STATUSES)
  .meta({ description: glossary(TERMS.en.maintenanceStatus) });
export const maintenanceKind = z
  .enum(MAINTENANCE_KINDS)
  .meta({ description: glossary(TERMS.en.maintenanceKind) });

const version = z.int().meta({ description: 'Grows with every change; see If-Match.' });

export const localised = z.strictObject({ nl: z.string(), en: z.string() }).openapi('Localised', {
  description: 'A text in every language.',
});
// Not .nullable(): in the document that would let every text be null.
const localisedOrNull = z.union([localised, z.null()]);
export const title = z
  .strictObject({ nl: some.max(200), en: some.max(200) })
  .openapi('NewTitle', { description: 'One line, in every language.' });
export const body = z
  .strictObject({ nl: some.max(10_000), en: some.max(10_000) })
  .openapi('NewText', { description: 'What customers read, in every language.' });
export const reason = some.max(10_000).meta({ description: 'Why; it is kept as evidence.' });
export const componentIds = z.array(id).min(1).max(MOST_COMPONENTS);

export const percent = z
  .string()
  .nullable()
  .meta({ description: 'Decimal, cut to six places and never rounded up; null: nothing counted.' });

export const availability = z
  .strictObject({
    agreement: z.string(),
    part: z.string(),
    from: instantOut,
    to: instantOut,
    measuredSince: instantOut.nullable(),
    percent,
    coveragePercent: percent,
    lowestPercent: percent,
    highestPercent: percent,
    norm: z.string().nullable(),
    verdict: z.enum(['met', 'missed', 'not-proven', 'no-norm', 'no-data']),
    downSeconds: z.int(),
    budgetSeconds: z.int().nullable(),
    recorded: z
      .union([z.strictObject({ percent, downSeconds: z.int() }), z.null()])
      .meta({ description: 'As first recorded; null where no correction changes this figure.' }),
  })
  .openapi('Availability', {
    description: "One part of the leading agreement's measure, over its rolling twelve months.",
  });

const componentShape = {
  id: z.string(),
  groupId: z.string(),
  name: localised,
  description: localisedOrNull,
  state: z
    .enum([...COMPONENT_STATES, 'unknown'])
    .meta({ description: 'unknown: nobody measured it yet, or not lately.' }),
  createdAt: instantOut,
  updatedAt: instantOut,
  availability: z.array(availability),
};

export const component = z.strictObject(componentShape).openapi('Component');

const day = z.strictObject({
  date: z.iso.date(),
  state: z.enum(['up', 'degraded', 'down', 'maintenance', 'unmeasured']),
  downSeconds: z.int(),
  degradedSeconds: z.int(),
  maintenanceSeconds: z.int(),
  unmeasuredSeconds: z.int(),
  incidents: z.array(z.strictObject({ id: z.string(), title: localised })),
});

// No .extend(): in the document each half would forbid the properties of the other.
export const componentWithDays = z
  .strictObject({
    ...componentShape,
    days: z.array(day).meta({ description: 'Ninety local days, oldest first.' }),
  })
  .openapi('ComponentWithDays');

export const incident = z
  .strictObject({
    id: z.string(),
    title: localised,
    status: incidentStatus,
    impact: z.enum(IMPACTS),
    startedAt: instantOut.meta({ description: 'When it happened.' }),
    noticedAt: instantOut.meta({ description: 'When it was noticed.' }),
    resolvedAt: instantOut.nullable(),
    updatedAt: instantOut,
    version,
    componentIds: ids,
    cause: cause.nullable(),
    updates: z.array(
      z.strictObject({
        id: z.string(),
        status: incidentStatus,
        body: localised,
        at: instantOut,
      }),
    ),
    acknowledgedAt: instantOut.nullable().meta({ description: 'When somebody took it up.' }),
    mergedIntoId: z
      .string()
      .nullable()
      .meta({ description: 'The incident that this one turned out to be part of.' }),
    splitFromId: z
      .string()
      .nullable()
      .meta({ description: 'The incident that this one was split off.' }),
    postmortem: z
      .union([z.strictObject({ body: localised, at: instantOut }), z.null()])
      .meta({ description: 'In Markdown; null: none is published.' }),
  })
  .openapi('Incident');

export const maintenance = z
  .strictObject({
    id: z.string(),
    title: localised,
    kind: maintenanceKind,
    status: maintenanceStatus,
    from: instantOut,
    to: instantOut,
    createdAt: instantOut,
    updatedAt: instantOut,
    version,
    cancelledAt: instantOut.nullable(),
    componentIds: ids,
    announcements: z.array(
      z.strictObject({
        id: z.string(),
        body: localised,
        at: instantOut,
        from: instantOut,
        to: instantOut,
      }),
    ),
  })
  .openapi('Maintenance');

export const verdict = z
  .strictObject({
    componentId: z.string(),
    agreement: z.string(),
    clause: z.string().nullable(),
    verdict: z.enum(MAINTENANCE_VERDICTS),
    inTime: z.boolean(),
    lastValidAnnouncement: instantOut.nullable().meta({
      description: 'The last moment at which this window could have been announced in time.',
    }),
    nextWindow: z.strictObject({ from: instantOut, to: instantOut }).nullable().meta({
      description: 'The first window of this length that an announcement made now is in time for.',
    }),
    outsidePreferredSeconds: z.int(),
    term: localised.meta({ description: 'The rule in words.' }),
  })
  .openapi('NoticeVerdict', { description: 'What one agreement says of a maintenance.' });

export const announced = z
  .strictObject({ maintenance, verdicts: z.array(verdict) })
  .openapi('AnnouncedMaintenance');
export const previewed = z.strictObject({ verdicts: z.array(verdict) }).openapi('NoticeVerdicts');

export const page = z
  .strictObject({
    revision: z.int(),
    dataAsOf: instantOut.nullable().meta({
      description: 'Until when the probes certainly measured; null before the first check.',
    }),
    page: z.strictObject({
      id: z.string(),
      title: localised,
      description: localisedOrNull,
      url: z.url(),
      timezone: z.string(),
    }),
    organisation: z.strictObject({
      name: z.string(),
      website: z.string().nullable(),
      contact: z.string().nullable(),
    }),
    overall: z.enum(OVERALL_STATES),
    groups: z.array(
      z.strictObject({ id: z.string(), name: localised, components: z.array(component) }),
    ),
    openIncidents: z.array(incident),
    maintenances: z.array(maintenance),
    channels: z.strictObject({ email: z.boolean(), sms: z.boolean() }),
  })
  .openapi('Page');

export const pageName = z.strictObject({ id: z.string(), title: localised, url: z.url() });

const window = { from: instantIn, to: instantIn };

export const newMaintenance = z
  .strictObject({
    componentIds,
    ...window,
    kind: maintenanceKind.default('planned'),
    title: title.optional(),
    text: body,
    reason: reason.optional().meta({ description: 'Required for an emergency.' }),
  })
  .openapi('NewMaintenance');

export const askedMaintenance = z
  .strictObject({
    componentIds,
    ...window,
    kind: maintenanceKind.default('planned'),
  })
  .openapi('AskedMaintenance');

export const askedWindow = z.strictObject(window).openapi('AskedWindow');

export const newAnnouncement = z.strictObject({ ...window, text: body }).openapi('NewAnnouncement');
export const cancellation = z.strictObject({ text: body }).openapi('Cancellation');

export const reminders = z.array(z.enum(REMINDERS)).max(REMINDERS.length).meta({
  description: 'Of maintenance: a day and an hour before, at its start and at its end.',
});

/** A choice of reminders. */
export const reminderChoice = reminders.nullable().meta({
  description: 'Empty: none; null: a day before by e-mail, an hour before by text message.',
});

export const subscriber = z
  .strictObject({
    id: z.string(),
    channel: z.enum(CHANNELS),
    address: z.string(),
    language: z.enum(LANGUAGES),
    confirmed: z.boolean(),
    bounced: z.boolean().meta({ description: 'Mail to it comes back: it gets nothing more.' }),
    componentIds: ids.nullable().meta({ description: 'null: all, also those to come.' }),
    reminders,
    createdAt: instantOut,
  })
  .openapi('Subscriber');

export const newSubscriber = z
  .strictObject({
    channel: z.enum(CHANNELS),
    address: some.max(320),
    language: z.enum(LANGUAGES).optional(),
    componentIds: z.array(id).min(1).max(MOST_COMPONENTS).nullish(),
    reminders: reminderChoice.optional(),
  })
  .openapi('NewSubscriber');
