import { z } from '@hono/zod-openapi';
import { PERIOD_KINDS } from '@upheld/domain/sla/facts.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import {
  VERSION_STANDINGS,
  type AgreementSummary,
  type AgreementVersionView,
  type AgreementView,
} from '@upheld/services/agreement/agreement-view.ts';
import type { VersionPreview } from '@upheld/services/agreement/preview-version.ts';
import { isoInstant, isoInstantOrNull } from '../http/instants.ts';
import * as schemas from './schemas.ts';

/** Agreements and their versions as the API takes and gives them. */

const LONGEST_SOURCE = 50_000;
const day = z.string().meta({ description: 'YYYY-MM-DD in the zone of the agreement.' });
const source = z.string().trim().min(1).max(LONGEST_SOURCE).meta({
  description: 'One item of `versions` as YAML: label, validFrom and replaces.',
  example: "label: '2027'\nvalidFrom: 2027-01-01\nreplaces:\n  availability.parts.all.norm: '99.9'",
});
const version = z
  .int()
  .meta({ description: 'Grows with every version adopted or withdrawn; see If-Match.' });

export const dayOn = z
  .string()
  .optional()
  .meta({ description: 'The day whose rules to tell; by default today.', example: '2027-01-01' });

export const supposedVersion = z.strictObject({ source }).openapi('SupposedVersion');
export const newVersion = z.strictObject({ source, reason: schemas.reason }).openapi('NewVersion');
export const newVersionWithdrawal = z
  .strictObject({ reason: schemas.reason })
  .openapi('NewVersionWithdrawal');

const agreementVersion = z
  .strictObject({
    id: z.string().nullable().meta({ description: 'null: it stands in the file.' }),
    label: z.string(),
    validFrom: day.nullable(),
    begins: schemas.instantOut.nullable(),
    source: z.string().nullable().meta({ description: 'The document of the version.' }),
    standing: z.enum(VERSION_STANDINGS).meta({
      description: 'left-out: the file does not bear it, and it judges nothing.',
    }),
    why: z.string().nullable().meta({ description: 'Of one that is left out.' }),
    adopted: z.union([
      z.strictObject({
        at: schemas.instantOut,
        by: z.string(),
        reason: z.string(),
        written: z.string().meta({ description: 'As YAML.' }),
        withdrawal: z.union([
          z.strictObject({ at: schemas.instantOut, by: z.string(), reason: z.string() }),
          z.null(),
        ]),
      }),
      z.null(),
    ]),
  })
  .openapi('AgreementVersion');

const localisedOrNull = z.union([schemas.localised, z.null()]);
const summaryShape = {
  reference: z.string().meta({ description: 'The name to ask for it by.' }),
  id: z.string(),
  name: z.string(),
  source: z.string().meta({ description: 'The document that it puts into data.' }),
  zone: z.string(),
  version,
  inForce: z.strictObject({ label: z.string(), validFrom: day.nullable() }),
  versions: z.array(agreementVersion).meta({ description: 'The oldest first.' }),
  covers: z.array(
    z.strictObject({
      component: z.strictObject({ id: z.string(), name: schemas.localised }),
      as: z.string().nullable().meta({ description: 'What the agreement calls it.' }),
      contractYear: z.union([
        z.strictObject({ period: z.string(), from: schemas.instantOut }),
        z.null(),
      ]),
    }),
  ),
  targets: z.array(z.strictObject({ part: z.string(), norm: z.string().nullable() })),
  defaultPeriod: z.enum(PERIOD_KINDS),
  readings: z.array(
    z.strictObject({
      id: z.string(),
      question: schemas.localised,
      clause: z.string(),
      options: z.array(z.strictObject({ option: z.string(), means: localisedOrNull })),
      chosen: z.string(),
    }),
  ),
};

export const agreementSummary = z.strictObject(summaryShape).openapi('AgreementSummary');

export const agreement = z
  .strictObject({
    ...summaryShape,
    changes: z.string().nullable().meta({ description: 'How changes are made known.' }),
    told: z
      .strictObject({ label: z.string(), validFrom: day.nullable() })
      .meta({ description: 'The version whose rules these are.' }),
    sections: z
      .array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          rules: z.array(
            z.strictObject({
              path: z.string(),
              what: z.string(),
              says: z.string(),
              clause: z.string().nullable(),
              strength: z.enum(['effort', 'right']).nullable(),
              note: z.string().nullable(),
            }),
          ),
        }),
      )
      .meta({ description: 'What that version says, in English.' }),
  })
  .openapi('Agreement');

// Its shape is fixed by the documentation of `upheld statement`; here it is only named.
const statement = z.custom<Statement>().openapi({ type: 'object' });

export const versionPreview = z
  .strictObject({
    agreement: z.strictObject({ reference: z.string(), name: z.string(), zone: z.string() }),
    version,
    label: z.string(),
    validFrom: day,
    begins: schemas.instantOut,
    changes: z.array(
      z.strictObject({
        path: z.string(),
        what: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        clause: z.string().nullable(),
      }),
    ),
    components: z.array(
      z.strictObject({
        component: z.strictObject({ id: z.string(), name: schemas.localised }),
        period: z.string(),
        before: statement,
        after: statement,
        verdicts: z.int().meta({ description: 'How many verdicts differ.' }),
      }),
    ),
  })
  .openapi('VersionPreview', {
    description:
      'What a version says otherwise, and the last twelve months as they would have been under it.',
  });

function versionOut(view: AgreementVersionView): z.infer<typeof agreementVersion> {
  const { adopted } = view;
  return {
    ...view,
    begins: isoInstantOrNull(view.begins),
    adopted: adopted && {
      ...adopted,
      at: isoInstant(adopted.at),
      withdrawal: adopted.withdrawal && {
        ...adopted.withdrawal,
        at: isoInstant(adopted.withdrawal.at),
      },
    },
  };
}

export function summaryOut(view: AgreementSummary): z.infer<typeof agreementSummary> {
  return {
    ...view,
    versions: view.versions.map(versionOut),
    covers: view.covers.map((one) => ({
      ...one,
      contractYear: one.contractYear && {
        ...one.contractYear,
        from: isoInstant(one.contractYear.from),
      },
    })),
    targets: [...view.targets],
    readings: view.readings.map((one) => ({ ...one, options: [...one.options] })),
  };
}

export function agreementOut(view: AgreementView): z.infer<typeof agreement> {
  const { changes, told, sections } = view;
  const rules = sections.map((one) => ({ ...one, rules: [...one.rules] }));
  return { ...summaryOut(view), changes, told, sections: rules };
}

export function versionPreviewOut(view: VersionPreview): z.infer<typeof versionPreview> {
  return {
    ...view,
    begins: isoInstant(view.begins),
    changes: [...view.changes],
    components: [...view.components],
  };
}
