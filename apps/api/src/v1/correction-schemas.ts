import { z } from '@hono/zod-openapi';
import { CORRECTION_KINDS } from '@upheld/domain/correction/correction.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import type { CorrectionView } from '@upheld/services/correction/correction-view.ts';
import type { Effect, OutageEffect } from '@upheld/services/correction/outage-effects.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import * as schemas from './schemas.ts';

/** Corrections as the API takes and gives them. */

const version = z.int().meta({ description: 'Grows with every correction; see If-Match.' });
const reason = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .meta({ description: 'Why. Everyone can read it beside the figure.' });
const evidence = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .meta({ description: 'What shows it: a link, the name of a document, words. Never public.' });

const saidShape = {
  outageId: schemas.id,
  kind: z.enum(CORRECTION_KINDS),
  cause: schemas.cause.optional().meta({ description: 'Of the kind cause: the right one.' }),
  severity: schemas.id
    .optional()
    .meta({ description: 'Of the kind severity: the right level of an agreement.' }),
  agreement: schemas.id
    .optional()
    .meta({ description: 'Whose level it is; needed where several agreements have it.' }),
  maintenanceId: schemas.id
    .optional()
    .meta({ description: 'Of the kind maintenance: the one that the outage was part of.' }),
};

export const newCorrection = z
  .strictObject({ ...saidShape, reason, evidence })
  .openapi('NewCorrection');
export const supposedCorrection = z.strictObject(saidShape).openapi('SupposedCorrection');
export const newWithdrawal = z.strictObject({ reason, evidence }).openapi('NewWithdrawal');

export const correction = z
  .strictObject({
    id: z.string(),
    outage: z.strictObject({
      id: z.string(),
      componentId: z.string(),
      incidentId: z.string(),
      incidentTitle: schemas.localised,
      startedAt: schemas.instantOut,
      endedAt: schemas.instantOut.nullable(),
      version,
    }),
    kind: z.enum(CORRECTION_KINDS),
    cause: schemas.cause.nullable(),
    agreement: z.string().nullable(),
    severity: z.string().nullable(),
    maintenance: z.union([z.strictObject({ id: z.string(), title: schemas.localised }), z.null()]),
    reason: z.string(),
    evidence: z.string(),
    recordedAt: schemas.instantOut,
    recordedBy: z.string(),
    standing: z
      .enum(['holds', 'replaced', 'withdrawn'])
      .meta({ description: 'replaced: a later one of the same outage and kind holds.' }),
    withdrawal: z.union([
      z.strictObject({
        at: schemas.instantOut,
        by: z.string(),
        reason: z.string(),
        evidence: z.string(),
      }),
      z.null(),
    ]),
  })
  .openapi('Correction');

// Its shape is fixed by the documentation of `upheld statement`; here it is only named.
const statement = z.custom<Statement>().openapi({ type: 'object' });

export const preview = z
  .strictObject({
    outage: z.strictObject({ id: z.string(), componentId: z.string(), version }),
    agreements: z.array(
      z.strictObject({
        agreement: z.strictObject({ id: z.string(), name: z.string(), reference: z.string() }),
        periods: z.array(
          z.strictObject({
            period: z.string().meta({ description: 'In one word, as the figures take it.' }),
            kind: z.string(),
            closed: z.boolean().meta({ description: 'Whether it is over.' }),
            revision: z.int().nullable().meta({
              description: 'The revision that it gets, where it is closed and its facts change.',
            }),
            before: statement,
            after: statement,
            changes: z.boolean(),
          }),
        ),
      }),
    ),
  })
  .openapi('CorrectionPreview', {
    description: 'The statements before and after, of every agreement and period that it touches.',
  });

const effect = z.strictObject({
  severity: z.union([z.string(), z.array(z.strictObject({ from: z.string(), level: z.string() }))]),
  cause: schemas.cause,
  seconds: z
    .record(z.string(), z.int())
    .meta({ description: 'By kind of time, where it has any.' }),
});

export const outage = z
  .strictObject({
    id: z.string(),
    incident: z.strictObject({ id: z.string(), title: schemas.localised }),
    startedAt: schemas.instantOut,
    endedAt: schemas.instantOut.nullable(),
    detected: z.boolean().meta({ description: 'Whether checks found it, and not people.' }),
    recorded: effect,
    corrected: z.union([effect, z.null()]).meta({ description: 'null: a false alarm.' }),
  })
  .openapi('Outage', { description: 'An outage, and what it does to the figure of a period.' });

export function correctionOut(view: CorrectionView): z.infer<typeof correction> {
  return {
    ...view,
    outage: {
      ...view.outage,
      startedAt: isoInstant(view.outage.startedAt),
      endedAt: isoInstantOrNull(view.outage.endedAt),
    },
    recordedAt: isoInstant(view.recordedAt),
    withdrawal: view.withdrawal && { ...view.withdrawal, at: isoInstant(view.withdrawal.at) },
  };
}

export function outageOut(view: OutageEffect): z.infer<typeof outage> {
  return {
    ...view,
    startedAt: isoInstant(view.startedAt),
    endedAt: isoInstantOrNull(view.endedAt),
    recorded: effectOut(view.recorded),
    corrected: view.corrected && effectOut(view.corrected),
  };
}

function effectOut({ severity, cause, seconds }: Effect): z.infer<typeof effect> {
  return { severity, cause, seconds: { ...seconds } };
}
