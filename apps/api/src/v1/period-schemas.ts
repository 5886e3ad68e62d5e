import { z } from '@hono/zod-openapi';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import type { Periods } from '@upheld/services/period/list-periods.ts';
import type { RevisionView } from '@upheld/services/period/period-view.ts';
import type { PeriodPreview } from '@upheld/services/period/preview-period.ts';
import { isoInstant } from '../http/instants.ts';
import * as schemas from './schemas.ts';

/** Closed periods as the API takes and gives them. */

const period = z.string().min(1).max(80).meta({
  example: '2026-10',
  description:
    'In one word: a month (2026-10), a year (2026) or a contract year (contract-year:2024-03-01:2).',
});
const revision = z.int().min(1).meta({ description: '1 when it was closed, one more each time.' });
const hash = z.string().meta({ description: 'SHA-256 of the document, in hexadecimal.' });
const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'is no fingerprint; take the one that the preview gives')
  .optional()
  .meta({ description: 'Of the preview: refused unless what is frozen is what was seen.' });

export const periodAsked = z
  .strictObject({
    componentId: schemas.id,
    agreement: schemas.id
      .optional()
      .meta({ description: 'One of its agreements; by default the leading one.' }),
    period,
  })
  .openapi('PeriodAsked');
export const newClosing = periodAsked.extend({ fingerprint }).openapi('NewClosing');
export const newRevision = newClosing
  .extend({
    reason: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .meta({ description: 'Why. Everyone can read it beside the figure.' }),
    expectedRevision: revision
      .optional()
      .meta({ description: 'The revision that you have read; refused when there is a later one.' }),
  })
  .openapi('NewRevision');

const publicShape = {
  revision,
  hash,
  closedAt: schemas.instantOut,
  reason: z.string().nullable().meta({ description: 'Why there is one after the first.' }),
  correctionId: z.string().nullable().meta({ description: 'The correction that made it.' }),
};

/** What everyone may know: by whom it was closed is not part of it. */
export const publicPeriod = z
  .strictObject({
    agreement: z.string(),
    period: z.string(),
    from: schemas.instantOut,
    to: schemas.instantOut,
    revisions: z
      .array(z.strictObject({ ...publicShape, document: z.string() }))
      .meta({ description: 'The first one first; the last is the one that is published.' }),
  })
  .openapi('PublicClosedPeriod');

export const revisionOutSchema = z
  .strictObject({
    id: z.string(),
    componentId: z.string(),
    agreement: z.string(),
    period: z.string(),
    from: schemas.instantOut,
    to: schemas.instantOut,
    ...publicShape,
    closedBy: z.string(),
  })
  .openapi('PeriodRevision');

const component = z.strictObject({ id: z.string(), name: schemas.localised });
const agreement = z.strictObject({ reference: z.string(), name: z.string() });

export const periods = z
  .strictObject({
    open: z
      .array(
        z.strictObject({
          component,
          agreement,
          period: z.string(),
          kind: z.string(),
          from: schemas.instantOut,
          to: schemas.instantOut,
        }),
      )
      .meta({ description: 'Over, and not closed; the last to end first.' }),
    closed: z.array(
      z.strictObject({
        component,
        current: revisionOutSchema,
        changedSince: z.boolean().nullable().meta({
          description:
            'Whether what is recorded now would give another statement; null where the configuration no longer knows its component or agreement.',
        }),
      }),
    ),
  })
  .openapi('Periods');

// Its shape is fixed by the documentation of `upheld statement`; here it is only named.
const statement = z.custom<Statement>().openapi({ type: 'object' });

export const periodPreview = z
  .strictObject({
    component,
    agreement,
    period: z.string(),
    from: schemas.instantOut,
    to: schemas.instantOut,
    current: z.union([revisionOutSchema.extend({ statement }), z.null()]),
    statement,
    unmeasuredSeconds: z.int(),
    fingerprint: z.string(),
    differs: z
      .boolean()
      .meta({ description: 'From what is published now; true while it is open.' }),
    unfinished: z
      .strictObject({
        outages: z.array(
          z.strictObject({
            id: z.string(),
            incidentId: z.string(),
            title: schemas.localised,
            startedAt: schemas.instantOut,
          }),
        ),
        tickets: z.array(
          z.strictObject({
            id: z.string(),
            number: z.int(),
            title: z.string(),
            reportedAt: schemas.instantOut,
          }),
        ),
      })
      .meta({
        description: 'What goes on and touches the period: it can still change the figure.',
      }),
  })
  .openapi('PeriodPreview');

export function revisionOut(view: RevisionView): z.infer<typeof revisionOutSchema> {
  return {
    ...view,
    from: isoInstant(view.from),
    to: isoInstant(view.to),
    closedAt: isoInstant(view.closedAt),
  };
}

/** Where everyone finds the document of a revision. */
export function documentPath({ componentId, ...of }: RevisionView): string {
  const [agreed, word] = [of.agreement, of.period].map(encodeURIComponent);
  return `/api/v1/components/${encodeURIComponent(componentId)}/periods/${agreed}/${word}/revisions/${of.revision}`;
}

/** A period by all its revisions, of which there is at least one. */
export function publicPeriodOut(
  revisions: readonly RevisionView[],
): z.infer<typeof publicPeriod>[] {
  const [first] = revisions;
  if (!first) return [];
  return [
    {
      agreement: first.agreement,
      period: first.period,
      from: isoInstant(first.from),
      to: isoInstant(first.to),
      revisions: revisions.map((one) => ({
        revision: one.revision,
        hash: one.hash,
        closedAt: isoInstant(one.closedAt),
        reason: one.reason,
        correctionId: one.correctionId,
        document: documentPath(one),
      })),
    },
  ];
}

export function periodsOut({ open, closed }: Periods): z.infer<typeof periods> {
  return {
    open: open.map((one) => ({ ...one, from: isoInstant(one.from), to: isoInstant(one.to) })),
    closed: closed.map((one) => ({ ...one, current: revisionOut(one.current) })),
  };
}

export function previewOut(seen: PeriodPreview): z.infer<typeof periodPreview> {
  const { outages, tickets } = seen.unfinished;
  return {
    ...seen,
    from: isoInstant(seen.from),
    to: isoInstant(seen.to),
    current: seen.current && { ...seen.current, ...revisionOut(seen.current) },
    unfinished: {
      outages: outages.map((one) => ({ ...one, startedAt: isoInstant(one.startedAt) })),
      tickets: tickets.map((one) => ({ ...one, reportedAt: isoInstant(one.reportedAt) })),
    },
  };
}
