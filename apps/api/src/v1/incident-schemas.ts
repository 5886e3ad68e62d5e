import { z } from '@hono/zod-openapi';
import { IMPACTS } from '@upheld/domain/incident/incident.ts';
import { NATURES } from '@upheld/services/incident/changes.ts';
import {
  body,
  cause,
  componentIds,
  id,
  ids,
  incident,
  incidentStatus,
  instantIn,
  instantOut,
  localised,
  MOST_COMPONENTS,
  percent,
  reason,
  some,
  title,
} from './schemas.ts';

/** What is said of incidents, and what the desk shows of one. */

export const newIncident = z
  .strictObject({
    title,
    componentIds,
    body,
    impact: z.enum(IMPACTS).optional(),
    startedAt: instantIn.optional().meta({ description: 'By default now.' }),
    severity: id.optional().meta({
      description:
        'A level of the agreements of the components; with it the incident counts in their figures.',
    }),
  })
  .openapi('NewIncident');

export const newUpdate = z
  .strictObject({ status: incidentStatus, body })
  .openapi('NewIncidentUpdate');

const change = { componentId: id.optional(), effectiveFrom: instantIn.optional(), reason };

export const severityChange = z
  .strictObject({
    severity: id,
    agreement: id.optional(),
    nature: z.enum(NATURES).optional().meta({
      description:
        'development (the default): it got worse or better; correction: what was said before was wrong, by default from the start.',
    }),
    ...change,
  })
  .openapi('SeverityChange');

export const causeChange = z
  .strictObject({
    cause,
    evidence: some.max(10_000).optional().meta({
      description: 'What shows it: an address, words. Needed for every cause but internal.',
    }),
    ...change,
  })
  .openapi('CauseChange');

const duty = z
  .strictObject({
    agreement: z.string(),
    id: z.string(),
    does: localised,
    owes: z.enum(['rca-report', 'notice']).nullable(),
    to: z.string().nullable(),
    clause: z.string(),
    dueAt: instantOut.nullable().meta({ description: 'null: the agreement sets no term.' }),
    componentIds: ids,
  })
  .openapi('IncidentDuty', { description: 'What an agreement asks because of an incident.' });

/** An incident after a change, with what agreements ask of us because of it. */
export const changedIncident = z
  .strictObject({
    ...incident.shape,
    owed: z.array(duty),
  })
  .openapi('ChangedIncident');

export const incidentRecord = z
  .strictObject({
    incident,
    acknowledgedBy: z.string().nullable(),
    owed: z.array(duty),
    costs: z.array(
      z.strictObject({
        componentId: z.string(),
        agreement: z.string(),
        parts: z.array(
          z.strictObject({
            part: z.string(),
            countedSeconds: z.int().meta({ description: 'Down because of this incident alone.' }),
            leftSeconds: z.int().nullable().meta({ description: 'Of the budget of the period.' }),
            norm: z.string().nullable(),
            percent,
            verdict: z.enum(['met', 'missed', 'not-proven', 'no-norm', 'no-data']),
          }),
        ),
      }),
    ),
    outages: z.array(
      z.strictObject({
        id: z.string(),
        componentId: z.string(),
        monitorId: z.string().nullable().meta({ description: 'null: people said it.' }),
        state: z.string(),
        from: instantOut,
        to: instantOut.nullable(),
      }),
    ),
    timeline: z.array(
      z.strictObject({
        at: instantOut.meta({ description: 'When it held.' }),
        recordedAt: instantOut,
        by: z.string(),
        kind: z.enum(['update', 'severity', 'cause', 'check', 'postmortem', 'done']),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .openapi('IncidentRecord');

export const merge = z
  .strictObject({ intoId: id.meta({ description: 'The incident that goes on.' }), reason })
  .openapi('MergeIncident');

export const split = z
  .strictObject({
    componentIds: ids.max(MOST_COMPONENTS).optional().meta({ description: 'With their outages.' }),
    outageIds: ids.max(MOST_COMPONENTS).optional().meta({ description: 'Single outages.' }),
    title,
    body,
    impact: z.enum(IMPACTS).optional(),
    reason,
  })
  .openapi('SplitIncident');

const markdown = z.string().trim().max(50_000);
export const newPostmortem = z
  .strictObject({
    body: z.strictObject({ nl: markdown, en: markdown }).meta({ description: 'In Markdown.' }),
    published: z.boolean().optional().meta({
      description: 'By default false: customers see none, also not the one before.',
    }),
  })
  .openapi('NewPostmortem');
